"""Reading safety plans: the versions of one person, where the plans of many stand, what is known already."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from clinic.accounts import queries as accounts
from clinic.configuration import queries as configuration
from clinic.core.db import db
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.episodes import queries as episodes
from clinic.history import queries as history
from clinic.history.rules import FactKind
from clinic.history.rules import naloxone as naloxone_words
from clinic.patients import queries as patients
from clinic.patients.access import visible
from clinic.patients.models import Patient
from clinic.patients.rules import Right, Topic
from clinic.safety.models import SafetyNeed, SafetyPlan, SafetyPlanCopy
from clinic.safety.rules import Agreement, Cause, Helper, Means, Service, Spoken, State, Words, state

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


def versions(patient_id: UUID) -> list[Version]:
    """All versions, newest first, a draft before the signed ones. The caller has opened the record."""
    wanted = select(*SafetyPlan.__table__.c).where(SafetyPlan.patient_id == patient_id)
    rows = db.session.execute(wanted.order_by(SafetyPlan.n.desc())).all()
    names = accounts.names({who for row in rows for who in (row.written_by, row.signed_by) if who})
    copied = select(SafetyPlanCopy.plan_id, SafetyPlanCopy.given_at).order_by(SafetyPlanCopy.given_at)
    copies: dict[UUID, list[datetime]] = {}
    for plan_id, at in db.session.execute(copied.where(SafetyPlanCopy.plan_id.in_([row.id for row in rows]))):
        copies.setdefault(plan_id, []).append(at)
    return [
        Version(
            row.id,
            row.n,
            row.version,
            Spoken(
                Words.read(SafetyPlan.words.reveal(row.id, row.words_sealed)),
                row.means,
                SafetyPlan.means_reason.reveal(row.id, row.means_reason_sealed),
            ),
            row.written_at,
            names[row.written_by],
            row.signed_at,
            names.get(row.signed_by),
            row.agreement,
            SafetyPlan.signed_name.reveal(row.id, row.signed_name_sealed),
            SafetyPlan.refusal.reveal(row.id, row.refusal_sealed),
            copies.get(row.id, ()),
        )
        for row in rows
    ]


def in_force(patient_id: UUID) -> Version | None:
    """The newest signed version."""
    return next((one for one in versions(patient_id) if one.signed_at), None)


def standings(patient_ids: Iterable[UUID]) -> Mapping[UUID, Standing]:
    """Where each plan stands, in two queries; without plan or need nobody is in it. Authorised before."""
    ids = list(patient_ids)
    needs: dict[UUID, list[tuple[datetime, Cause]]] = {}
    unmet = select(SafetyNeed.patient_id, SafetyNeed.arose_at, SafetyNeed.cause).where(
        SafetyNeed.patient_id.in_(ids), SafetyNeed.met_at.is_(None)
    )
    for patient_id, at, cause in db.session.execute(unmet.order_by(SafetyNeed.arose_at)):
        needs.setdefault(patient_id, []).append((at, cause))
    later = aliased(SafetyPlan)
    newer = select(later.id).where(
        later.patient_id == SafetyPlan.patient_id, later.n > SafetyPlan.n, later.signed_at.is_not(None)
    )
    newest = select(SafetyPlan.patient_id, SafetyPlan.n, SafetyPlan.signed_at, SafetyPlan.means).where(
        SafetyPlan.patient_id.in_(ids), SafetyPlan.signed_at.is_not(None), ~newer.exists()
    )
    plans = {row.patient_id: row for row in db.session.execute(newest)}
    return {
        patient_id: _standing(plans.get(patient_id), needs.get(patient_id, []))
        for patient_id in {*needs, *plans}
    }


def standing(patient_id: UUID) -> Standing:
    """Where one person's plan stands; the caller has opened the record."""
    return standings([patient_id]).get(patient_id, Standing(State.NONE))


def _standing(plan: object, needs: Sequence[tuple[datetime, Cause]]) -> Standing:
    means: Means | None = getattr(plan, "means", None)
    return Standing(
        state(means, due=bool(needs)),
        getattr(plan, "n", None),
        getattr(plan, "signed_at", None),
        needs[0][0] if needs else getattr(plan, "signed_at", None),
        [cause for _, cause in needs],
    )


def due(*, now: datetime) -> list[Due]:
    """People the actor may see whose plan is asked for, longest waiting first; at most DUE_LIMIT + 1."""
    since = func.min(SafetyNeed.arose_at)
    wanted = (
        select(SafetyNeed.patient_id)
        .where(SafetyNeed.met_at.is_(None), visible(SafetyNeed.patient_id, Right.CLINICAL, now=now))
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
