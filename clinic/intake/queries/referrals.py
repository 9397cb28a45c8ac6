"""Reading calls for help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from clinic.accounts import queries as accounts
from clinic.core.db import db
from clinic.core.errors import Missing
from clinic.intake.access import ours
from clinic.intake.models import Referral, ReferralCall
from clinic.intake.rules.referral import CloseReason, Source, State, Urgency
from clinic.worklist.rules import Outcome

LIST_LIMIT = 200


@dataclass(frozen=True)
class Asked:
    """Who asks, and for whom. A relative or professional need not say the name of the person."""

    source: Source
    name: str
    person_name: str | None

    @property
    def for_self(self) -> bool:
        """Whether who asks is the person it is about."""
        return self.source is Source.PERSON and self.person_name is None

    @property
    def about(self) -> str | None:
        """The name of the person it is about; None if not known."""
        return self.name if self.for_self else self.person_name


@dataclass(frozen=True)
class Waiting(Asked):
    """An open referral as the list shows it."""

    id: UUID
    phone: str | None
    urgent: bool
    urgencies: Sequence[Urgency]
    received_at: datetime
    due_at: datetime
    first_reached_at: datetime | None
    calls: int


@dataclass(frozen=True)
class Call:
    """One try to reach who asked."""

    at: datetime
    by: str
    outcome: Outcome
    words: str | None


@dataclass(frozen=True)
class Opened(Asked):
    """A referral with everything that was asked."""

    id: UUID
    site_id: UUID
    phone: str | None
    email: str | None
    texts_safe: bool
    voicemail_safe: bool
    urgencies: Sequence[Urgency]
    words: str | None
    urgent: bool
    received_at: datetime
    due_at: datetime
    first_reached_at: datetime | None
    taken_by: UUID | None
    state: State
    close_reason: CloseReason | None
    ended_at: datetime | None
    patient_id: UUID | None
    version: int


_WAITING = (
    Referral.id, Referral.name_sealed, Referral.person_name_sealed, Referral.source, Referral.phone_sealed,
    Referral.urgent, Referral.urgencies, Referral.received_at, Referral.due_at, Referral.first_reached_at,
)  # fmt: skip


def waiting() -> list[Waiting]:
    """Open referrals of the site: urgent first, then the oldest; at most LIST_LIMIT."""
    calls = select(func.count()).where(ReferralCall.referral_id == Referral.id).scalar_subquery()
    wanted = (
        select(*_WAITING, calls.label("calls"))
        .where(Referral.state == State.OPEN, ours())
        .order_by(Referral.urgent.desc(), Referral.received_at, Referral.id)
        .limit(LIST_LIMIT)
    )
    return [
        Waiting(
            id=row.id,
            name=Referral.name.reveal(row.id, row.name_sealed),
            person_name=Referral.person_name.reveal(row.id, row.person_name_sealed),
            source=row.source,
            phone=Referral.phone.reveal(row.id, row.phone_sealed),
            urgent=row.urgent,
            urgencies=[Urgency(code) for code in row.urgencies],
            received_at=row.received_at,
            due_at=row.due_at,
            first_reached_at=row.first_reached_at,
            calls=row.calls,
        )
        for row in db.session.execute(wanted)
    ]


def count_waiting() -> int:
    """How many open referrals of the site nobody reached yet."""
    open_ones = (Referral.state == State.OPEN, Referral.first_reached_at.is_(None), ours())
    return db.session.scalar(select(func.count()).select_from(Referral).where(*open_ones)) or 0


_SEALED = ("name", "person_name", "phone", "email", "words")


def one(referral_id: UUID) -> Opened:
    """A referral of the site. Raises Missing."""
    columns = [getattr(Referral, f"{name}_sealed" if name in _SEALED else name) for name in _OPENED]
    row = db.session.execute(select(*columns).where(Referral.id == referral_id, ours())).one_or_none()
    if row is None:
        raise Missing
    return _opened(row)


_OPENED = tuple(Opened.__dataclass_fields__)


def _opened(row: Row[*tuple[Any, ...]]) -> Opened:
    given = dict(row._mapping)
    for name in _SEALED:
        given[name] = getattr(Referral, name).reveal(row.id, given.pop(f"{name}_sealed"))
    given["urgencies"] = [Urgency(code) for code in row.urgencies]
    return Opened(**given)


def calls(referral_id: UUID) -> list[Call]:
    """Every try, newest first."""
    wanted = (
        select(
            ReferralCall.id,
            ReferralCall.at,
            ReferralCall.by_id,
            ReferralCall.outcome,
            ReferralCall.words_sealed,
        )
        .where(ReferralCall.referral_id == referral_id)
        .order_by(ReferralCall.at.desc(), ReferralCall.id.desc())
    )
    rows = db.session.execute(wanted).all()
    names = accounts.names({row.by_id for row in rows})
    return [
        Call(row.at, names[row.by_id], row.outcome, ReferralCall.words.reveal(row.id, row.words_sealed))
        for row in rows
    ]


def asked_from(origin: bytes, *, since: timedelta, now: datetime) -> int:
    """How many referrals came from one address lately."""
    lately = (Referral.origin == origin, Referral.received_at > now - since)
    return db.session.scalar(select(func.count()).select_from(Referral).where(*lately)) or 0
