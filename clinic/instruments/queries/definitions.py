"""The instruments the clinic has: from files, and in which wording."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from clinic.configuration import queries as configuration
from clinic.core.db import db, read
from clinic.core.errors import Missing
from clinic.instruments.models import InstrumentWording
from clinic.instruments.rules import Instrument, Malformed, Wording, parse, with_limits
from clinic.instruments.rules import worded as in_words

SHIPPED = Path(__file__).parent.parent / "data"


@cache
def read_folder(folder: Path) -> Mapping[str, Instrument]:
    """The instruments of a folder by id; none where there is no folder. Raises Malformed naming the file."""
    found = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            instrument = parse(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Malformed(f"{file.name}: {error}") from error
        found[instrument.id] = instrument
    return found


def all_instruments() -> Mapping[str, Instrument]:
    """Every instrument by id: those shipped, and the clinic's own files, which replace one of the same id."""
    known: Mapping[str, Instrument] = current_app.extensions["clinic.instruments"]
    return known


def get(instrument_id: str) -> Instrument:
    """One instrument in the words of its file, with the limits this clinic has set. Raises Missing."""
    try:
        instrument = all_instruments()[instrument_id]
    except KeyError:
        raise Missing from None
    key = f"scale_limit_{instrument_id}_"
    decided = configuration.values()
    limits = {name.removeprefix(key): value for name, value in decided.items() if name.startswith(key)}
    return with_limits(instrument, limits)


def worded(instrument_id: str) -> Instrument:
    """One instrument in the words the clinic uses now. Raises Missing."""
    newest = (
        select(InstrumentWording.version, InstrumentWording.texts)
        .where(InstrumentWording.instrument_id == instrument_id)
        .order_by(InstrumentWording.version.desc())
        .limit(1)
    )
    return _in_words(get(instrument_id), newest)


def as_recorded(instrument_id: str, wording_id: UUID | None) -> Instrument:
    """One instrument in the words it was filled in with; None: those of its file. Raises Missing."""
    instrument = get(instrument_id)
    if wording_id is None:
        return instrument
    kept = select(InstrumentWording.version, InstrumentWording.texts)
    return _in_words(instrument, kept.where(InstrumentWording.id == wording_id))


def _in_words(instrument: Instrument, wanted: Any) -> Instrument:
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        return instrument
    return in_words(instrument, Wording(instrument.id, **found.texts), found.version)


def wording_id(instrument_id: str, version: int | None) -> UUID | None:
    """The loaded wording of that version; None for the file's own words. Raises Missing."""
    if version is None:
        return None
    wanted = select(InstrumentWording.id).where(
        InstrumentWording.instrument_id == instrument_id, InstrumentWording.version == version
    )
    found = db.session.scalar(wanted)
    if found is None:
        raise Missing
    return found


_LOADED = select(InstrumentWording.instrument_id).distinct()  # built once: building it costs more than asking


def loaded() -> frozenset[str]:
    """The instruments of which the clinic loaded its own wording."""
    return frozenset(read(_LOADED).scalars())
