"""What was typed when a sign-in or a form's token had run out: kept a day, for the same person only."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from clinic.accounts import queries
from clinic.accounts.models import KeptForm
from clinic.accounts.rules import KEPT_FOR
from clinic.audit import services as audit
from clinic.core.db import transaction

NEVER_KEPT = ("csrf_token", "form_id")


def keep_form(
    user_id: UUID, path: str, typed: Mapping[str, list[str]], *, at: datetime, real: datetime
) -> UUID | None:
    """Keep what somebody sent to `path`, without passwords; the opaque id by which it is asked for again.

    None where nothing was typed.
    """
    fields = {
        name: texts for name, texts in typed.items() if name not in NEVER_KEPT and "password" not in name
    }
    if not any(text for texts in fields.values() for text in texts):
        return None
    with transaction() as session:
        kept = KeptForm(user_id=user_id, path=path, fields=fields, kept_at=real, expires_at=real + KEPT_FOR)
        session.add(kept)
        audit.record(
            "kept_form.kept", at=at, subject_kind="kept_form", subject_id=kept.id, detail=str(user_id)
        )
    return kept.id


def form_for(kept_id: UUID, user_id: UUID, *, at: datetime, real: datetime) -> KeptForm | None:
    """What this person had typed. Another one gets nothing, as if it did not exist; that is audited."""
    kept = queries.kept_form(kept_id, real)
    if kept is None or kept.user_id == user_id:
        return kept
    audit.record("kept_form.refused", at=at, subject_kind="kept_form", subject_id=kept_id)
    return None
