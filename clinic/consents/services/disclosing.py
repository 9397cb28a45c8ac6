"""Telling a recipient something with a consent, and keeping that it was told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from clinic.audit import services as audit
from clinic.consents.models import Consent, Disclosure
from clinic.consents.queries import consents, contents, notices
from clinic.consents.registry import parts
from clinic.consents.rules import elements
from clinic.consents.rules.disclosing import Why, may_disclose
from clinic.consents.rules.elements import Category, Purpose, Recipient
from clinic.consents.rules.statements import NoNotice, Notice
from clinic.core import actor
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Missing
from clinic.patients.access import require
from clinic.patients.rules import ALL_RIGHTS, Right

FIELDS = {
    Why.RECIPIENT: "name",
    Why.PURPOSE: "purpose",
    Why.NOTHING: "categories",
    Why.SCOPE: "categories",
}


def disclose(
    patient_id: UUID,
    consent_id: UUID,
    recipient: Recipient,
    purpose: Purpose,
    categories: Collection[Category],
    *,
    at: datetime,
) -> UUID:
    """Ask the consent under lock, keep word for word what is told, with the notice. Gives its id.

    Raises Hidden where the actor may not see a category, Missing, and Invalid with the reason of a refusal.
    """
    with transaction() as session:
        for right in {Right.CLINICAL} | {parts[one].right for one in categories if one in parts}:
            require(patient_id, right, at)
        mine = (Consent.id == consent_id, Consent.patient_id == patient_id)
        if session.scalar(select(Consent.id).where(*mine).with_for_update()) is None:
            raise Missing
        _ask(consents.one(patient_id, consent_id).consent, recipient, purpose, categories, at)
        carried, sections = _notice(), contents.contents(patient_id, categories, ALL_RIGHTS, now=at)
        row = Disclosure(
            consent_id=consent_id,
            patient_id=patient_id,
            categories=[one.category for one in sections],
            purpose=purpose,
            recipient=recipient.name,
            contents=[one.plain() for one in sections],
            notice=carried.words,
            notice_version=carried.version,
            disclosed_at=at,
            disclosed_by=actor.user_id(),
        )
        session.add(row)
        session.flush()
        audit.record(
            "disclosure.made",
            [patient_id],
            subject_kind="disclosure",
            subject_id=row.id,
            detail=purpose,
            at=at,
        )
    return row.id


def _ask(
    consent: elements.Consent,
    recipient: Recipient,
    purpose: Purpose,
    categories: Collection[Category],
    at: datetime,
) -> None:
    """Raises Invalid with the reason why nothing may be told; to be asked under the consent's lock."""
    # An end that was committed before we had the lock counts, though its clock was read after ours.
    moment = max([at, *(end.at for end in consent.ends)])
    decision = may_disclose(consent, recipient, purpose, categories, moment)
    if decision.why:
        raise Invalid(FIELDS.get(decision.why, "consent"), f"Nothing was shared. {decision.words}")
    if absent := [one.label for one in categories if one not in parts]:
        raise Invalid("categories", f"Nothing was shared. {contents.NOT_KEPT} {'; '.join(absent)}")


def _notice() -> Notice:
    try:
        return notices.carried()
    except NoNotice as empty:
        raise Invalid("consent", str(empty)) from None
