"""The people of the desk's tests serve here too."""

from tests.cases.conftest import own, person

__all__ = ["own", "person"]
