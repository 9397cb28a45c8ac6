"""STOP and agreement at one moment: every event has its place, and the last one holds."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import partial
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from clinic.core import actor, clock
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import db
from clinic.patients import queries, services
from clinic.patients.models import ConsentEvent
from clinic.patients.queries import Permission
from clinic.patients.rules import (
    CONSENT_WORDS,
    Channel,
    ConsentEventKind,
    ConsentGiven,
    MessageKind,
    Source,
)
from tests.conftest import Staff
from tests.race import race

NUMBER = "+12025550143"


def agree(who: Actor, patient_id: UUID, point_id: UUID, at: datetime) -> None:
    """A member of staff records agreement."""
    given = ConsentGiven(
        contact_point_id=point_id,
        kinds=frozenset({MessageKind.CHECK_INS}),
        safe_from=time(9),
        safe_until=time(20),
        may_use_first_name=False,
        source=Source.IN_PERSON,
        words=CONSENT_WORDS,
    )
    with actor.acting(who):
        services.record_consent(patient_id, given, at=at)


def stop(at: datetime) -> None:
    """STOP comes in by text."""
    services.opt_out(NUMBER, Channel.SMS, Source.TEXT, at=at)


def test_stop_and_agreement_at_one_moment(
    env: Mapping[str, str], site: UUID, staff: Staff, patient: Callable[..., UUID]
) -> None:
    owen, desk = patient(phone=NUMBER), staff("desk")
    who = Actor(ActorKind.USER, desk, "desk", "desk", site, (desk, site))
    (point,) = queries.contact_points(owen)
    now = clock.now()
    acts = [*[partial(agree, who, owen, point.id, now)] * 5, *[partial(stop, now)] * 5]
    assert race(env, acts) == ["done"] * 10
    db.session.rollback()
    kept = db.session.execute(
        select(ConsentEvent.position, ConsentEvent.event).order_by(ConsentEvent.position)
    ).all()
    assert [row.position for row in kept] == list(range(1, len(kept) + 1))
    told = [row.event for row in kept]
    assert told.count(ConsentEventKind.OPT_IN) == 5
    pairs = pairwise(told)
    assert (ConsentEventKind.OPT_OUT,) * 2 not in pairs  # a second STOP finds the first
    allowed = isinstance(queries.permission(owen, Channel.SMS), Permission)
    assert allowed == (told[-1] is ConsentEventKind.OPT_IN)
