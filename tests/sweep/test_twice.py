"""A double click on any button of the product does one thing and leads to the first result."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clinic.core import clock
from tests.conftest import ENV, opened
from tests.sweep.twice import WITHOUT_KEY, expected, found
from tests.sweep.walk import Walk, rows
from tests.sweep.world import build


@pytest.fixture
def walk(demo_template: Callable[[], str], tmp_path: Path) -> Iterator[Walk]:
    """A world of its own: here every form acts."""
    env = {**ENV, "DATABASE_URL": demo_template(), "CLINIC_STATE_FOLDER": str(tmp_path)}
    with opened(env) as app:
        yield Walk(build(app, clock.now()))


def test_every_form_carries_its_key_and_a_double_click_does_one_thing(walk: Walk) -> None:
    wrong, seen = [], set()
    for one in found(walk):
        seen.add(one.endpoint)
        if one.endpoint in WITHOUT_KEY:
            continue
        first = one.browser.post(one.form.action, data=one.form.sent)
        after_first = rows()
        second = one.browser.post(one.form.action, data=one.form.sent)
        if (
            not one.form.sent.get("form_id")
            or (first.status_code, second.status_code) != (303, 303)
            or first.location != second.location
            or rows() != after_first
        ):
            wrong.append((one.endpoint, first.status_code, second.status_code, second.location))
    assert not wrong, "\n".join(map(str, wrong))
    assert seen | set(WITHOUT_KEY) == expected(walk)
