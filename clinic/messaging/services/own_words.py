"""The clinic's own words for its texts. Nothing is overwritten: to undo is a further decision."""

from datetime import datetime

from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Invalid, Stale
from clinic.core.ids import uuid7
from clinic.core.settings import current
from clinic.messaging import queries
from clinic.messaging.models import OwnWords
from clinic.messaging.rules.own_words import problem
from clinic.messaging.rules.templates import WORDS


def decide_words(
    template: str, language: str, text: str | None, *, read: int, reason: str, at: datetime
) -> None:
    """Say it like this from now on; None is as shipped. `read` is the version it was decided on, 0 for none.

    Raises Stale where somebody decided meanwhile, Invalid("text", why).
    """
    if text is not None and (why := problem(WORDS, template, language, text, current().public_url)):
        raise Invalid("text", why)
    row_id = uuid7()
    row = {
        "id": row_id,
        "template": template,
        "language": language,
        "version": read + 1,
        "text": text,
        "reason_sealed": OwnWords.reason.seal(row_id, reason),
        "changed_by": actor.user_id(),
        "changed_at": at,
    }
    with transaction() as session:
        newest = next(iter(queries.words_history(template, language)), None)
        if read != (newest.version if newest else 0) or not insert_new(session, OwnWords, [row]):
            raise Stale
        change = {"text": [newest.text if newest else None, text]}
        audit.record(
            "words.decided", at=at, subject_kind="template", detail=f"{template} {language}", changes=change
        )


def bring_back(template: str, language: str, version: int, *, read: int, at: datetime) -> None:
    """Undo: say it again as by an earlier version, 0 for as shipped. Raises what `decide_words` raises."""
    with transaction():
        former = {one.version: one.text for one in queries.words_history(template, language)} | {0: None}
        if version not in former:
            raise Stale
        words = f"Undo: back to version {version}" if version else "Undo: as shipped"
        decide_words(template, language, former[version], read=read, reason=words, at=at)
