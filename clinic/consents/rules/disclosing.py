"""May this be told to them, for that, now? (P1.2 to P1.7) Pure."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from clinic.consents.rules.completeness import Element, Mixed, missing, mixed
from clinic.consents.rules.elements import (
    IN_EVERYTHING,
    TPO,
    Category,
    Consent,
    EndKind,
    Purpose,
    Recipient,
)


class Why(enum.StrEnum):
    """Why nothing may be disclosed; the first that holds is told."""

    TREATMENT_ONLY = "treatment_only"
    INCOMPLETE = "incomplete"
    MIXED = "mixed"
    NOT_SIGNED_YET = "not_signed_yet"
    REVOKED = "revoked"
    FALSE = "false"
    EXPIRED = "expired"
    RECIPIENT = "recipient"
    PURPOSE = "purpose"
    NOTHING = "nothing"
    SCOPE = "scope"

    @property
    def label(self) -> str:
        """In words."""
        return _WHY[self]


_WHY = {
    Why.TREATMENT_ONLY: "A consent to treatment opens the record to nobody",
    Why.INCOMPLETE: "The consent is not complete",
    Why.MIXED: "The consent joins what must stand apart",
    Why.NOT_SIGNED_YET: "The consent was not signed yet",
    Why.REVOKED: "The person has taken the consent back",
    Why.FALSE: "The consent is known to be false",
    Why.EXPIRED: "The consent has ended",
    Why.RECIPIENT: "The consent does not name this recipient",
    Why.PURPOSE: "The consent is not for this purpose",
    Why.NOTHING: "Choose what is shared",
    Why.SCOPE: "The consent does not cover this part of the record",
}


@dataclass(frozen=True)
class Decision:
    """Whether a disclosure is allowed (`why` is None), or why not and what exactly is wrong."""

    why: Why | None = None
    lacking: tuple[Element, ...] = ()
    mixed: tuple[Mixed, ...] = ()
    outside: tuple[Category, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it may be told."""
        return self.why is None

    @property
    def words(self) -> str:
        """The reason with its particulars; empty where it is allowed."""
        if self.why is None:
            return ""
        labels = [
            *(one.label for one in self.lacking),
            *(one.label for one in self.mixed),
            *(one.label for one in self.outside),
        ]
        exactly = ", ".join(labels)
        return f"{self.why.label}: {exactly}" if exactly else self.why.label


def may_disclose(
    consent: Consent, recipient: Recipient, purpose: Purpose, categories: Collection[Category], at: datetime
) -> Decision:
    """Whether this consent lets `recipient` be told `categories` for `purpose` at `at` (UTC), or why not.

    `recipient` has a name; where the consent names a class, the class that this one belongs to as well.
    """
    if stopped := standing(consent, at):
        return stopped
    if not any(one.takes_in(recipient) for one in consent.recipients):
        return Decision(Why.RECIPIENT)
    if not _for(consent, purpose):
        return Decision(Why.PURPOSE)
    if not categories:
        return Decision(Why.NOTHING)
    outside = tuple(one for one in Category if one in categories and one not in scope(consent))
    return Decision(Why.SCOPE, outside=outside) if outside else Decision()


def standing(consent: Consent, at: datetime) -> Decision | None:
    """Why nothing at all may be disclosed with this consent at `at`; None while it is in force."""
    if not consent.kind.discloses:
        return Decision(Why.TREATMENT_ONLY)
    return ended(consent, at)


def ended(consent: Consent, at: datetime) -> Decision | None:
    """Why a consent of any kind is not in force at `at`; None while it is."""
    if lacking := missing(consent):
        return Decision(Why.INCOMPLETE, lacking=lacking)
    if joined := mixed(consent):
        return Decision(Why.MIXED, mixed=joined)
    if consent.signed_at is None or at < consent.signed_at:
        return Decision(Why.NOT_SIGNED_YET)
    came = {end.kind for end in consent.ends if end.at <= at}
    if any(kind.revokes for kind in came):
        return Decision(Why.REVOKED)
    if EndKind.FALSE in came:
        return Decision(Why.FALSE)
    if EndKind.EVENT in came or (consent.expiry and consent.expiry.over(at)):
        return Decision(Why.EXPIRED)
    return None


def scope(consent: Consent) -> frozenset[Category]:
    """All that the consent covers; 'everything' is all but counseling notes (P1.4)."""
    whole = IN_EVERYTHING if Category.EVERYTHING in consent.categories else ()
    return consent.categories | frozenset(whole)


def _for(consent: Consent, purpose: Purpose) -> bool:
    wide = consent.purpose is Purpose.TREATMENT_PAYMENT_OPERATIONS
    return purpose in TPO if wide else purpose is consent.purpose
