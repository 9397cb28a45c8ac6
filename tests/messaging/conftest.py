"""An engine with short settle times, a real provider, people with phones, and a subject of the tests' own."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from clinic.core import actor
from clinic.core.db import db, transaction
from clinic.messaging import services as messaging
from clinic.messaging.models import Attempt, Message
from clinic.messaging.registry import Decision, Verdict, sources
from clinic.messaging.rules.states import State
from clinic.patients import queries as patients_queries
from clinic.patients import services as patients
from clinic.patients.rules import CONSENT_WORDS, ConsentGiven, MessageKind, Source
from tests.conftest import MovedClock
from tests.messaging.provider import Provider

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)  # 12:00 in New York, inside everybody's hours
KIND = "subject_of_tests"


class Subjects:
    """What upper rooms are to the engine: says whether a message may go, and remembers what it was told."""

    def __init__(self) -> None:
        self.decision = Decision(Verdict.SEND, consent_kind=MessageKind.CHECK_INS.value)
        self.told: list[tuple[UUID, str, str | None]] = []
        self.error: Exception | None = None

    def may_send(self, subject_ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, Decision]:
        """As the test decided."""
        if self.error:
            raise self.error
        return dict.fromkeys(subject_ids, self.decision)

    def settled(
        self, subject_id: UUID, *, purpose: str, state: State, reason: str | None, now: datetime
    ) -> None:
        """Remembered."""
        self.told.append((subject_id, state.value, reason))


@pytest.fixture
def env(env: Mapping[str, str], provider: Provider) -> Mapping[str, str]:
    """The usual environment with this provider; a lost answer is looked up at once."""
    return {**env, "CLINIC_SMS_URL": provider.url, "CLINIC_SETTLE_LOOK_UP_AFTER_SECONDS": "0.1"}


@pytest.fixture
def subjects(app: Flask) -> Iterator[Subjects]:
    """The source of the tests' own kind of subject."""
    here = Subjects()
    sources[KIND] = here
    yield here
    del sources[KIND]


@contextmanager
def acting_as_coordinator(user_id: UUID, site_id: UUID) -> Iterator[None]:
    """Who may record a consent."""
    who = actor.Actor(actor.ActorKind.USER, user_id, "C", "coordinator", site_id, (user_id, site_id))
    with actor.acting(who):
        yield


Agreed = Callable[..., UUID]


@pytest.fixture
def agreed(clock: MovedClock, patient: Callable[..., UUID], staff: Callable[..., UUID], site: UUID) -> Agreed:
    """Registers a patient who agreed to texts on a number, at noon in New York."""
    clock.set(NOON)
    coordinator = staff("coordinator")

    def register(
        number: str = "+12025550143",
        *,
        safe: tuple[time, time] = (time(9), time(20)),
        may_use_first_name: bool = True,
        **facts: object,
    ) -> UUID:
        patient_id = patient(phone=number, **facts)
        [point] = patients_queries.contact_points(patient_id)
        given = ConsentGiven(
            contact_point_id=point.id,
            kinds=frozenset({MessageKind.CHECK_INS}),
            safe_from=safe[0],
            safe_until=safe[1],
            may_use_first_name=may_use_first_name,
            source=Source.IN_PERSON,
            words=CONSENT_WORDS,
        )
        with acting_as_coordinator(coordinator, site):
            patients.record_consent(patient_id, given, at=clock.now())
        return patient_id

    return register


Owe = Callable[..., UUID]


@pytest.fixture
def owe(subjects: Subjects) -> Owe:
    """Puts a message to a patient into the outbox, due at noon for four hours."""

    def put(patient_id: UUID, *, due: datetime = NOON, hours: float = 4, **more: object) -> UUID:
        facts = {
            "subject_id": uuid4(),
            "purpose": "invite",
            "template": "check_in_invite",
            "fill_ins": {},
            "with_link": True,
            **more,
        }
        with transaction():
            return messaging.schedule(
                KIND,
                patient_id=patient_id,
                not_before=due,
                expires_at=due + timedelta(hours=hours),
                at=due,
                **facts,  # type: ignore[arg-type]
            )

    return put


def stored(message_id: UUID) -> Message:
    """The message as the database has it now."""
    db.session.rollback()
    return db.session.scalars(
        select(Message).where(Message.id == message_id).execution_options(populate_existing=True)
    ).one()


def state(message_id: UUID) -> tuple[str, str | None]:
    """Its state and reason."""
    message = stored(message_id)
    return message.state.value, message.reason


def attempts(message_id: UUID) -> list[Attempt]:
    """Its attempts, first to last."""
    db.session.rollback()
    wanted = select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.n)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))
