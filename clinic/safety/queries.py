"""Reading safety plans: the versions of one person, where the plans of many stand, what is known already."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from clinic.accounts.models import User
from clinic.configuration import queries as configuration
from clinic.core.db import db, once_per_request, read
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.episodes import queries as episodes
from clinic.history import queries as history
from clinic.history.rules import FactKind
from clinic.history.rules import naloxone as naloxone_words
from clinic.patients import queries as patients
from clinic.patients.access import listed
from clinic.patients.models import Patient
from clinic.patients.rules import Right, Topic
from clinic.safety.models import SafetyNeed, SafetyPlan, SafetyPlanCopy
from clinic.safety.rules import Agreement, Cause, Helper, Service, Spoken, State, Words, state

DUE_LIMIT = 50
EMERGENCY_DEPARTMENT = "Nearest emergency department"


class Version(NamedTuple):
    """One version as a page shows it, with the names of who wrote and who signed; `copies` are times."""

    id: UUID
    n: int
    version: int
    spoken: Spoken
    written_at: datetime
    writer: str
    signed_at: datetime | None
    signer: str | None
    agreement: Agreement | None
    signed_name: str | None
    refusal: str | None
    copies: Sequence[datetime]


class Standing(NamedTuple):
    """Where a person's plan stands: newest signed version, and since when what asks for the next one."""

    state: State
    n: int | None = None
    signed_at: datetime | None = None
    since: datetime | None = None
    causes: Sequence[Cause] = ()


class Due(NamedTuple):
    """A person whose plan is missing or to be reviewed."""

    person: patients.Person
    standing: Standing
    owner: str | None


# Built once: building them costs more than asking.
_writer, _signer, _later = aliased(User), aliased(User), aliased(SafetyPlan)
_VERSIONS = (
    select(
        *SafetyPlan.__table__.c,
        _writer.name.label("writer"),
        _signer.name.label("signer"),
        SafetyPlanCopy.given_at.label("copied_at"),
    )
    .join(_writer, _writer.id == SafetyPlan.written_by)
    .outerjoin(_signer, _signer.id == SafetyPlan.signed_by)
    .outerjoin(SafetyPlanCopy, SafetyPlanCopy.plan_id == SafetyPlan.id)
    .where(SafetyPlan.patient_id == bindparam("patient_id"))
    .order_by(SafetyPlan.n.desc(), SafetyPlanCopy.given_at)
)
_newer = exists().where(
    _later.patient_id == SafetyPlan.patient_id, _later.n > SafetyPlan.n, _later.signed_at.is_not(None)
)
_newest = and_(SafetyPlan.patient_id == Patient.id, SafetyPlan.signed_at.is_not(None), ~_newer)
_unmet = and_(SafetyNeed.patient_id == Patient.id, SafetyNeed.met_at.is_(None))
_STANDINGS = (
    select(
        Patient.id,
        SafetyPlan.n,
        SafetyPlan.signed_at,
        SafetyPlan.means,
        SafetyNeed.arose_at,
        SafetyNeed.cause,
    )
    .select_from(Patient)
    .outerjoin(SafetyPlan, _newest)
    .outerjoin(SafetyNeed, _unmet)
    .where(
        Patient.id.in_(bindparam("ids", expanding=True)),
        or_(SafetyPlan.id.is_not(None), SafetyNeed.id.is_not(None)),
    )
    .order_by(Patient.id, SafetyNeed.arose_at)
)


def versions(patient_id: UUID) -> list[Version]:
    """All versions, newest first, a draft before the signed ones. The caller has opened the record."""
    by_version = groupby(read(_VERSIONS, {"patient_id": patient_id}), attrgetter("id"))
    return [_version(list(rows)) for _, rows in by_version]


