"""Work that the engine makes for people."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import exists, select

from clinic.accounts.rules import Role
from clinic.configuration import queries as configuration
from clinic.core.db import db
from clinic.core.ids import uuid7
from clinic.core.rules import instant, local
from clinic.episodes import queries as episodes
from clinic.patients.models import Patient
from clinic.worklist import services as worklist
from clinic.worklist.models import WorkItem
from clinic.worklist.rules import Level, WorkKind

RISK, INBOUND, UNKNOWN_NUMBER = "messaging.risk", "messaging.inbound", "messaging.unknown_number"
OPT_OUT = "messaging.opt_out"
CONTACT_POINT, POISON = "messaging.contact_point", "messaging.poison"
ACCOUNT = "messaging.account"
DAY_ENDS = time(17)

PROVIDERS = {"sms": "text messages", "smtp": "e-mail"}

KINDS = {
    RISK: WorkKind("Text that may mean risk", risk=True, roles=(Role.COORDINATOR,)),
    INBOUND: WorkKind("Text to read", roles=(Role.COORDINATOR,)),
    UNKNOWN_NUMBER: WorkKind("Text from an unknown number", roles=(Role.COORDINATOR, Role.DESK)),
    OPT_OUT: WorkKind("No more texts", roles=(Role.COORDINATOR, Role.DESK)),
    CONTACT_POINT: WorkKind("Contact to mend", roles=(Role.COORDINATOR, Role.DESK)),
    ACCOUNT: WorkKind("Message provider refuses us", roles=(Role.ADMINISTRATOR,)),
    POISON: WorkKind("Message that was not sent", roles=(Role.COORDINATOR, Role.DESK)),
}


def raise_work(
    kind: str,
    subject_kind: str,
    subject_id: UUID,
    *,
    patient_id: UUID | None,
    level: Level,
    reason: str,
    due_at: datetime | None = None,
    at: datetime,
) -> UUID:
    """Make work for the patient's owner; without one for the site, where intake and desk see it."""
    owner_id, site_id = _whose(patient_id)
    return worklist.raise_item(
        kind,
        subject_kind,
        subject_id,
        patient_id=patient_id,
        owner_id=owner_id,
        site_id=site_id,
        level=level,
        reason=reason,
        due_at=due_at or _due(level, at, configuration.site(site_id).zone),
        at=at,
    )


def account_refused(provider: str, *, at: datetime) -> None:
    """Sign-in refused or out of credit: one item for the administrators (reliability 5)."""
    waiting = exists().where(WorkItem.kind == ACCOUNT, WorkItem.closed_at.is_(None))
    if not db.session.scalar(select(waiting)):
        raise_work(
            ACCOUNT,
            "provider",
            uuid7(),
            patient_id=None,
            level=Level.MODERATE,
            reason=f"The provider of {PROVIDERS[provider]} refuses our account. Nothing goes out by it."
            " Check its password, its credit and its notices; what waits goes out by itself afterwards.",
            at=at,
        )


def _whose(patient_id: UUID | None) -> tuple[UUID | None, UUID]:
    if patient_id is None:
        return None, configuration.sites()[0].id
    if owned := episodes.owner_of(patient_id):
        return owned
    return None, db.session.scalars(select(Patient.site_id).where(Patient.id == patient_id)).one()


def _due(level: Level, at: datetime, zone: str) -> datetime:
    today: date = local(at, zone).date()
    if level is Level.ACUTE:
        return at + timedelta(minutes=configuration.value("response_acute_minutes"))
    if level is Level.HIGH:
        by_hours = at + timedelta(hours=configuration.value("response_high_hours"))
        return min(by_hours, instant(today + timedelta(days=1), time(0), zone))
    return instant(configuration.next_working_day(today), DAY_ENDS, zone)
