"""The person of the aftercare tests goes through the canary test too."""

from tests.aftercare.conftest import discharged, person

__all__ = ["discharged", "person"]
