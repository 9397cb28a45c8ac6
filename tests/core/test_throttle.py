"""A flood at an open door is counted in rows, by place, and costs no more rows past its limit."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import func, select, update

from clinic.core import periodic, throttle
from clinic.core.clock import now
from clinic.core.db import db, transaction
from clinic.core.models import FloodCount

DOOR = throttle.Door("tests", most=3, window=timedelta(hours=1))


def rows() -> int:
    """How many counts are kept."""
    return db.session.scalar(select(func.count()).select_from(FloodCount)) or 0


def test_each_place_has_its_own_count_and_nothing_is_written_past_the_limit(app: Flask) -> None:
    assert [throttle.within(DOOR, "203.0.113.9") for _ in range(5)] == [True, True, True, False, False]
    assert throttle.within(DOOR, "203.0.113.10")
    assert rows() == 2
    assert db.session.scalar(select(func.max(FloodCount.count))) == 3


def test_a_new_window_begins_anew(app: Flask) -> None:
    assert [throttle.within(DOOR, "203.0.113.9") for _ in range(4)] == [True, True, True, False]
    with transaction() as session:
        session.execute(update(FloodCount).values(window_at=datetime.now(UTC) - timedelta(hours=2)))
    assert [throttle.within(DOOR, "203.0.113.9") for _ in range(4)] == [True, True, True, False]


def test_the_address_itself_is_not_kept_and_a_day_later_nothing_is(app: Flask) -> None:
    throttle.within(DOOR, "203.0.113.9")
    assert b"203.0.113.9" not in db.session.scalars(select(FloodCount.place)).one()
    with transaction() as session:
        session.execute(update(FloodCount).values(window_at=datetime.now(UTC) - timedelta(days=2)))
    assert periodic.jobs["core.forget_floods"].run(now) == 1
    assert rows() == 0
