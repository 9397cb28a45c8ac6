"""Drafts of long forms: sealed, of their author only, the second of two tabs is told."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from clinic.accounts.models import KeptDraft
from clinic.accounts.rules import DRAFT_KEPT_FOR
from clinic.audit import services as audit
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Stale
from clinic.core.ids import uuid7


def keep_draft(
    user_id: UUID,
    address: str,
    fields: Mapping[str, list[str]],
    *,
    seen: int,
    patient_ids: Iterable[UUID],
    at: datetime,
    real: datetime,
) -> int:
    """Keep the next version of somebody's draft of the form at `address`; gives its number.

    `seen` is the version that the page showed, 0 for none; raises Stale where it is not the newest.
    """
    mine = (KeptDraft.user_id == user_id, KeptDraft.address == address)
    with transaction() as session:
        held = select(KeptDraft).where(*mine).with_for_update()
        row = session.scalar(held.execution_options(populate_existing=True))
        if (row.version if row else 0) != seen:
            raise Stale
        if row is None:
            row_id = uuid7()
            given = {"id": row_id, "user_id": user_id, "address": address, "version": 1, "saved_at": at}
            given |= {"expires_at": real + DRAFT_KEPT_FOR}
            given["fields_sealed"] = KeptDraft.fields.seal(row_id, dict(fields))
            if not insert_new(session, KeptDraft, [given]):
                raise Stale
        else:
            row_id, row.fields, row.version = row.id, dict(fields), seen + 1
            row.saved_at, row.expires_at = at, real + DRAFT_KEPT_FOR
        audit.record("draft.kept", patient_ids, at=at, subject_kind="kept_draft", subject_id=row_id)
    return seen + 1


def drop_draft(user_id: UUID, address: str) -> None:
    """Forget a draft: its form was taken, or its author does not want it."""
    with transaction() as session:
        session.execute(delete(KeptDraft).where(KeptDraft.user_id == user_id, KeptDraft.address == address))
