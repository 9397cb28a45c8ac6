"""Keeping the keys by which likely duplicates are looked up, in the transaction of what they follow from."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.core.db import insert_new, transaction
from clinic.core.ids import uuid7
from clinic.patients import queries
from clinic.patients.models import BlockingKey
from clinic.patients.rules.blocking import keys

BATCH = 500


def keep_keys(session: Session, ids: Collection[UUID], *, now: datetime) -> None:
    """Add what is missing of the keys of patients as they are now."""
    rows = [
        {"id": uuid7(), "patient_id": known.person.id, "key": key}
        for known in queries.described(ids, now=now)
        for key in queries.blocking_keys(keys(known.identifiers))
    ]
    insert_new(session, BlockingKey, rows)


def make_up_keys(*, now: datetime) -> int:
    """Give keys to patients of before there were keys, BATCH at a time. How many patients."""
    done = 0
    while ids := queries.without_keys(BATCH):
        with transaction() as session:
            keep_keys(session, ids, now=now)
        done += len(ids)
    return done
