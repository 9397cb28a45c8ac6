"""The episodes of a chart: referral, stays, what was highest, what is planned."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select

from clinic.chart.queries.measures import in_figures, scored
from clinic.chart.rules import Drawing, Moment, Piece, draw, span_words
from clinic.core.db import read
from clinic.episodes.queries import EpisodeRow, StayRow
from clinic.episodes.rules import Course, course
from clinic.instruments import queries as instruments
from clinic.instruments.queries import AdministrationRow
from clinic.intake.models import Referral
from clinic.patients.access import OpenRecord

BEFORE = timedelta(days=90)  # an older call for help did not lead to this episode
_REFERRALS = select(Referral.received_at).where(Referral.patient_id == bindparam("patient_id"))


class Episode(NamedTuple):
    """One episode: its number, its pieces in words, its drawing."""

    number: int
    pieces: list[tuple[str, str]]
    drawing: Drawing


def course_of(
    record: OpenRecord,
    stays: Sequence[tuple[UUID, StayRow]],
    forms: Sequence[AdministrationRow],
    ahead: Sequence[Moment],
) -> list[Episode]:
    """Every episode, the latest first: referral, stays, highest COWS and PHQ-9, what is planned in it."""
    referrals = read(_REFERRALS, {"patient_id": record.id}).scalars().all()
    by_episode: dict[UUID, list[Piece]] = {}
    for episode_id, stay in stays:
        piece = Piece(stay.track.value, stay.track.label, stay.starts_at, stay.ends_at)
        by_episode.setdefault(episode_id, []).append(piece)
    found = []
    for number, pieces in enumerate(by_episode.values(), 1):
        whole = [*_referral(referrals, pieces[0].starts_at), *pieces]
        moments = [*_peaks(forms, whole), *(ahead if whole[-1].ends_at is None else ())]
        now, zone = record.opened_at, record.zone
        words = [(piece.word, span_words(piece, now, zone)) for piece in whole]
        found.append(Episode(number, words, draw(whole, moments, now, zone)))
    return found[::-1]


def _referral(received: Sequence[datetime], opened_at: datetime) -> list[Piece]:
    """The call for help that led to an episode, if one is kept."""
    fitting = [at for at in received if opened_at - BEFORE <= at <= opened_at]
    return [Piece("referral", "Referral", max(fitting), opened_at)] if fitting else []


def strip_of(episode: EpisodeRow, stays: Sequence[tuple[UUID, StayRow]]) -> Course:
    """The course strip of the open episode."""
    tracks = [stay.track for episode_id, stay in stays if episode_id == episode.id]
    return course(tracks, episode.track, episode.words)


def _peaks(forms: Sequence[AdministrationRow], pieces: Sequence[Piece]) -> Iterator[Moment]:
    begin, end = pieces[0].starts_at, pieces[-1].ends_at
    for instrument_id in ("cows", "phq9"):
        instrument = instruments.get(instrument_id)
        own = [form for form in forms if form.instrument_id == instrument_id]
        within = [
            (value, form.observed_at)
            for value, form in scored(own, instrument)
            if form.observed_at >= begin and (end is None or form.observed_at <= end)
        ]
        if within:
            value, at = max(within)
            yield Moment(at, f"Highest {instrument.short_title} {in_figures(value)}")
