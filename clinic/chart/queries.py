"""What each room knows of one patient whose record was opened, as far as the reader's rights go."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from clinic.aftercare.queries import plans as aftercare
from clinic.cases import queries as cases
from clinic.chart.rules import Drawing, Moment, draw, span_words
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.episodes import queries as episodes
from clinic.episodes.queries import EpisodeRow, StayRow
from clinic.episodes.rules import Course, StaySpan, course
from clinic.history import queries as history
from clinic.history.rules import CODE_LABELS, FactKind, allergies, naloxone
from clinic.instruments import queries as instruments
from clinic.instruments.queries import AdministrationRow
from clinic.instruments.rules import Instrument
from clinic.patients.access import OpenRecord
from clinic.patients.rules import Right, Sex
from clinic.scheduling import queries as scheduling
from clinic.scheduling.rules import State
from clinic.worklist import queries as worklist
from clinic.worklist.rules import Level

NOTES_SHOWN, MEASURES_SHOWN, VALUES_SHOWN, NEXT_SHOWN = 4, 6, 8, 5


class Episode(NamedTuple):
    """One episode: its number, the days of its stays in words, its drawing if it is the latest."""

    number: int
    stays: list[tuple[str, str]]
    drawing: Drawing


class Measure(NamedTuple):
    """One scale: its values oldest first, the ends of the scale, the last value's date and band."""

    administration_id: UUID
    title: str
    values: list[float]
    low: float
    high: float
    last: str
    band: str
    first: str | None
    at: datetime


class Aftercare(NamedTuple):
    """How check-ins are answered, and when the relapse-prevention plan was last written."""

    answered: int
    asked: int
    plan_version: int | None
    plan_written_at: datetime | None


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
    risk: tuple[Level, str] | None
    aftercare: Aftercare | None


def overview(record: OpenRecord) -> Overview:
    """All parts, in a fixed number of queries."""
    clinical, now = Right.CLINICAL in record.rights, record.opened_at
    episode = episodes.open_episode(record.id, now=now) if clinical else None
    contact = _contact(episode)
    forms = instruments.history(record.id) if clinical else []
    measures, stays = list(_measures(forms)), episodes.stays(record.id) if clinical else []
    return Overview(
        episode=episode,
        next=_next([*contact, *_check_ins(record), *_sessions(record)]),
        strip=_strip(episode, stays) if episode else None,
        course=_course(record, stays, forms, contact),
        measures=measures[:MEASURES_SHOWN],
        measured=len(measures),
        notes=cases.notes(record.id, limit=NOTES_SHOWN) if Right.NOTES in record.rights else [],
        safety=_safety(record) if clinical else [],
        risk=worklist.levels([record.id], now=now).get(record.id) if clinical else None,
        aftercare=_aftercare(record),
    )


def _contact(episode: EpisodeRow | None) -> list[Moment]:
    """The next contact that the owner promised."""
    return [Moment(episode.next_contact.moment, episode.next_contact.kind.label)] if episode else []


def _next(planned: Sequence[Moment]) -> list[Moment]:
    """Soonest first; of two at one moment the one named last, for a promised contact is often a session."""
    return sorted({one.at: one for one in planned}.values(), key=lambda one: one.at)[:NEXT_SHOWN]


def _sessions(record: OpenRecord) -> list[Moment]:
    """Planned sessions; the desk reads 'Appointment'."""
    if Right.SCHEDULE not in record.rights:
        return []
    rows = scheduling.of_patient(record.id, now=record.opened_at)
    return [
        Moment(row.starts_at, f"{row.title}, {row.therapist}")
        for row, _, _ in rows
        if row.state is State.PLANNED and row.starts_at > record.opened_at
    ]


def _check_ins(record: OpenRecord) -> list[Moment]:
    """The next check-in by text."""
    if Right.AFTERCARE not in record.rights:
        return []
    coming = aftercare.next_check_in(record.id, now=record.opened_at)
    return [Moment(coming.due_at, "Check-in by text")] if coming else []


