"""What the banner tells of a patient's history, to those who may know it."""

from datetime import datetime
from uuid import UUID

from flask import get_template_attribute
from markupsafe import Markup

from clinic.core.rules import local
from clinic.core.settings import current
from clinic.history import queries
from clinic.history.rules import FactKind, allergies, last_use_words, naloxone
from clinic.patients.registry import BannerPart, Tab
from clinic.patients.rules import Right


def last_use(patient_id: UUID, now: datetime) -> Markup | str:
    """Last use about 19 h ago: while withdrawal may still run by the clock (C1.1)."""
    words = last_use_words([use.last_use for use in queries.uses(patient_id)], now)
    return get_template_attribute("macros/parts.html", "tag")(words, "warning", "warning") if words else ""


def known_allergies(patient_id: UUID, _: datetime) -> str:
    """Penicillin; None known; Not asked."""
    return allergies([(fact.code, fact.detail) for fact in queries.facts_of(patient_id, FactKind.ALLERGY)])


def naloxone_state(patient_id: UUID, now: datetime) -> str:
    """Given; Declined; Expired, offer it again; Not asked."""
    fact = queries.current(patient_id, FactKind.NALOXONE)
    today = local(now, current().zone).date()
    return naloxone(fact.code, fact.expires_on, today) if fact else naloxone(None, None, today)


BANNER = (
    BannerPart(Right.CLINICAL, last_use),
    BannerPart(Right.CLINICAL, known_allergies, "Allergies"),
    BannerPart(Right.CLINICAL, naloxone_state, "Naloxone"),
)
TABS = (Tab("History", "history.overview", Right.CLINICAL, 90),)