def _version(rows: Sequence[Row[*tuple[Any, ...]]]) -> Version:
    """One version: its row comes once for each copy that was given."""
    row = rows[0]
    return Version(
        row.id,
        row.n,
        row.version,
        Spoken(
            Words.read(SafetyPlan.words.reveal(row.id, row.words_sealed)),
            row.means,
            SafetyPlan.means_reason.reveal(row.id, row.means_reason_sealed),
        ),
        row.written_at,
        row.writer,
        row.signed_at,
        row.signer,
        row.agreement,
        SafetyPlan.signed_name.reveal(row.id, row.signed_name_sealed),
        SafetyPlan.refusal.reveal(row.id, row.refusal_sealed),
        [each.copied_at for each in rows if each.copied_at],
    )


def in_force(patient_id: UUID) -> Version | None:
    """The newest signed version."""
    return next((one for one in versions(patient_id) if one.signed_at), None)


def standings(patient_ids: Iterable[UUID]) -> Mapping[UUID, Standing]:
    """Where each plan stands, in one query; without plan or need nobody is in it. Authorised before."""
    by_patient = groupby(read(_STANDINGS, {"ids": list(patient_ids)}), attrgetter("id"))
    return {patient_id: _standing(list(rows)) for patient_id, rows in by_patient}


@once_per_request
def standing(patient_id: UUID) -> Standing:
    """Where one person's plan stands; the caller has opened the record."""
    return standings([patient_id]).get(patient_id, Standing(State.NONE))


def _standing(rows: Sequence[Row[*tuple[Any, ...]]]) -> Standing:
    """Of the rows of one patient: the newest plan in each, and a need in each if there is any."""
    first, causes = rows[0], [row.cause for row in rows if row.cause]
    due = bool(causes)
    since = first.arose_at if due else first.signed_at
    return Standing(state(first.means, due=due), first.n, first.signed_at, since, causes)


def due(*, now: datetime) -> list[Due]:
    """People the actor may see whose plan is asked for, longest waiting first; at most DUE_LIMIT + 1."""
    since = func.min(SafetyNeed.arose_at)
    wanted = (
        select(SafetyNeed.patient_id)
        .where(SafetyNeed.met_at.is_(None), listed(SafetyNeed.patient_id, Right.CLINICAL, now=now))
        .group_by(SafetyNeed.patient_id)
        .order_by(since, SafetyNeed.patient_id)
        .limit(DUE_LIMIT + 1)
    )
    ids = list(db.session.scalars(wanted))
    people, stand, owners = patients.people(ids, now=now), standings(ids), episodes.owners(ids)
    return [Due(people[each], stand[each], owners.get(each)) for each in ids]


def known(patient_id: UUID, *, now: datetime) -> Words:
    """What need not be asked again: people close, owner, clinic, numbers to call, naloxone (C8.12, P5.4)."""
    helpers = [
        Helper(one.name, one.phone, Topic.CRISIS in one.may_be_told)
        for one in patients.supporters(patient_id)
    ]
    episode, phone = episodes.open_episode(patient_id, now=now), configuration.value("clinic_phone")
    services = [Service(episode.owner_name, phone)] if episode else []
    services.append(Service(configuration.value("clinic_name"), phone))
    lines = configuration.crisis_lines()
    crisis = [line for line in lines if not line.emergency][:1]  # the first is the one to call (P5.4)
    services += [Service(one.label, one.number) for one in (*crisis, *(x for x in lines if x.emergency))]
    services.append(Service(EMERGENCY_DEPARTMENT))
    fact = history.current(patient_id, FactKind.NALOXONE)
    today = local(now, current().zone).date()
    told = naloxone_words(fact.code, fact.expires_on, today) if fact and fact.code != "declined" else None
    return Words(helpers=helpers, services=services, naloxone=told)


def place_of(patient_id: UUID) -> tuple[str, UUID]:
    """(zone, site) of a patient."""
    zone, site_id = db.session.execute(
        select(Patient.zone, Patient.site_id).where(Patient.id == patient_id)
    ).one()
    return zone, site_id
