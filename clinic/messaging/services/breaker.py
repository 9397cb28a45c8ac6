"""The breakers of the providers, in the database: every process sees the same (reliability 7)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from clinic.core.db import insert_new
from clinic.core.ids import uuid7
from clinic.core.logs import log
from clinic.core.settings import current
from clinic.messaging.models import Attempt, ProviderHealth
from clinic.messaging.rules.breaker import WINDOW, Breaker, pause, trips
from clinic.messaging.rules.outcomes import Family
from clinic.messaging.services.work import account_refused


class Heard(NamedTuple):
    """A call to a provider that is over: when it began, and the kind of trouble it met. None is health."""

    provider: str
    began: datetime
    family: Family | None


def admitted(session: Session, provider: str, wanted: int, now: datetime) -> tuple[int, datetime]:
    """How many of so many calls may go through, one alone being the probe; when the others may ask again."""
    shut = select(ProviderHealth).where(
        ProviderHealth.provider == provider, ProviderHealth.state != Breaker.CLOSED
    )
    held = shut.order_by(ProviderHealth.family).with_for_update()
    rows = session.scalars(held.execution_options(populate_existing=True)).all()
    if not rows:
        return wanted, now
    waits = [row.retry_at for row in rows if row.retry_at and row.retry_at > now]
    if waits:
        return 0, max(waits)
    probed_by = now + timedelta(seconds=current().settle.lease)  # a probe that dies makes room
    for row in rows:
        row.state, row.changed_at, row.retry_at = Breaker.HALF_OPEN, now, probed_by
    return 1, probed_by


def note(session: Session, calls: Sequence[Heard], now: datetime) -> None:
    """Keep what calls tell of their providers' health. Trouble with one recipient is health.

    Of a half-open breaker only its probe tells: what began before may be an answer from before the trouble.
    """
    healthy: dict[str, datetime] = {}
    for call in calls:
        if call.family is None:
            healthy[call.provider] = max(call.began, healthy.get(call.provider, call.began))
    for provider, began in sorted(healthy.items()):
        probed = update(ProviderHealth).where(
            ProviderHealth.provider == provider,
            ProviderHealth.state == Breaker.HALF_OPEN,
            ProviderHealth.changed_at <= began,
        )
        session.execute(probed.values(state=Breaker.CLOSED, openings=0, retry_at=None, changed_at=now))
    failed = [(call.provider, call.family, call.began) for call in calls if call.family is not None]
    for provider, family, began in sorted(failed):  # all lock in one order
        _failed(session, provider, family, began, now)


def _failed(session: Session, provider: str, family: Family, began: datetime, now: datetime) -> None:
    row = _row(session, provider, family, now)
    if row.state is Breaker.HALF_OPEN and began < row.changed_at:
        return
    if row.state is Breaker.OPEN or not _too_much(session, row, now):
        return
    row.openings += 1
    row.state, row.changed_at, row.retry_at = Breaker.OPEN, now, now + pause(row.openings)
    log.error("provider_breaker_opened", provider=provider, family=row.family.value, openings=row.openings)
    if row.family is Family.ACCOUNT:
        account_refused(provider, at=now)


def _row(session: Session, provider: str, family: Family, now: datetime) -> ProviderHealth:
    new = {"id": uuid7(), "provider": provider, "family": family, "changed_at": now}
    insert_new(session, ProviderHealth, [{**new, "state": Breaker.CLOSED, "openings": 0}])
    mine = (ProviderHealth.provider == provider, ProviderHealth.family == family)
    wanted = select(ProviderHealth).where(*mine).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _too_much(session: Session, row: ProviderHealth, now: datetime) -> bool:
    if row.family is Family.ACCOUNT or row.state is Breaker.HALF_OPEN:
        return True
    since = max(now - WINDOW, row.changed_at)
    recent = select(func.count(), func.count().filter(Attempt.family == row.family)).where(
        Attempt.provider == row.provider, Attempt.finished_at >= since
    )
    total, failures = session.execute(recent).one()
    return trips(failures, total)
