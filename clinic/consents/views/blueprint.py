"""The room's pages: who may open them, and the frame they share."""

from flask import Blueprint, render_template

from clinic.accounts.rules import Role
from clinic.patients.access import OpenRecord

bp = Blueprint(
    "consents",
    __name__,
    template_folder="../templates",
    static_folder="../static",
    static_url_path="/static/consents",
)
RECORD = "/patients/<uuid:patient_id>"  # not a prefix of the blueprint: its style sheet is of nobody
CONSENT = f"{RECORD}/consents/<uuid:consent_id>"
DISCLOSURE = f"{RECORD}/disclosures/<uuid:disclosure_id>"

# The front desk is not among them: to whom somebody's record is open tells why (P2.3).
CLINICAL = (Role.COORDINATOR, Role.NURSE, Role.THERAPIST, Role.PRESCRIBER, Role.SUPERVISOR)


def page(name: str, record: OpenRecord, **more: object) -> str:
    """A page of the tab 'Contacts and consent'."""
    return render_template(f"consents/{name}.html", record=record, tab="patients.contacts", **more)
