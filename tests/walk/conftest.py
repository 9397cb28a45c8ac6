"""A running house and people with browsers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import ENV
from tests.walk import house as houses
from tests.walk.people import Person, arrive


@pytest.fixture
def house(empty: Callable[[], str], tmp_path: Path) -> Iterator[houses.House]:
    """The whole clinic as processes on a fresh database made by the migrations."""
    built = houses.build({**ENV, "CLINIC_SETTLE_RING_SECONDS": "2", "DATABASE_URL": empty()}, tmp_path)
    try:
        built.start()
        yield built
    finally:
        built.end()


@pytest.fixture
def people(
    browser: Browser, house: houses.House, tmp_path: Path, engine_name: str
) -> Iterator[Callable[..., Person]]:
    """Lets somebody arrive: `people()` at a desk, `people(phone=True)`; in the end nobody complains."""
    pictures = Path(os.environ.get("CLINIC_TEST_PICTURES", tmp_path)) / engine_name
    pictures.mkdir(parents=True, exist_ok=True)
    came: list[Person] = []

    def come(*, phone: bool = False) -> Person:
        came.append(arrive(browser, house, pictures, phone=phone))
        return came[-1]

    yield come
    complaints = [complaint for person in came for complaint in person.complaints]
    for person in came:
        person.page.context.close()
    assert complaints == []
