"""What an incomplete consent lacks, and what in it may not be mixed (P1.2, P1.3). Pure."""

import enum
from collections.abc import Callable, Mapping

from clinic.consents.rules.elements import PURPOSES, Category, Consent, Kind, Way

Asks = Callable[[Consent], bool]


class Element(enum.StrEnum):
    """An element of 2.31(a), in its order."""

    PATIENT = "patient"
    DISCLOSER = "discloser"
    SCOPE = "scope"
    RECIPIENTS = "recipients"
    INTERMEDIARY = "intermediary"
    REDISCLOSURE = "redisclosure"
    PURPOSE = "purpose"
    RIGHT_TO_REVOKE = "right_to_revoke"
    EXPIRY = "expiry"
    SIGNATURE = "signature"
    DATE_SIGNED = "date_signed"
    TPO_REDISCLOSURE = "tpo_redisclosure"
    TPO_REFUSAL = "tpo_refusal"

    @property
    def label(self) -> str:
        """What is to be added, in words."""
        return _ELEMENTS[self]


_ELEMENTS = {
    Element.PATIENT: "The person’s name",
    Element.DISCLOSER: "Who may share",
    Element.SCOPE: "What may be shared",
    Element.RECIPIENTS: "Who may get it, by name",
    Element.INTERMEDIARY: "Through whom it goes: name and who takes part",
    Element.REDISCLOSURE: "The statement on sharing further under HIPAA",
    Element.PURPOSE: "What for",
    Element.RIGHT_TO_REVOKE: "The statement on taking it back",
    Element.EXPIRY: "When it ends",
    Element.SIGNATURE: "A signature",
    Element.DATE_SIGNED: "The date of the signature",
    Element.TPO_REDISCLOSURE: "The statement that what is shared may be shared again",
    Element.TPO_REFUSAL: "The statement on what follows from not signing",
}
ON_SIGNING = (Element.SIGNATURE, Element.DATE_SIGNED)


def _always(_: Consent) -> bool:
    return True


def _discloses(consent: Consent) -> bool:
    return consent.kind.discloses


def _tpo(consent: Consent) -> bool:
    return consent.kind is Kind.TPO


def _named(consent: Consent) -> bool:
    """Everybody by name; a class of recipients only for treatment, payment and operations."""
    classes = consent.kind is Kind.TPO
    return bool(consent.recipients) and all(
        one.name.strip() or (classes and one.group) for one in consent.recipients
    )


def _through(consent: Consent) -> bool:
    through = consent.intermediary
    return through is not None and bool(through.name.strip() and through.participants.strip())


def _ends(consent: Consent) -> bool:
    """An end that is said; none at all only for treatment, payment and operations."""
    if consent.expiry is None or (consent.expiry.way is Way.NONE and consent.kind is not Kind.TPO):
        return False
    return consent.expiry.said


# Element: (whether this consent must have it, whether it has).
_ASKED: Mapping[Element, tuple[Asks, Asks]] = {
    Element.PATIENT: (_always, lambda one: bool(one.patient.strip())),
    Element.DISCLOSER: (_always, lambda one: bool(one.discloser.strip())),
    Element.SCOPE: (_discloses, lambda one: bool(one.categories)),
    Element.RECIPIENTS: (_discloses, _named),
    Element.INTERMEDIARY: (lambda one: one.intermediary is not None, _through),
    Element.REDISCLOSURE: (lambda one: one.covered_for_tpo, lambda one: bool(one.redisclosure.strip())),
    Element.PURPOSE: (_always, lambda one: one.purpose is not None),
    Element.RIGHT_TO_REVOKE: (_always, lambda one: bool(one.right_to_revoke.strip())),
    Element.EXPIRY: (_always, _ends),
    Element.SIGNATURE: (_always, lambda one: one.signature is not None and one.signature.whole),
    Element.DATE_SIGNED: (_always, lambda one: one.signed_at is not None),
    Element.TPO_REDISCLOSURE: (_tpo, lambda one: bool(one.tpo_redisclosure.strip())),
    Element.TPO_REFUSAL: (_tpo, lambda one: bool(one.tpo_refusal.strip())),
}


def missing(consent: Consent) -> tuple[Element, ...]:
    """The elements that this consent must have and has not, in the order of 2.31(a)."""
    return tuple(element for element, (needs, has) in _ASKED.items() if needs(consent) and not has(consent))


class Mixed(enum.StrEnum):
    """What one consent may not join (P1.3)."""

    NOTES = "notes"
    PURPOSE = "purpose"

    @property
    def label(self) -> str:
        """What to do about it."""
        return _MIXED[self]


_MIXED = {
    Mixed.NOTES: "Counseling notes need a consent of their own, and nothing else may stand in it",
    Mixed.PURPOSE: "This purpose needs a consent of its own kind",
}


def mixed(consent: Consent) -> tuple[Mixed, ...]:
    """What in this consent belongs into one of another kind."""
    notes = Category.NOTES in consent.categories
    alone = consent.categories <= {Category.NOTES}
    found = []
    if (notes and consent.kind is not Kind.NOTES) or (consent.kind is Kind.NOTES and not alone):
        found.append(Mixed.NOTES)
    if consent.purpose is not None and consent.purpose not in PURPOSES[consent.kind]:
        found.append(Mixed.PURPOSE)
    return tuple(found)
