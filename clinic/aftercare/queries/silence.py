"""Reading the ladder of silence: its steps, what became of each, whom one may ask."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from clinic.accounts import queries as accounts
from clinic.aftercare.models import RelapsePlan, Silence, SilenceStep
from clinic.aftercare.rules.silence import Action, Decision, Known, Tried
from clinic.configuration import queries as configuration
from clinic.core.db import db
from clinic.core.rules import local
from clinic.patients import queries as patients
from clinic.patients.models import Patient
from clinic.patients.rules import Channel, Topic
from clinic.web.filters import phone
from clinic.worklist.models import WorkEvent, WorkItem
from clinic.worklist.rules import Event, Outcome


class Rung(NamedTuple):
    """One step as the ladder shows it; `outcomes` are (moment, words, by whom), oldest first."""

    action: Action
    on: date
    raised_at: datetime | None
    closed_at: datetime | None
    item_id: UUID | None
    outcomes: tuple[tuple[datetime, str, str], ...]
    decision: Decision | None
    words: str | None
    decided_by: str | None


class Ladder(NamedTuple):
    """Where we are with somebody who does not answer. `missed_on` is the local date of the check-in."""

    missed_on: date
    early: bool
    rungs: list[Rung]

    @property
    def decision_waits(self) -> bool:
        """Whether a supervisor is to decide now."""
        reviews = [rung for rung in self.rungs if rung.action is Action.REVIEW and rung.raised_at]
        return any(rung.decision is None for rung in reviews)


def ladder(patient_id: UUID) -> Ladder | None:
    """The ladder of the silence that lasts, None where there is none; the caller has opened the record."""
    mine = select(Silence).where(Silence.patient_id == patient_id, Silence.ended_at.is_(None))
    silence = db.session.scalar(mine)
    return Ladder(silence.missed_on, silence.early, _rungs(silence.id)) if silence else None


def _rungs(silence_id: UUID) -> list[Rung]:
    wanted = (
        select(SilenceStep, WorkItem.closed_at)
        .outerjoin(WorkItem, WorkItem.id == SilenceStep.item_id)
        .where(SilenceStep.silence_id == silence_id)
        .order_by(SilenceStep.position)
    )
    rows = db.session.execute(wanted.execution_options(populate_existing=True)).all()
    told = _outcomes(step.item_id for step, _ in rows if step.item_id)
    names = accounts.names({step.decided_by for step, _ in rows if step.decided_by})
    return [
        Rung(
            step.action,
            step.local_date,
            step.raised_at,
            closed_at,
            step.item_id,
            tuple(told[step.item_id]) if step.item_id else (),
            step.decision,
            step.words,
            names[step.decided_by] if step.decided_by else None,
        )
        for step, closed_at in rows
    ]


def _outcomes(item_ids: Iterable[UUID]) -> Mapping[UUID, list[tuple[datetime, str, str]]]:
    """What people recorded on items: every try with its outcome; nothing for an item without any."""
    tried = (WorkEvent.item_id.in_(list(item_ids)), WorkEvent.event == Event.OUTCOME)
    columns = (WorkEvent.item_id, WorkEvent.at, WorkEvent.outcome, WorkEvent.by_id)
    rows = db.session.execute(select(*columns).where(*tried).order_by(WorkEvent.at, WorkEvent.id)).all()
    names = accounts.names({row.by_id for row in rows if row.by_id})
    found: dict[UUID, list[tuple[datetime, str, str]]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append((row.at, Outcome(row.outcome).label, names.get(row.by_id, "")))
    return found


def newest_item(silence_id: UUID) -> UUID | None:
    """The work item of the newest step that became work."""
    raised = (SilenceStep.silence_id == silence_id, SilenceStep.item_id.is_not(None))
    newest = select(SilenceStep.item_id).where(*raised).order_by(SilenceStep.position.desc())
    return db.session.scalar(newest.limit(1))


def known(silence: Silence, other: Channel | None, *, now: datetime) -> Known:
    """What the words of the next step stand on."""
    raised = [rung for rung in _rungs(silence.id) if rung.raised_at]
    tried = (
        Tried(rung.action, rung.on, tuple(label for _, label, _ in rung.outcomes) + _decided(rung))
        for rung in raised
    )
    clinic_phone = configuration.value("clinic_phone")
    return Known(
        missed_on=silence.missed_on,
        tried=tuple(tried),
        first_name=_first_name(silence.patient_id),
        channel=None if other is None else ("email" if other is Channel.EMAIL else "text"),
        supporters=tuple(may_be_asked(silence.patient_id, on=local(now, silence.zone).date())),
        clinic_phone=phone(clinic_phone) if clinic_phone else "the clinic",
    )


def _decided(rung: Rung) -> tuple[str, ...]:
    return (rung.decision.label,) if rung.decision else ()


def may_be_asked(patient_id: UUID, *, on: date) -> list[str]:
    """Who close to the person may be told on a day that we cannot reach them, with their numbers (C8.11).

    By a support person's consent that lasts and names it, or by the person's newest plan.
    """
    live = [
        f"{person.name}, {phone(person.phone)}"
        for person in patients.supporters(patient_id)
        if person.phone
        and Topic.CONTACT in person.may_be_told
        and (person.agreed_until is None or person.agreed_until >= on)
    ]
    newest = select(RelapsePlan).where(RelapsePlan.patient_id == patient_id).order_by(RelapsePlan.n.desc())
    written = db.session.scalar(newest.limit(1))
    named = written.parts["people"] if written else []
    may_call = [each for each in named if each["may_call"] and each["phone"]]
    agreed = [f"{each['name']}, {phone(each['phone'])}" for each in may_call]
    return list(dict.fromkeys([*live, *agreed]))


def _first_name(patient_id: UUID) -> str:
    row = db.session.execute(
        select(Patient.given_name, Patient.called_name).where(Patient.id == patient_id)
    ).one()
    return str(row.called_name or row.given_name)
