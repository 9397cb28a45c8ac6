"""A signed form is never changed: an amendment is a further edition of it, with its reason."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from clinic.core.db import transaction
from clinic.core.errors import Invalid, Refused, Stale
from clinic.instruments import queries
from clinic.instruments.models import Administration
from clinic.instruments.queries import AdministrationRow
from clinic.instruments.rules import Filled, Incomplete
from clinic.instruments.services.filling import judge, keep_record, tell, user, write
from clinic.patients.access import require
from clinic.patients.rules import Right


class Unfinished(Refused):
    """The corrected form cannot be scored: what it still needs, by item or `context.NAME`."""

    status = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("The corrected form has no score yet. Answer what is missing.")
        self.errors = errors


def amend(
    patient_id: UUID, first_id: UUID, filled: Filled, reason: str, *, edition: int, at: datetime
) -> UUID:
    """Keep a corrected edition of a signed form, signed at once. `edition` is the one that was shown.

    Raises Stale where somebody amended it meanwhile, Unfinished, Invalid, Refused for a form that nobody
    signed, Missing, Hidden.
    """
    with transaction() as session:
        require(patient_id, Right.CLINICAL, at)
        # Two who amend the same form wait for each other here: the second sees the first's edition.
        session.scalar(select(Administration.id).where(Administration.id == first_id).with_for_update())
        before = queries.editions(patient_id, first_id)[-1]
        _check(before, filled, reason, edition)
        instrument = queries.get(before.instrument_id)
        result = judge(instrument, filled, at)
        if isinstance(result, Incomplete):
            raise Unfinished(result.errors)
        row = Administration(
            patient_id=patient_id, instrument_id=instrument.id, amends_id=first_id, edition=edition + 1
        )
        row.reason = reason
        write(row, instrument, filled, result, at, scored=True)
        row.wording_id = before.wording_id
        row.signed_at, row.signed_by = at, user()
        session.add(row)
        session.flush()
        keep_record("amended", row, at)
        tell(row, result, at, finished=True)
        return row.id


def _check(before: AdministrationRow, filled: Filled, reason: str, edition: int) -> None:
    if before.signed_at is None:
        raise Refused("This form is not signed yet. Change its answers instead of amending it.")
    if before.edition != edition:
        raise Stale
    if not reason.strip():
        raise Invalid("reason", "Enter reason for the amendment")
    if before.filled == replace(filled, wording=None):
        raise Invalid("", "Nothing was changed yet. Change what is wrong, then save the amendment")
