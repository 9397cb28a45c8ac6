"""Ten real processes at one moment, one winner."""

from collections.abc import Mapping
from functools import partial

from sqlalchemy import func, select

from clinic.aftercare.models import CheckIn, CheckInAnswer, Discharge
from clinic.aftercare.rules.questions import PageCode
from clinic.aftercare.rules.terms import Via
from clinic.aftercare.services import plans, silence
from clinic.aftercare.services.answers import record_answer
from clinic.core.db import db
from clinic.worklist.models import WorkItem
from tests.aftercare.conftest import Person, check_in_of
from tests.conftest import MovedClock
from tests.race import race


def test_of_ten_answers_to_one_page_one_is_kept(
    discharged: Person, clock: MovedClock, env: Mapping[str, str]
) -> None:
    clock.advance(hours=19, minutes=5)
    check_in = check_in_of(discharged)
    acts = [
        partial(record_answer, check_in.id, PageCode.TODAY, str(n), seen=0, via=Via.LINK, at=clock.now())
        for n in range(10)
    ]
    db.session.rollback()
    assert race(env, acts) == ["AlreadyAnswered"] * 9 + ["done"]
    assert db.session.scalar(select(func.count()).select_from(CheckInAnswer)) == 1
    kept = check_in_of(discharged)
    assert kept.outcome == "answered"
    risk = select(func.count()).where(WorkItem.kind == "aftercare.risk")
    assert db.session.scalar(risk) in (0, 1)  # the kept answer may be a low one


def test_ten_closings_and_layings_out_make_each_thing_once(
    discharged: Person, clock: MovedClock, env: Mapping[str, str]
) -> None:
    clock.advance(days=2)
    plan_id = check_in_of(discharged).plan_id
    db.session.rollback()
    acts = [partial(silence.close_due, clock.now()) for _ in range(5)]
    acts += [partial(plans.materialise, plan_id, now=clock.now()) for _ in range(5)]
    assert race(env, acts) == ["done"] * 10
    days = db.session.scalars(select(CheckIn.day).order_by(CheckIn.day)).all()
    assert days == [*range(1, 15), 16]
    closed = select(func.count()).where(CheckIn.outcome.is_not(None))
    assert db.session.scalar(closed) == 1
    assert db.session.scalar(select(func.count()).where(WorkItem.kind == "aftercare.not_reached")) == 1
    assert db.session.scalar(select(func.count()).select_from(Discharge)) == 1
