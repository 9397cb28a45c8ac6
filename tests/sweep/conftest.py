"""One world for a file of the sweep; the person of the aftercare tests goes through the canary test too."""

from collections.abc import Callable, Iterator

import pytest

from clinic.core import clock
from tests.aftercare.conftest import discharged, person
from tests.conftest import ENV, opened
from tests.sweep.walk import Walk
from tests.sweep.world import build

__all__ = ["discharged", "person"]


@pytest.fixture(scope="module")
def walk(demo_template: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """One world for all of a file: what uses it changes no record."""
    state = str(tmp_path_factory.mktemp("state"))
    env = {**ENV, "DATABASE_URL": demo_template(), "CLINIC_STATE_FOLDER": state}
    with opened(env) as app:
        yield Walk(build(app, clock.now()))
