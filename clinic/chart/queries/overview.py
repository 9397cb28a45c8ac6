"""What each room knows of one patient whose record was opened, as far as the reader's rights go."""

from typing import NamedTuple

from clinic.aftercare.queries import plans as aftercare
from clinic.cases import queries as cases
from clinic.chart.queries import ahead
from clinic.chart.queries.course import Episode, course_of, strip_of
from clinic.chart.queries.measures import Measure, scales
from clinic.chart.rules import Moment
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.episodes import queries as episodes
from clinic.episodes.queries import EpisodeRow
from clinic.episodes.rules import Course
from clinic.history import queries as history
from clinic.history.rules import CODE_LABELS, FactKind, allergies, naloxone
from clinic.instruments import queries as instruments
from clinic.patients.access import OpenRecord
from clinic.patients.rules import Right, Sex
from clinic.safety import queries as safety_plans
from clinic.safety.rules import State
from clinic.worklist import queries as worklist
from clinic.worklist.rules import Level

NOTES_SHOWN, MEASURES_SHOWN = 4, 6
NO_PLAN = safety_plans.Standing(State.NONE)


class Overview(NamedTuple):
    """The parts of the chart; a part that the reader may not see, or that nobody wrote yet, is empty."""

    episode: EpisodeRow | None
    next: list[Moment]
    strip: Course | None
    course: list[Episode]
    measures: list[Measure]
    measured: int
    notes: list[cases.NoteRow]
    safety: list[tuple[str, str]]
    plan: safety_plans.Version | None
    standing: safety_plans.Standing
    risk: tuple[Level, str] | None
    aftercare: aftercare.Summary | None


def overview(record: OpenRecord) -> Overview:
    """All parts, in a fixed number of queries."""
    clinical, now = Right.CLINICAL in record.rights, record.opened_at
    episode = episodes.open_episode(record.id, now=now) if clinical else None
    care = aftercare.summary(record.id, now=now) if Right.AFTERCARE in record.rights else None
    promised = ahead.contact(episode)
    forms = instruments.history(record.id) if clinical else []
    measures, stays = list(scales(forms)), episodes.stays(record.id) if clinical else []
    return Overview(
        episode=episode,
        next=ahead.soonest([*promised, *ahead.check_in(care), *ahead.sessions(record)]),
        strip=strip_of(episode, stays) if episode else None,
        course=course_of(record, stays, forms, promised),
        measures=measures[:MEASURES_SHOWN],
        measured=len(measures),
        notes=cases.notes(record.id, limit=NOTES_SHOWN) if Right.NOTES in record.rights else [],
        safety=_safety(record) if clinical else [],
        plan=safety_plans.in_force(record.id) if clinical else None,
        standing=safety_plans.standing(record.id) if clinical else NO_PLAN,
        risk=worklist.level_of(record.id) if clinical else None,
        aftercare=care if care and (care.plan_version or care.asked) else None,
    )


def _safety(record: OpenRecord) -> list[tuple[str, str]]:
    """What must not be overlooked, in words; never a blank for what nobody asked."""
    facts = history.facts(record.id)
    today = local(record.opened_at, current().zone).date()
    latest = {kind: of[0] for kind, of in facts.items()}
    given = latest.get(FactKind.NALOXONE)

    def told(kind: FactKind) -> str:
        return CODE_LABELS[latest[kind].code] if kind in latest else "Not asked"

    asked_pregnancy = record.sex is not Sex.MALE or FactKind.PREGNANCY in latest
    return [
        ("Naloxone", naloxone(given.code, given.expires_on, today) if given else naloxone(None, None, today)),
        ("Allergies", allergies([(fact.code, fact.detail) for fact in facts.get(FactKind.ALLERGY, [])])),
        *([("Pregnancy", told(FactKind.PREGNANCY))] if asked_pregnancy else []),
        ("Seizure in withdrawal", told(FactKind.SEIZURE_HISTORY)),
    ]
