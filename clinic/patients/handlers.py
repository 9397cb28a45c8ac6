"""The room's own parts of the banner."""

from datetime import datetime
from uuid import UUID

from flask import get_template_attribute
from markupsafe import Markup

from clinic.patients import queries
from clinic.patients.queries import Permission
from clinic.patients.registry import BannerPart, Tab
from clinic.patients.rules import READERS, Channel, Right
from clinic.web.navigation import Place


def namesake(patient_id: UUID, now: datetime) -> Markup | str:
    """An amber tag if another visible patient has nearly the same name."""
    name = queries.namesake(patient_id, now=now)
    words = f"Another patient is called {name}. Check the date of birth"
    return get_template_attribute("macros/parts.html", "tag")(words, "warning", "warning") if name else ""


def safe_to_contact(patient_id: UUID, _: datetime) -> str:
    """Text, 09:00 to 20:00. No voicemail."""
    allowed = queries.permission(patient_id, Channel.SMS)
    phones = [point for point in queries.contact_points(patient_id) if point.in_use_as_phone]
    voicemail = "Voicemail" if any(point.may_voicemail for point in phones) else "No voicemail"
    texts = (
        f"Text, {allowed.safe_from:%H:%M} to {allowed.safe_until:%H:%M}"
        if isinstance(allowed, Permission)
        else allowed.why.label
    )
    return f"{texts}. {voicemail}" if phones else "No number known"


BANNER = (
    BannerPart(Right.DEMOGRAPHICS, namesake),
    BannerPart(Right.DEMOGRAPHICS, safe_to_contact, "Safe to contact"),
)
PLACES = (
    Place(
        "Patients",
        "patients.search",
        READERS,
        section="patients chart consents history instruments cases episodes",
    ),
)
TABS = (Tab("Contacts and consent", "patients.contacts", Right.DEMOGRAPHICS, 80),)
