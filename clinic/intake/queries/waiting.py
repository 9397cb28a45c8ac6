"""Everybody who waits for an answer to a call for help, in the order of C4.5."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, or_, select, true

from clinic.accounts.models import User
from clinic.core.db import db
from clinic.intake.access import OPEN, ours
from clinic.intake.models import PLACE, Referral, ReferralCall, ReferralFollowUp
from clinic.intake.queries.referrals import Asked
from clinic.intake.rules.referral import Urgency
from clinic.intake.rules.sources import Source
from clinic.intake.rules.waiting import LIMITS, Show, Told

PAGE = 25


@dataclass(frozen=True)
class Waiting(Asked):
    """An open referral as the list shows it. `tries` counts all calls; `owner` is None for nobody yet."""

    id: UUID
    phone: str | None
    urgent: bool
    urgencies: Sequence[Urgency]
    due_at: datetime
    first_reached_at: datetime | None
    tries: int
    owner: str | None
    next_at: datetime | None


@dataclass(frozen=True)
class Desk:
    """One page of those who wait, and how many each choice would show of all of them."""

    rows: Sequence[Waiting]
    counts: Mapping[Show, int]
    source: Source | None
    show: Show
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.counts[self.show] // PAGE))


_PLACE: ColumnElement[int] = literal_column(PLACE)
_tries = (
    select(func.count())
    .where(ReferralCall.referral_id == Referral.id)
    .correlate(Referral)
    .scalar_subquery()
    .label("tries")
)
_ROW = (
    Referral.id, Referral.name_sealed, Referral.person_name_sealed, Referral.source, Referral.phone_sealed,
    Referral.urgent, Referral.urgencies, Referral.pregnant, Referral.injecting, Referral.received_at,
    Referral.due_at, Referral.first_reached_at, User.name.label("owner"), ReferralFollowUp.next_at, _tries,
)  # fmt: skip
_WAITING = (
    select(*_ROW)
    .outerjoin(ReferralFollowUp, ReferralFollowUp.referral_id == Referral.id)
    .outerjoin(User, User.id == ReferralFollowUp.owner_id)
    .where(OPEN)
)


def desk(show: Show, source: Source | None, page: int, *, now: datetime) -> Desk:
    """The site's open referrals by C4.5, one page of them. Two queries, however many wait."""
    fits = _conditions(now)
    of_source = true() if source is None else Referral.source == source
    wanted = _WAITING.where(ours(), of_source, fits[show]).order_by(_PLACE, Referral.received_at, Referral.id)
    return Desk(
        rows=_rows(wanted.limit(PAGE).offset(PAGE * (page - 1))),
        counts=_counts(fits, of_source),
        source=source,
        show=show,
        page=page,
    )


def unreached(*, now: datetime) -> list[Waiting]:
    """Those nobody has reached yet: what is urgent first, then by C4.5; at most PAGE."""
    wanted = _WAITING.where(ours(), _conditions(now)[Show.UNREACHED])
    return _rows(wanted.order_by(Referral.urgent.desc(), _PLACE, Referral.received_at).limit(PAGE))


def _conditions(now: datetime) -> dict[Show, ColumnElement[bool]]:
    unreached = Referral.first_reached_at.is_(None)
    first = or_(Referral.pregnant == Told.YES, Referral.injecting == Told.YES)
    return {
        Show.ALL: true(),
        Show.URGENT: and_(Referral.urgent),
        Show.LATE: or_(
            and_(Referral.due_at < now, unreached), and_(first, Referral.received_at < now - LIMITS[0].within)
        ),
        Show.NOT_ASKED: or_(Referral.pregnant.is_(None), Referral.injecting.is_(None)),
        Show.UNREACHED: unreached,
        Show.DUE: ReferralFollowUp.next_at <= now,
    }


def _counts(fits: Mapping[Show, ColumnElement[bool]], of_source: ColumnElement[bool]) -> dict[Show, int]:
    each = [func.count().filter(condition).label(show) for show, condition in fits.items()]
    joined = (
        select(*each)
        .select_from(Referral)
        .outerjoin(ReferralFollowUp, ReferralFollowUp.referral_id == Referral.id)
    )
    row = db.session.execute(joined.where(OPEN, ours(), of_source)).one()
    return dict(zip(fits, row, strict=True))


def _rows(wanted: Select[Any]) -> list[Waiting]:
    return [_waiting(row) for row in db.session.execute(wanted)]


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(
        id=row.id,
        name=Referral.name.reveal(row.id, row.name_sealed),
        person_name=Referral.person_name.reveal(row.id, row.person_name_sealed),
        source=row.source,
        phone=Referral.phone.reveal(row.id, row.phone_sealed),
        urgent=row.urgent,
        urgencies=[Urgency(code) for code in row.urgencies],
        pregnant=row.pregnant,
        injecting=row.injecting,
        received_at=row.received_at,
        due_at=row.due_at,
        first_reached_at=row.first_reached_at,
        tries=row.tries,
        owner=row.owner,
        next_at=row.next_at,
    )
