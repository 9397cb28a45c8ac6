"""What is written down of a consent before it is signed, and how it is said in words. Pure."""

from dataclasses import dataclass

from clinic.consents.rules import statements
from clinic.consents.rules.elements import (
    OWN_PURPOSES,
    TPO,
    Category,
    Consent,
    Expiry,
    Intermediary,
    Kind,
    Purpose,
    Recipient,
    Way,
)
from clinic.patients.rules import born


@dataclass(frozen=True)
class Written:
    """What staff write down with the person; anything may still be empty."""

    discloser: str = ""
    categories: frozenset[Category] = frozenset()
    recipients: tuple[Recipient, ...] = ()
    intermediary: Intermediary | None = None
    to_covered_entity: bool = False
    purpose: Purpose | None = None
    expiry: Expiry | None = None


def drafted(kind: Kind, patient: str, written: Written) -> Consent:
    """The consent that comes of it, unsigned: with the kind's own purpose and the statements it needs."""
    own = OWN_PURPOSES.get(kind, ())
    purpose = own[0] if own else written.purpose
    tpo = kind is Kind.TPO
    covered = kind.discloses and (written.to_covered_entity or tpo)
    return Consent(
        kind,
        patient,
        discloser=written.discloser,
        categories=written.categories,
        recipients=written.recipients,
        intermediary=written.intermediary,
        to_covered_entity=covered,
        purpose=purpose,
        right_to_revoke=statements.RIGHT_TO_REVOKE,
        redisclosure=statements.REDISCLOSURE if covered and purpose in TPO else "",
        tpo_redisclosure=statements.TPO_REDISCLOSURE if tpo else "",
        tpo_refusal=statements.TPO_REFUSAL if tpo else "",
        expiry=written.expiry,
    )


def explained(consent: Consent) -> list[tuple[str, str]]:
    """The scope of a consent, as what is disclosed with it must explain it (P1.5): label and words."""
    lines = [("Patient", consent.patient), ("Who may share", consent.discloser)]
    if consent.kind.discloses:
        chosen = [one.label for one in Category if one in consent.categories]
        lines += [
            ("What may be shared", "; ".join(chosen)),
            ("Who may get it", "; ".join(one.words for one in consent.recipients)),
        ]
    if consent.intermediary:
        through = (consent.intermediary.name, consent.intermediary.participants)
        lines.append(("Through", ": ".join(filter(None, through))))
    lines.append(("What for", consent.purpose.label if consent.purpose else ""))
    return [*lines, ("Ends", ending(consent.expiry))]


def ending(expiry: Expiry | None) -> str:
    """When a consent ends, in words; empty where that was not said."""
    if expiry is None or not expiry.said:
        return ""
    if expiry.way is Way.DATE and expiry.on:
        return f"After {born(expiry.on)}"
    return expiry.event if expiry.way is Way.EVENT else expiry.way.label


def said(consent: Consent) -> list[str]:
    """The statements that the person reads before signing."""
    every = (consent.right_to_revoke, consent.redisclosure, consent.tpo_redisclosure, consent.tpo_refusal)
    return [words for words in every if words]
