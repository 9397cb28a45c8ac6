"""Reminders: one for each planned time, none after a cancellation; digits answer, a failed one is work."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from clinic.core import periodic
from clinic.core.actor import Actor
from clinic.core.db import db, transaction
from clinic.messaging.models import Message
from clinic.messaging.registry import InboundText, Verdict
from clinic.messaging.rules.states import State as MessageState
from clinic.scheduling import queries, services
from clinic.scheduling.handlers import SOURCES, digits
from clinic.scheduling.models import SessionReminder
from clinic.scheduling.rules import CancelReason, Reply
from clinic.worklist.models import WorkItem
from tests.conftest import MovedClock

SOURCE = SOURCES["session_reminder"]


@pytest.fixture
def book(acting: Actor, site: UUID, clock: MovedClock) -> Callable[..., UUID]:
    """Books a session of a patient with the therapist, without a room."""

    def at(patient_id: UUID, on: date = date(2026, 11, 25), hour: int = 14) -> UUID:
        assert acting.id is not None
        return services.book_individual(
            patient_id, services.Plan(on, time(hour), 50, None), kind="individual", therapist_id=acting.id,
            site_id=site, at=clock.now(),
        )  # fmt: skip

    return at


def _reminders() -> list[SessionReminder]:
    db.session.expire_all()
    return list(db.session.scalars(select(SessionReminder).order_by(SessionReminder.due_at)))


def _messages() -> list[Message]:
    db.session.expire_all()
    return list(db.session.scalars(select(Message).order_by(Message.made_at, Message.id)))


def _accept(message: Message) -> None:
    with transaction() as session:
        row = session.get_one(Message, message.id)
        row.state, row.accepted_at = MessageState.ACCEPTED, row.not_before


def test_booking_owes_one_text_the_day_before(
    book: Callable[..., UUID], own_patient: Callable[..., UUID]
) -> None:
    book(own_patient())
    [reminder], [message] = _reminders(), _messages()
    ten = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    assert (reminder.due_at, message.not_before) == (ten, ten)
    assert message.expires_at == datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
    assert (message.subject_kind, message.subject_id) == ("session_reminder", reminder.id)
    assert message.fill_ins == {"day": "Wed Nov 25", "time": "14:00"}


def test_time_is_named_with_its_zone_for_who_lives_in_another(
    book: Callable[..., UUID], own_patient: Callable[..., UUID]
) -> None:
    book(own_patient(zone="America/Los_Angeles"))
    [message] = _messages()
    assert message.fill_ins["time"] == "14:00 EST"
    assert message.not_before == datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


def test_laying_out_again_changes_nothing(
    book: Callable[..., UUID], own_patient: Callable[..., UUID], clock: MovedClock
) -> None:
    book(own_patient())
    periodic.run("scheduling.reminders", clock.now)
    periodic.run("scheduling.reminders", clock.now)
    assert len(_messages()) == 1


def test_far_sessions_are_laid_out_when_they_come_near(
    book: Callable[..., UUID], own_patient: Callable[..., UUID], clock: MovedClock
) -> None:
    book(own_patient(), date(2026, 12, 23))
    assert _reminders() == []
    clock.advance(days=20)
    periodic.run("scheduling.reminders", clock.now)
    assert [reminder.due_at.date() for reminder in _reminders()] == [date(2026, 12, 22)]


def test_booked_with_less_than_four_hours_to_go_there_is_none(
    book: Callable[..., UUID], own_patient: Callable[..., UUID]
) -> None:
    book(own_patient(), date(2026, 11, 23), 12)
    assert _reminders() == []


def test_cancelled_session_withholds_it(
    book: Callable[..., UUID], own_patient: Callable[..., UUID], clock: MovedClock
) -> None:
    session_id = book(own_patient())
    services.cancel_session(session_id, CancelReason.PATIENT_ASKED, version=1, at=clock.now())
    [reminder], [message] = _reminders(), _messages()
    assert (message.state, message.reason) == (MessageState.CANCELLED, "session_cancelled")
    decision = SOURCE.may_send([reminder.id], now=clock.now())[reminder.id]
    assert decision.verdict is Verdict.WITHHOLD
    clock.advance(days=2)
    assert [(due.outcome, due.reason) for due in queries.reminders_due(clock.now())] == [
        ("withheld", "session_cancelled")
    ]


def test_moved_session_withholds_the_old_and_owes_a_new_one(
    book: Callable[..., UUID], own_patient: Callable[..., UUID], clock: MovedClock
) -> None:
    session_id = book(own_patient())
    plan = services.Plan(date(2026, 11, 26), time(9), 50, None)
    services.move_session(session_id, plan, version=1, at=clock.now())
    old, new = _reminders()
    assert (old.withheld_reason, new.withheld_reason) == ("session_moved", None)
    assert (old.session_version, new.session_version) == (1, 2)
    assert sorted(message.state for message in _messages()) == [
        MessageState.CANCELLED,
        MessageState.SCHEDULED,
    ]


def test_source_sends_only_what_was_agreed(
    book: Callable[..., UUID], own_patient: Callable[..., UUID], clock: MovedClock
) -> None:
    book(own_patient())
    [reminder] = _reminders()
    decision = SOURCE.may_send([reminder.id], now=clock.now())[reminder.id]
    assert (decision.verdict, decision.consent_kind) == (Verdict.SEND, "appointments")


def _text(patient_id: UUID, number: int, at: datetime) -> InboundText:
    return InboundText(uuid4(), "+12025550143", (patient_id,), str(number), number, at)


def test_one_confirms(book: Callable[..., UUID], own_patient: Callable[..., UUID], clock: MovedClock) -> None:
    patient_id = own_patient()
    book(patient_id)
    _accept(_messages()[0])
    assert queries.open_reminders(patient_id, now=clock.now()) == 1
    assert digits(_text(patient_id, 1, clock.now()))
    assert _reminders()[0].reply is Reply.CONFIRM
    assert queries.open_reminders(patient_id, now=clock.now()) == 0
    assert not digits(_text(patient_id, 2, clock.now()))  # answered: a person reads it


def test_two_is_work_for_a_person(
    book: Callable[..., UUID], own_patient: Callable[..., UUID], clock: MovedClock, acting: Actor
) -> None:
    patient_id = own_patient()
    book(patient_id)
    _accept(_messages()[0])
    assert digits(_text(patient_id, 2, clock.now()))
    work = db.session.scalars(select(WorkItem).where(WorkItem.kind == "scheduling.change_asked")).one()
    assert work.owner_id == acting.id
    assert work.reason == "Asked by text to change the appointment of Wed Nov 25, 14:00"


def test_other_texts_are_not_ours(
    book: Callable[..., UUID], own_patient: Callable[..., UUID], clock: MovedClock
) -> None:
    patient_id = own_patient()
    assert not digits(_text(patient_id, 1, clock.now()))  # nothing was asked
    book(patient_id)
    assert not digits(_text(patient_id, 1, clock.now()))  # not sent yet
    _accept(_messages()[0])
    assert not digits(_text(patient_id, 3, clock.now()))
    book(patient_id, date(2026, 11, 26))
    _accept(_messages()[1])
    assert not digits(_text(patient_id, 1, clock.now()))  # which of two? a person decides


def test_failed_reminder_is_work(
    book: Callable[..., UUID], own_patient: Callable[..., UUID], clock: MovedClock
) -> None:
    book(own_patient())
    reminder_id = _reminders()[0].id
    SOURCE.settled(
        reminder_id, purpose="reminder", state=MessageState.FAILED, reason="rejected", now=clock.now()
    )
    work = db.session.scalars(select(WorkItem).where(WorkItem.kind == "messaging.reminder_failed")).one()
    assert (work.subject_kind, work.subject_id) == ("session_reminder", reminder_id)


def test_skipped_reminder_keeps_its_reason(
    book: Callable[..., UUID], own_patient: Callable[..., UUID], clock: MovedClock
) -> None:
    book(own_patient())
    reminder_id = _reminders()[0].id
    SOURCE.settled(
        reminder_id, purpose="reminder", state=MessageState.SKIPPED, reason="no_consent", now=clock.now()
    )
    assert _reminders()[0].withheld_reason == "no_consent"
