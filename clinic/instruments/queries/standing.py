"""Where a patient stands with every scale: begun, asked for, taken, never taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

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
    completed one, `course` that of the first score. `paraphrase`: staff only, for want of wording."""

    instrument: Instrument
    open: AdministrationRow | None
    latest: AdministrationRow | None
    course: Course | None
    asked: Asked | None
    paraphrase: bool

    @property
    def to_do(self) -> bool:
        """Whether somebody must finish, sign or take it."""
        return self.open is not None or self.asked is not None


def standings(patient_id: UUID) -> list[Standing]:
    """Every scale of the clinic, the last taken first, then those never taken; three queries."""
    known, own_words = all_instruments(), loaded()
    drafts = {row.instrument_id: row for row in administrations.drafts(patient_id)}
    taken: dict[str, list[AdministrationRow]] = {}
    for row in administrations.history(patient_id):
        if row.instrument_id in known:  # else a file that was taken away: its forms keep their own pages
            taken.setdefault(row.instrument_id, []).append(row)
    asked = _asked(known, taken)
    return [
        _standing(known[name], taken.get(name, ()), drafts.get(name), asked.get(name), name in own_words)
        for name in [*taken, *(other for other in known if other not in taken)]
    ]


def _standing(
    instrument: Instrument,
    rows: Sequence[AdministrationRow],
    draft: AdministrationRow | None,
    asked: Asked | None,
    own_words: bool,
) -> Standing:
    latest = rows[0] if rows else None
    unsigned = latest if latest and latest.signed_at is None else None
    return Standing(
        instrument=instrument,
        open=draft or unsigned,
        latest=latest,
        course=courses(instrument, rows)[0] if rows else None,
        asked=asked,
        paraphrase=instrument.staff_only and not own_words,
    )


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
