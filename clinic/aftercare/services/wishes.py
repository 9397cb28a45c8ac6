"""What a person chose on the page: a pause, an end, or that they are somebody else. At once (P3.2)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from clinic.aftercare.models import CheckIn, CheckInPlan
from clinic.aftercare.rules.windows import EARLY_DAYS
from clinic.aftercare.services import ladder, plans
from clinic.aftercare.services.responsible import by_the_evening, responsible
from clinic.audit import services as audit
from clinic.core.db import db, transaction
from clinic.core.errors import Missing
from clinic.core.rules import local
from clinic.messaging import services as messaging
from clinic.messaging.services import stopping
from clinic.patients import queries as patients
from clinic.patients import services as patient_services
from clinic.patients.access import require
from clinic.patients.rules import Channel, MessageKind, Right, Source, WhyNot
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level

PAUSED = "aftercare.paused"


def pause(check_in_id: UUID, days: int, *, at: datetime) -> None:
    """No check-in is asked for so many local days; calls by people go on. It ends by itself."""
    with transaction() as session:
        found = session.get_one(CheckIn, check_in_id)
        plan = session.get_one(CheckInPlan, found.plan_id, with_for_update=True, populate_existing=True)
        today = local(at, plan.zone).date()
        plan.paused_until = until = today + timedelta(days=days)
        session.flush()
        plans.cancel_check_ins(session, plan.id, "paused", before=until, at=at)
        messaging.withhold(plans.SUBJECT, check_in_id, "paused", at=at)
        ladder.end(plan.patient_id, "paused", at=at)
        audit.record("check_in_plan.paused", [plan.patient_id], at=at, subject_kind="check_in_plan",
                     subject_id=plan.id, detail=until.isoformat())  # fmt: skip
        plans.plan_next_contact(session, plan.patient_id, now=at)
        _tell_owner(plan, check_in_id, at)


def _tell_owner(plan: CheckInPlan, check_in_id: UUID, at: datetime) -> None:
    owner_id, site_id = responsible(plan.patient_id)
    early = (local(at, plan.zone).date() - plan.discharged_on).days <= EARLY_DAYS
    until = plan.paused_until or local(at, plan.zone).date()
    worklist.raise_item(
        PAUSED,
        plans.SUBJECT,
        check_in_id,
        patient_id=plan.patient_id,
        owner_id=owner_id,
        site_id=site_id,
        level=Level.NONE,
        reason=f"Paused check-ins until {until:%a %b} {until.day} on the check-in page. Call, ask how it is",
        due_at=by_the_evening(at, plan.zone, early=early),
        at=at,
    )


def resume(patient_id: UUID, *, at: datetime) -> None:
    """Ask again before the pause is over, by staff. Raises Hidden, Missing where nothing is paused."""
    with transaction() as session:
        require(patient_id, Right.AFTERCARE, at)
        active = (CheckInPlan.patient_id == patient_id, CheckInPlan.ended_at.is_(None))
        plan = session.scalar(select(CheckInPlan).where(*active).with_for_update())
        if plan is None or plan.paused_until is None:
            raise Missing
        plan.paused_until = None
        session.flush()
        plans.lay_out(session, plan, now=at)
        plans.plan_next_contact(session, patient_id, now=at)
        audit.record("check_in_plan.resumed", [patient_id], at=at, subject_kind="check_in_plan",
                     subject_id=plan.id)  # fmt: skip


def stop_kind(check_in_id: UUID, patient_id: UUID, kind: MessageKind, *, at: datetime) -> None:
    """No more of one kind, for all who share the number or address; the owners are to call."""
    with transaction():
        heard = patient_services.narrow(patient_id, kind, Source.PATIENT_PAGE, at=at)
        words = f"Stopped on the check-in page: {kind.label.lower()}. Call, and agree how to keep in touch."
        stopping.ask_to_call(heard, words, subject_kind=plans.SUBJECT, cause=check_in_id, at=at)


def stop_all(check_in_id: UUID, patient_id: UUID, *, at: datetime) -> None:
    """Nothing more by any channel, at once, for everybody who shares it; the owners are to call."""
    with transaction():
        heard = {patient_id}
        for channel in Channel:
            agreed = patients.permission(patient_id, channel)
            if isinstance(agreed, patients.Permission):
                heard.update(stopping.stop(agreed.number, Source.PATIENT_PAGE, channel=channel, at=at))
            elif agreed.why is not WhyNot.NO_CONSENT:
                patient_services.revoke(patient_id, channel, Source.PATIENT_PAGE, at=at)
                messaging.withhold_patient(patient_id, channel, "opted_out", at=at)
        words = "Stopped all messages on the check-in page. Call, and agree how to keep in touch."
        stopping.ask_to_call(sorted(heard), words, subject_kind=plans.SUBJECT, cause=check_in_id, at=at)


def chosen(check_in: CheckIn, *, at: datetime) -> str | None:
    """Why the person does not want to be asked now, as a reason; None where they do."""
    plan = db.session.get_one(CheckInPlan, check_in.plan_id)
    if plan.paused_until is not None and local(at, plan.zone).date() < plan.paused_until:
        return "paused"
    if patients.agreed_channels(check_in.patient_id, MessageKind.CHECK_INS):
        return None
    said = [patients.permission(check_in.patient_id, channel) for channel in Channel]
    ended = [each for each in said if isinstance(each, patients.Permission) or each.why is WhyNot.OPTED_OUT]
    return "opted_out" if ended else None  # stopped whole, or agreed to other kinds only
