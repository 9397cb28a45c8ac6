"""How the details of a patient were corrected; the caller has authorised."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic.accounts import queries as accounts
from clinic.core.db import db
from clinic.patients.models import DetailsCorrection
from clinic.patients.rules import LANGUAGES, Sex, born
from clinic.web.amendments import Amendment, Change

LABELS = {
    "family_name": "Family name",
    "given_name": "Given name",
    "called_name": "Called",
    "pronouns": "Pronouns",
    "birth_date": "Date of birth",
    "sex": "Sex",
    "language": "Language of texts",
}


def corrections(patient_id: UUID) -> list[Amendment]:
    """Every correction of the details with before and after in words, oldest first."""
    mine = select(DetailsCorrection).where(DetailsCorrection.patient_id == patient_id)
    rows = db.session.scalars(mine.order_by(DetailsCorrection.version)).all()
    names = accounts.names(row.corrected_by for row in rows if row.corrected_by)
    return [
        Amendment(
            row.corrected_at,
            names[row.corrected_by] if row.corrected_by else "A command",
            row.reason,
            [
                Change(LABELS[name], _words(name, before), _words(name, after))
                for name, (before, after) in row.changes.items()
            ],
        )
        for row in rows
    ]


def _words(name: str, text: str | None) -> str:
    match name:
        case _ if text is None:
            return "Empty"
        case "birth_date":
            return born(date.fromisoformat(text))
        case "sex":
            return Sex(text).label
        case "language":
            return LANGUAGES[text]
    return text
