"""Loading the clinic's own wording of an instrument."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select

from clinic.audit import services as audit
from clinic.core.db import transaction
from clinic.instruments import queries
from clinic.instruments.models import InstrumentWording
from clinic.instruments.rules import read_wording


def load_wording(text: str, *, at: datetime) -> tuple[str, int]:
    """Keep the texts of a wording file as the newest version of its instrument; all of it or nothing.

    Returns the instrument's id and the version. Raises Unusable with a sentence for who wrote the file.
    """
    wording = read_wording(text, queries.all_instruments())
    texts = asdict(wording)
    instrument_id = texts.pop("instrument_id")
    mine = InstrumentWording.instrument_id == instrument_id
    with transaction() as session:
        newest = session.scalar(select(func.max(InstrumentWording.version)).where(mine)) or 0
        row = InstrumentWording(instrument_id=instrument_id, version=newest + 1, texts=texts, loaded_at=at)
        session.add(row)
        audit.record(
            "instrument.wording_loaded", at=at, subject_kind="instrument_wording", subject_id=row.id,
            detail=instrument_id,
        )  # fmt: skip
        return instrument_id, row.version
