"""Writing a consent down, signing and ending it, telling somebody something with it."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from wtforms import HiddenField
from wtforms.validators import StopValidation

from clinic.consents.rules.disclosing import scope
from clinic.consents.rules.elements import (
    IN_EVERYTHING,
    OWN_PURPOSES,
    PURPOSES,
    TPO,
    Category,
    Consent,
    EndKind,
    Expiry,
    Group,
    Intermediary,
    Kind,
    Purpose,
    Recipient,
    Signature,
    Signer,
    Way,
)
from clinic.consents.rules.writing import Written
from clinic.web.editing import EditForm
from clinic.web.forms import AS_SAVED, Choice, Day, Form, Line, Many, Prose, Tick
from clinic.web.text import version_number

MOST_RECIPIENTS = 6
OF_DISCLOSING = ("categories", "groups", "names", "to_covered_entity", "intermediary", "participants")
DRAWN = re.compile(r"(M\d{1,3} \d{1,3}(L\d{1,3} \d{1,3})+)+", re.ASCII)  # strokes in a box of 400 by 120
LONGEST_DRAWING = 20_000


class Names(Prose):
    """Who gets it, one a line."""

    def pre_validate(self, form: Any) -> None:
        """Few enough that each was meant."""
        super().pre_validate(form)
        if len(lines(self.data)) > MOST_RECIPIENTS:
            raise StopValidation(f"Enter who may get it in at most {MOST_RECIPIENTS} lines")


class ConsentForm(EditForm):
    """The draft of a consent of `kind`; whatever is left empty is asked for before it is signed."""

    discloser = Line("Who may share", optional=True, hint="This program, or whoever else has the records.")
    categories = Many("What may be shared", [], optional=True, hint="Only what the purpose needs.")
    groups = Many("Who may get it", [(one, one.label) for one in Group], optional=True)
    names = Names("Who may get it, by name", max_length=600, optional=True, hint="One a line.")
    purpose = Choice("What for", [], optional=True)
    to_covered_entity = Tick("One of them is a provider, a health plan or their business associate")
    intermediary = Line(
        "Through whom it goes", optional=True, hint="Only if it goes through a health information exchange."
    )
    participants = Line("Who takes part there", optional=True)
    expires = Choice("When it ends", [], optional=True)
    expires_on = Day("Last day", optional=True)
    expires_event = Line("What has to happen", optional=True, hint="Like: the probation order is lifted.")

    def __init__(self, kind: Kind, zone: str, formdata: Any = None, **kwargs: Any) -> None:
        self.kind, self.zone = kind, zone
        super().__init__(formdata, **kwargs)
        whole = (Category.NOTES,) if kind is Kind.NOTES else (*IN_EVERYTHING, Category.EVERYTHING)
        self.categories.choices = {one.value: one.label for one in whole}
        self.purpose.choices = {one.value: one.label for one in PURPOSES[kind]}
        ways = [one for one in Way if one is not Way.NONE or kind is Kind.TPO]
        self.expires.choices = {one.value: one.label for one in ways}
        for name in _unasked(kind):
            del self[name]
        for field in self:
            field.flags.optional = False  # a draft needs none of them; what a signature needs is said then

    def _as_saved(self, saved: Mapping[str, Any] | None) -> "ConsentForm":
        return type(self)(self.kind, self.zone, AS_SAVED, data=saved)

    def written(self) -> Written:
        """What was written down."""
        through = Intermediary(self._text("intermediary"), self._text("participants"))
        groups = [Recipient(group=Group(one)) for one in self._list("groups")]
        names = [Recipient(one) for one in lines(self._text("names"))]
        return Written(
            discloser=self.discloser.data or "",
            categories=frozenset(map(Category, self._list("categories"))),
            recipients=(*groups, *names),
            intermediary=through if through.name or through.participants else None,
            to_covered_entity="to_covered_entity" in self and self.to_covered_entity.data,
            purpose=Purpose(self.purpose.data) if "purpose" in self and self.purpose.data else None,
            expiry=self._expiry(),
        )

    def _expiry(self) -> Expiry | None:
        """How it ends; what belongs to another way of ending is dropped."""
        if not self.expires.data:
            return None
        way = Way(self.expires.data)
        on = self.expires_on.data if way is Way.DATE else None
        return Expiry(way, on, (self.expires_event.data or "") if way is Way.EVENT else "", self.zone)

    def _text(self, name: str) -> str:
        return (self[name].data or "") if name in self else ""

    def _list(self, name: str) -> list[str]:
        return (self[name].data or []) if name in self else []


def _unasked(kind: Kind) -> list[str]:
    """The fields that a kind has no use for."""
    unasked = ["purpose"] if kind in OWN_PURPOSES else []
    if not kind.discloses:
        return [*unasked, *OF_DISCLOSING]
    return [*unasked, "to_covered_entity"] if kind is Kind.TPO else [*unasked, "groups"]


def given(consent: Consent, version: int) -> dict[str, Any]:
    """The data of a form that shows this draft."""
    expiry, through = consent.expiry, consent.intermediary or Intermediary()
    return {
        "discloser": consent.discloser,
        "categories": [one.value for one in Category if one in consent.categories],
        "groups": list(consent.classes),
        "names": "\n".join(one.name for one in consent.recipients if one.name),
        "purpose": consent.purpose,
        "to_covered_entity": consent.to_covered_entity,
        "intermediary": through.name,
        "participants": through.participants,
        "expires": expiry.way if expiry else None,
        "expires_on": expiry.on if expiry else None,
        "expires_event": expiry.event if expiry else "",
        "version": str(version),
    }


class SignForm(Form):
    """The person signs what stands on the page, as it was when the page was made (`version`)."""

    version = HiddenField()
    signer = Choice("Who signs", [(one, one.label) for one in Signer], default=Signer.PATIENT.value)
    name = Line("Name, as a signature", hint="Typed by whoever signs.")
    authority = Line("By what right", optional=True, hint="If somebody else signs, like: legal guardian.")
    drawing = HiddenField()
    witness = Line("Witness", optional=True, hint="Somebody who saw it being signed.")

    def validate_drawing(self, field: HiddenField) -> None:
        """Strokes of a pen; anything else is dropped, the typed name is the signature."""
        text = field.data or ""
        if len(text) > LONGEST_DRAWING or not DRAWN.fullmatch(text):
            field.data = ""

    def shown_version(self) -> int:
        """Of the draft that was on the page."""
        return version_number(self.version.data)

    def signature(self) -> Signature:
        """How it was signed."""
        signer = Signer(self.signer.data)
        authority = (self.authority.data or "") if signer is Signer.REPRESENTATIVE else ""
        return Signature(
            self.name.data or "", signer, authority, self.drawing.data or "", self.witness.data or ""
        )


class EndForm(Form):
    """A consent no longer holds."""

    kind = Choice("How", [(one, one.label) for one in EndKind])

    def offer(self, consent: Consent) -> None:
        """Its event only where it was to end with one; what was recorded is not asked again."""
        recorded = {end.kind for end in consent.ends}
        events = consent.expiry is not None and consent.expiry.way in (Way.EVENT, Way.TREATMENT_END)
        self.kind.choices = {
            one.value: one.label
            for one in EndKind
            if one not in recorded and (events or one is not EndKind.EVENT)
        }


class DiscloseForm(Form):
    """What is told to whom, within the scope of an active consent."""

    recipient = Choice("Who gets it", [])
    name = Line("Name", optional=True, hint="Who exactly, where the consent names a class of recipients.")
    purpose = Choice("What for", [])
    categories = Many("What is shared", [], hint="Only what the purpose needs.")

    def offer(self, consent: Consent, kept: Collection[Category]) -> None:
        """Only what the consent names and the program brings together; the only choice is made already."""
        self.recipients = consent.recipients
        wide = consent.purpose is Purpose.TREATMENT_PAYMENT_OPERATIONS
        purposes = TPO[1:] if wide else (consent.purpose,)
        covered = scope(consent)
        self.categories.choices = {one.value: one.label for one in Category if one in covered and one in kept}
        _offer(self.recipient, {str(n): one.words for n, one in enumerate(consent.recipients)})
        _offer(self.purpose, {one.value: one.label for one in purposes if one})
        if not consent.classes:
            del self.name

    def whom(self) -> Recipient:
        """Who was chosen: a class's member by the name that was typed."""
        chosen = self.recipients[int(self.recipient.data)]
        return Recipient((self.name.data or "") if chosen.group else chosen.name, chosen.group)


def _offer(field: Choice, choices: dict[str, str]) -> None:
    """Choices of a field; a single one is chosen already."""
    field.choices = choices
    if field.data is None and len(choices) == 1:
        field.data = next(iter(choices))


def lines(text: str | None) -> list[str]:
    """The lines of a text that hold something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
