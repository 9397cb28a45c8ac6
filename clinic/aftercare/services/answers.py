"""Taps and texts: each is kept, judged at once, and makes work where it shows risk (C8.5, C8.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.aftercare.models import CheckIn, CheckInAnswer, CheckInPlan
from clinic.aftercare.queries import check_ins
from clinic.aftercare.queries.check_ins import ANSWER, RISK
from clinic.aftercare.rules.outcome import Outcome
from clinic.aftercare.rules.questions import Answers, Item, PageCode, asked_items, items, next_page, page
from clinic.aftercare.rules.response import response_due
from clinic.aftercare.rules.risk import Judgement, Reason, Thresholds, judge
from clinic.aftercare.rules.terms import Via
from clinic.aftercare.rules.windows import link_dies_at
from clinic.aftercare.services import plans
from clinic.aftercare.services.responsible import responsible
from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.core.db import insert_new, transaction
from clinic.core.ids import uuid7
from clinic.episodes import services as episodes
from clinic.messaging import services as messaging
from clinic.safety import services as safety
from clinic.safety.rules import Cause
from clinic.worklist import services as worklist
from clinic.worklist.rules import Event, Level

SAFETY = {Item.HARM: Cause.HARM, Item.OVERDOSE: Cause.OVERDOSE}  # C8.12: their flags ask for a safety plan


class NoLongerOpen(Exception):
    """The check-in was closed, or all its links are dead."""


class AlreadyAnswered(Exception):
    """Another tap of the same page was kept; this one is led to the next page."""


class NoSuchAnswer(Exception):
    """The page has no such choice."""


@dataclass(frozen=True)
class Kept:
    """What one tap did: the level of all that is known now, and whether this very answer is acute."""

    level: Level
    acute: bool


def record_answer(
    check_in_id: UUID, code: PageCode, value: str, *, seen: int, via: Via, at: datetime
) -> Kept:
    """Keep one answer, judge all that is known, and raise work, in one transaction.

    `seen` is the number of the answer the person saw on that page, 0 for none: of two taps one is kept.
    Raises NoLongerOpen, AlreadyAnswered, NoSuchAnswer.
    """
    with transaction() as session:
        check_in = _locked(session, check_in_id, at)
        asked = check_ins.asked(check_in)
        before = check_ins.answers(check_in_id)
        says = {choice.value: choice.says for choice in page(code, before).choices}
        if value not in says:
            raise NoSuchAnswer
        answer_id = _keep(session, check_in_id, code, value, seen, via, at)
        answers: Answers = {**before, code: value}
        judgement = judge(
            items(answers, asked),
            asked_items(answers, asked),
            last_pull=check_ins.last_pull(check_in),
            limits=_thresholds(),
        )
        _note(check_in, judgement, complete=next_page(answers, asked) is None, at=at)
        audit.record(
            "check_in.answered",
            [check_in.patient_id],
            at=at,
            subject_kind=plans.SUBJECT,
            subject_id=check_in_id,
            detail=code,
        )
        session.flush()
        fresh = [reason for reason in judgement.reasons if reason.item in says[value]]
        if fresh:
            _raise(check_in, judgement, answer_id, at)
            _safety_plan(check_in, fresh, judgement.level, answer_id, at)
        if fresh and judgement.level in plans.AT_RISK:
            plans.lay_out(session, session.get_one(CheckInPlan, check_in.plan_id), now=at)
        plans.plan_next_contact(session, check_in.patient_id, now=at)
    return Kept(judgement.level, acute=any(reason.acute for reason in fresh))


def _locked(session: Session, check_in_id: UUID, at: datetime) -> CheckIn:
    """The open check-in under its locks. Raises NoLongerOpen."""
    found = session.get_one(CheckIn, check_in_id)
    episodes.contacted(found.patient_id, at=at)
    session.get_one(CheckInPlan, found.plan_id, with_for_update=True)
    check_in = plans.hold(check_in_id)
    ended = check_in.outcome is not None and check_in.outcome is not Outcome.ANSWERED
    if ended or not check_in.due_at <= at < link_dies_at(check_in.closes_at, check_in.completed_at):
        raise NoLongerOpen
    return check_in


def _keep(
    session: Session, check_in_id: UUID, code: PageCode, value: str, seen: int, via: Via, at: datetime
) -> UUID:
    row_id = uuid7()
    row = {"id": row_id, "check_in_id": check_in_id, "page": code, "n": seen + 1, "via": via, "at": at}
    row["value_sealed"] = CheckInAnswer.value.seal(row_id, value)
    if seen > check_ins.count(check_in_id, code) or not insert_new(session, CheckInAnswer, [row]):
        raise AlreadyAnswered
    return row_id


def _thresholds() -> Thresholds:
    return Thresholds(**{name: configuration.value(name) for name in Thresholds.__dataclass_fields__})


def _note(check_in: CheckIn, judgement: Judgement, *, complete: bool, at: datetime) -> None:
    """The first answer settles the outcome and stops what was still to be sent; the last one the links."""
    if check_in.answered_at is None:
        check_in.answered_at = check_in.outcome_at = at
        check_in.outcome = Outcome.ANSWERED
        messaging.withhold(plans.SUBJECT, check_in.id, "answered", at=at)
    if not complete:
        check_in.completed_at = None  # going back opened a further question
    elif check_in.completed_at is None:
        check_in.completed_at = at
    if check_in.level is None or judgement.level.rank < check_in.level.rank:
        check_in.level = judgement.level  # the worst that was said; going back does not unsay it
        check_in.settings_version = configuration.version()


def _raise(check_in: CheckIn, judgement: Judgement, answer_id: UUID, at: datetime) -> None:
    """One item for each check-in; what is said after somebody closed it is work again, under the answer."""
    known = check_ins.risk_item(check_in.id)
    if known and known.closed_at is None and judgement.level.rank >= known.level.rank:
        worklist.note_event(known.id, Event.RAISED, at=at, note=judgement.words)
        return
    closed = known is not None and known.closed_at is not None
    subject = (ANSWER, answer_id) if closed else (plans.SUBJECT, check_in.id)
    owner_id, site_id = responsible(check_in.patient_id)
    worklist.raise_item(
        RISK,
        *subject,
        patient_id=check_in.patient_id,
        owner_id=owner_id,
        site_id=site_id,
        level=judgement.level,
        reason=judgement.words,
        due_at=response_due(
            judgement.level, at, check_in.zone, configuration.next_working_day, configuration.values()
        ),
        at=at,
    )


def _safety_plan(
    check_in: CheckIn, fresh: Sequence[Reason], level: Level, answer_id: UUID, at: datetime
) -> None:
    """Danger asks for a safety plan the same day; any other acute or high answer for its review (C8.12)."""
    asked = [SAFETY[reason.item] for reason in fresh if reason.item in SAFETY]
    for cause in asked:
        safety.ask(check_in.patient_id, cause, answer_id, at=at)
    if not asked and level in (Level.ACUTE, Level.HIGH):
        safety.review(check_in.patient_id, Cause.ANSWER, answer_id, at=at)
