"""What the banner and patient lists tell of somebody's episode."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import get_template_attribute
from markupsafe import Markup

from clinic.accounts import queries as accounts
from clinic.consents.registry import Line, Part
from clinic.consents.rules.elements import Category
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.episodes import queries, services
from clinic.patients.registry import BannerPart, ListColumn
from clinic.patients.rules import Right, born
from clinic.worklist.rules import CONTACT


def _tag(words: str, kind: str) -> Markup:
    made: Markup = get_template_attribute("macros/parts.html", "tag")(words, kind)
    return made


def level(patient_id: UUID, now: datetime) -> Markup | str:
    """A tag with level of care and day, or that no episode is open."""
    episode = queries.open_episode(patient_id, now=now)
    return _tag(episode.words, episode.track.value) if episode else _tag("Referral", "referral")


def owner(patient_id: UUID, now: datetime) -> str:
    """Who owns the open episode, and who acts while the owner is away."""
    episode = queries.open_episode(patient_id, now=now)
    if episode is None:
        return ""
    acting = accounts.stand_in(episode.owner_id, now) if episode.owner_away else None
    if acting is None:
        return episode.owner_name
    return f"{episode.owner_name} (away, {accounts.names([acting])[acting]} covers)"


def levels(patient_ids: Sequence[UUID], now: datetime) -> Mapping[UUID, Markup | str]:
    """Tags for a list."""
    found = queries.tracks_now(patient_ids, now=now)
    return {patient_id: _tag(words, track.value) for patient_id, (track, words) in found.items()}


def contact_recorded(_: UUID, patient_id: UUID | None, outcome: str, at: datetime) -> None:
    """Work was done by talking with the person: that was a contact."""
    if patient_id is not None and outcome in CONTACT:
        services.contacted(patient_id, at=at)


def admissions(patient_id: UUID, now: datetime) -> list[Line]:
    """For a recipient: each level of care from one day to another, in the clinic's zone."""
    return [
        (stay.track.label, f"{_on(stay.starts_at)} to {_on(stay.ends_at) if stay.ends_at else 'now'}")
        for _, stay in queries.stays(patient_id)
    ]


def _on(at: datetime) -> str:
    return born(local(at, current().zone).date())


BANNER = (BannerPart(Right.CLINICAL, level), BannerPart(Right.CLINICAL, owner, "Owner"))
LIST_COLUMNS = (ListColumn("Level of care", Right.CLINICAL, levels),)
PARTS = {Category.ADMISSION: Part(Right.CLINICAL, admissions)}