def _aftercare(record: OpenRecord) -> Aftercare | None:
    """None before a plan was written and a check-in was due, or for who may not see it."""
    if Right.AFTERCARE not in record.rights:
        return None
    answered, asked = aftercare.answered_of(record.id, now=record.opened_at)
    plan = aftercare.written(record.id)
    if plan is None and not asked:
        return None
    return Aftercare(answered, asked, plan.n if plan else None, plan.written_at if plan else None)


def _strip(episode: EpisodeRow, stays: Sequence[tuple[UUID, StayRow]]) -> Course:
    tracks = [stay.track for episode_id, stay in stays if episode_id == episode.id]
    return course(tracks, episode.track, episode.words)


def _course(
    record: OpenRecord,
    rows: Sequence[tuple[UUID, StayRow]],
    forms: Sequence[AdministrationRow],
    ahead: Sequence[Moment],
) -> list[Episode]:
    """Every episode, the latest first: its stays, its highest COWS and PHQ-9, what is planned in it."""
    by_episode: dict[UUID, list[StaySpan]] = {}
    for episode_id, stay in rows:
        by_episode.setdefault(episode_id, []).append(StaySpan(stay.track, stay.starts_at, stay.ends_at))
    now, zone = record.opened_at, record.zone
    return [
        Episode(
            number,
            [(stay.track.label, span_words(stay, now, zone)) for stay in stays],
            draw(stays, [*_peaks(forms, stays), *(ahead if stays[-1].ends_at is None else ())], now, zone),
        )
        for number, stays in reversed(list(enumerate(by_episode.values(), 1)))
    ]


def _peaks(forms: Sequence[AdministrationRow], stays: Sequence[StaySpan]) -> Iterator[Moment]:
    until = stays[-1].ends_at
    for instrument_id in ("cows", "phq9"):
        instrument = instruments.get(instrument_id)
        scored = _scored([form for form in forms if form.instrument_id == instrument_id], instrument)
        within = [
            (value, form.observed_at)
            for value, form in scored
            if form.observed_at >= stays[0].starts_at and (until is None or form.observed_at <= until)
        ]
        if within:
            value, at = max(within)
            yield Moment(at, f"Highest {instrument.short_title} {_number(value)}")


def _measures(forms: Sequence[AdministrationRow]) -> Iterator[Measure]:
    """Each instrument's first scale, the one last filled in first."""
    by_instrument: dict[str, list[AdministrationRow]] = {}
    for form in forms:
        by_instrument.setdefault(form.instrument_id, []).append(form)
    known = instruments.all_instruments()
    for instrument_id, rows in by_instrument.items():
        if instrument_id not in known:
            continue  # a file that was taken away; its forms stay on their own page
        instrument = known[instrument_id]
        if scored := _scored(rows, instrument)[:VALUES_SHOWN]:
            yield _measure(instrument, scored)


def _measure(instrument: Instrument, scored: Sequence[tuple[float, AdministrationRow]]) -> Measure:
    scale, values, newest = instrument.scales[0], [value for value, _ in reversed(scored)], scored[0][1]
    return Measure(
        administration_id=newest.id,
        title=instrument.short_title,
        values=values,
        low=scale.low,
        high=scale.high,
        last=_number(values[-1]),
        band=newest.band_label(scale.id),
        first=_number(values[0]) if len(values) > 1 else None,
        at=newest.observed_at,
    )


def _scored(
    forms: Sequence[AdministrationRow], instrument: Instrument
) -> list[tuple[float, AdministrationRow]]:
    """The value of the first scale of each form that has one, newest first."""
    scale = instrument.scales[0].id
    found = [((form.scores or {}).get(scale), form) for form in forms]
    return [(float(value), form) for value, form in found if value is not None]


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


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
