"""How the details of a patient were corrected; the caller has authorised."""

from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from clinic.accounts.models import User
from clinic.core.db import read
from clinic.patients.models import DetailsCorrection
from clinic.patients.rules import LANGUAGES, Sex, born
from clinic.web.amendments import Amendment, Change

LABELS = {
    "family_name": "Family name",
    "given_name": "Given name",
    "called_name": "Called",
    "pronouns": "Pronouns",
    "former_names": "Former family names",
    "birth_date": "Date of birth",
    "address": "Address",
    "sex": "Sex",
    "language": "Language of texts",
}
_CORRECTIONS = (
    select(*DetailsCorrection.__table__.c, User.name)
    .outerjoin(User, User.id == DetailsCorrection.corrected_by)
    .where(DetailsCorrection.patient_id == bindparam("patient_id"))
    .order_by(DetailsCorrection.version)
)


def corrections(patient_id: UUID) -> list[Amendment]:
    """Every correction of the details with before and after in words, oldest first."""
    return [
        Amendment(
            row.corrected_at,
            row.name or "A command",
            DetailsCorrection.reason.reveal(row.id, row.reason_sealed),
            [
                Change(LABELS[name], _words(name, before), _words(name, after))
                for name, (before, after) in DetailsCorrection.changes.reveal(
                    row.id, row.changes_sealed
                ).items()
            ],
        )
        for row in read(_CORRECTIONS, {"patient_id": patient_id})
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
