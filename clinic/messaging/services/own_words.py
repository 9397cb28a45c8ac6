"""The clinic's own words for its texts and letters. Nothing is overwritten: to undo is a further decision."""

from datetime import datetime

from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Invalid, Stale
from clinic.core.ids import uuid7
from clinic.core.settings import current
from clinic.messaging import queries
from clinic.messaging.models import OwnWords
from clinic.messaging.rules.own_words import Which, Wording, problem


def decide_words(which: Which, own: Wording | None, *, read: int, reason: str, at: datetime) -> None:
    """Say it like this from now on; None is as shipped. `read` is the version it was decided on, 0 for none.

    Raises Stale where somebody decided meanwhile, Invalid(part of the wording, why).
    """
    if own is not None and (wrong := problem(which, own, current().public_url)):
        raise Invalid(*wrong)
    row_id = uuid7()
    row = {
        "id": row_id,
        **which._asdict(),
        "version": read + 1,
        **(own._asdict() if own else dict.fromkeys(Wording._fields)),
        "reason_sealed": OwnWords.reason.seal(row_id, reason),
        "changed_by": actor.user_id(),
        "changed_at": at,
    }
    with transaction() as session:
        newest = next(iter(queries.words_history(which)), None)
        if read != (newest.version if newest else 0) or not insert_new(session, OwnWords, [row]):
            raise Stale
        before = newest.said if newest else None
        changes = {"words": [before and before._asdict(), own and own._asdict()]}
        told = " ".join(which)
        audit.record("words.decided", at=at, subject_kind="template", detail=told, changes=changes)


def bring_back(which: Which, version: int, *, read: int, at: datetime) -> None:
    """Undo: say it again as by an earlier version, 0 for as shipped. Raises what `decide_words` raises."""
    with transaction():
        former = {one.version: one.said for one in queries.words_history(which)} | {0: None}
        if version not in former:
            raise Stale
        words = f"Undo: back to version {version}" if version else "Undo: as shipped"
        decide_words(which, former[version], read=read, reason=words, at=at)
