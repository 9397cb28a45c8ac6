"""Reading calls for help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from clinic.accounts import queries as accounts
from clinic.core.db import db
from clinic.core.errors import Missing
from clinic.intake.access import OPEN, ours
from clinic.intake.models import Referral, ReferralCall, ReferralFollowUp
from clinic.intake.rules.calls import CallOutcome, Ways
from clinic.intake.rules.referral import CloseReason, State, Urgency
from clinic.intake.rules.sources import DAYS, NOT_SET, Given, Source
from clinic.intake.rules.waiting import Clock, Told, clocks, reason
from clinic.patients.rules import born


@dataclass(frozen=True)
class Asked:
    """Who asks, for whom, since when. A relative or professional need not say the name of the person."""

    source: Source
    name: str
    person_name: str | None
    pregnant: Told | None
    injecting: Told | None
    received_at: datetime

    @property
    def for_self(self) -> bool:
        """Whether who asks is the person it is about."""
        return self.source is Source.PERSON and self.person_name is None

    @property
    def about(self) -> str | None:
        """The name of the person it is about; None if not known."""
        return self.name if self.for_self else self.person_name

    @property
    def clocks(self) -> list[Clock]:
        """The limits that run, shortest first (C4.5)."""
        return list(clocks(self.pregnant, self.injecting, self.received_at))

    def reason(self, now: datetime) -> str:
        """Why it stands where it stands among all who wait, in words (C4.5)."""
        return reason(self.pregnant, self.injecting, now - self.received_at)


@dataclass(frozen=True)
class Call:
    """One try to reach who asked."""

    at: datetime
    by: str
    outcome: CallOutcome
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
    given: Mapping[Given, str]
    language: str | None
    urgent: bool
    due_at: datetime
    first_reached_at: datetime | None
    taken_by: UUID | None
    state: State
    close_reason: CloseReason | None
    ended_at: datetime | None
    patient_id: UUID | None
    version: int

    @property
    def told(self) -> list[tuple[str, str]]:
        """What the source gave besides, in words."""
        return [(one.label, _in_words(one, text)) for one, text in self.given.items()]

    @property
    def ways(self) -> Ways:
        """By what who asked can be reached."""
        return Ways(bool(self.phone), bool(self.email), self.texts_safe, self.voicemail_safe)


@dataclass(frozen=True)
class FollowUp:
    """Who follows a referral up, and when they mean to try next."""

    owner: str
    next_at: datetime | None


def count_waiting() -> int:
    """How many open referrals of the site nobody reached yet."""
    open_ones = (OPEN, Referral.first_reached_at.is_(None), ours())
    return db.session.scalar(select(func.count()).select_from(Referral).where(*open_ones)) or 0


_SEALED = ("name", "person_name", "phone", "email", "words", "given")


def one(referral_id: UUID) -> Opened:
    """A referral of the site. Raises Missing."""
    columns = [getattr(Referral, f"{name}_sealed" if name in _SEALED else name) for name in _OPENED]
    row = db.session.execute(select(*columns).where(Referral.id == referral_id, ours())).one_or_none()
    if row is None:
        raise Missing
    return _opened(row)


def _in_words(given: Given, text: str) -> str:
    if text == NOT_SET:
        return "Not set yet"
    return born(date.fromisoformat(text)) if given in DAYS else text


_OPENED = tuple(Opened.__dataclass_fields__)


def _opened(row: Row[*tuple[Any, ...]]) -> Opened:
    given = dict(row._mapping)
    for name in _SEALED:
        given[name] = getattr(Referral, name).reveal(row.id, given.pop(f"{name}_sealed"))
    given["given"] = {Given(name): text for name, text in (given["given"] or {}).items()}
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


def follow_up(referral_id: UUID) -> FollowUp | None:
    """Who follows it up; None while nobody has taken it on."""
    wanted = select(ReferralFollowUp.owner_id, ReferralFollowUp.next_at)
    row = db.session.execute(wanted.where(ReferralFollowUp.referral_id == referral_id)).one_or_none()
    return FollowUp(accounts.names([row.owner_id])[row.owner_id], row.next_at) if row else None


def asked_from(origin: bytes, *, since: timedelta, now: datetime) -> int:
    """How many referrals came from one address lately."""
    lately = (Referral.origin == origin, Referral.received_at > now - since)
    return db.session.scalar(select(func.count()).select_from(Referral).where(*lately)) or 0
