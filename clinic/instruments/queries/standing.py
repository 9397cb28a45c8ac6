"""Where a patient stands with every scale: begun, asked for, taken, never taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from clinic.configuration import queries as configuration
from clinic.instruments.queries import administrations
from clinic.instruments.queries.administrations import AdministrationRow
from clinic.instruments.queries.courses import Course, courses
from clinic.instruments.queries.definitions import all_instruments, loaded
from clinic.instruments.rules import Flag, Instrument, asked_for


@dataclass(frozen=True)
class Asked:
    """A form of another scale whose flag asks for this one."""

    by: Instrument
    row: AdministrationRow
    flag: Flag


@dataclass(frozen=True)
class Standing:
    """One scale. `open` is the form that is being filled in or waits for its signature; `latest` the newest
    completed one, `course` that of the first score, `again` when it was to be taken again, if that is over.
    `paraphrase`: staff only, for want of wording."""

    instrument: Instrument
    open: AdministrationRow | None
    latest: AdministrationRow | None
    course: Course | None
    asked: Asked | None
    again: datetime | None
    paraphrase: bool

    @property
    def to_do(self) -> bool:
        """Whether somebody must finish, sign or take it."""
        return bool(self.open or self.asked or self.again)


def standings(patient_id: UUID, *, now: datetime) -> list[Standing]:
    """Every scale of the clinic, the last taken first, then those never taken; three queries."""
    known, own_words = all_instruments(), loaded()
    drafts = {row.instrument_id: row for row in administrations.drafts(patient_id)}
    taken: dict[str, list[AdministrationRow]] = {}
    for row in administrations.history(patient_id):
        if row.instrument_id in known:  # else a file that was taken away: its forms keep their own pages
            taken.setdefault(row.instrument_id, []).append(row)
    asked = _asked(known, taken)
    days = {one.instrument_id: one.days for one in configuration.value("scale_intervals")}
    return [
        Standing(
            instrument=known[name],
            open=drafts.get(name) or _unsigned(taken.get(name, ())),
            latest=next(iter(taken.get(name, ())), None),
            course=courses(known[name], taken[name])[0] if name in taken else None,
            asked=asked.get(name),
            again=_again(taken.get(name, ()), days.get(name), now),
            paraphrase=known[name].staff_only and name not in own_words,
        )
        for name in [*taken, *(other for other in known if other not in taken)]
    ]


def retired(patient_id: UUID) -> list[AdministrationRow]:
    """Completed forms of scales whose file was taken away, newest first."""
    known = all_instruments()
    return [row for row in administrations.history(patient_id) if row.instrument_id not in known]


def _unsigned(rows: Sequence[AdministrationRow]) -> AdministrationRow | None:
    return next((row for row in rows[:1] if row.signed_at is None), None)


def _again(rows: Sequence[AdministrationRow], days: int | None, now: datetime) -> datetime | None:
    if not rows or days is None:
        return None
    due = rows[0].observed_at + timedelta(days=days)
    return due if due <= now else None


def _asked(
    known: Mapping[str, Instrument], taken: Mapping[str, Sequence[AdministrationRow]]
) -> dict[str, Asked]:
    found: dict[str, Asked] = {}
    for instrument_id, (latest, *_) in taken.items():
        for other, flag in asked_for(known, instrument_id, latest.flags).items():
            answered = other in taken and taken[other][0].observed_at >= latest.observed_at
            if not answered:
                found.setdefault(other, Asked(known[instrument_id], latest, flag))
    return found
