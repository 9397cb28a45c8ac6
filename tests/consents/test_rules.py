"""Every element of 2.31(a), the kinds that may not be mixed, and what may be told (P1.2 to P1.7)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.consents.rules.completeness import Element, Mixed, missing, mixed
from clinic.consents.rules.disclosing import Decision, Why, may_disclose, scope
from clinic.consents.rules.elements import (
    IN_EVERYTHING,
    Category,
    Consent,
    End,
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
from clinic.consents.rules.statements import SHORT, NoNotice, notice
from clinic.consents.rules.writing import explained
from tests.consents.conftest import OFFICER, SIGNED_AT, WRITTEN, signed

SPECIFIC = signed(Kind.SPECIFIC, WRITTEN)
SINGLE = signed(
    Kind.TPO,
    replace(
        WRITTEN,
        categories=frozenset({Category.EVERYTHING}),
        recipients=(Recipient(group=Group.PROVIDERS),),
        purpose=None,
        expiry=Expiry(Way.NONE),
    ),
)
TREATMENT = signed(Kind.TREATMENT, replace(WRITTEN, intermediary=None, purpose=None))
LATER = SIGNED_AT + timedelta(days=1)
CARE = Recipient("Dr. Amy Lund", Group.PROVIDERS)
WITHOUT: dict[Element, Callable[[Consent], Consent]] = {
    Element.PATIENT: lambda one: replace(one, patient=" "),
    Element.DISCLOSER: lambda one: replace(one, discloser=""),
    Element.SCOPE: lambda one: replace(one, categories=frozenset()),
    Element.RECIPIENTS: lambda one: replace(one, recipients=()),
    Element.INTERMEDIARY: lambda one: replace(one, intermediary=Intermediary("County exchange", "")),
    Element.REDISCLOSURE: lambda one: replace(one, redisclosure=""),
    Element.PURPOSE: lambda one: replace(one, purpose=None),
    Element.RIGHT_TO_REVOKE: lambda one: replace(one, right_to_revoke=""),
    Element.EXPIRY: lambda one: replace(one, expiry=None),
    Element.SIGNATURE: lambda one: replace(one, signature=None),
    Element.DATE_SIGNED: lambda one: replace(one, signed_at=None),
    Element.TPO_REDISCLOSURE: lambda one: replace(one, tpo_redisclosure=""),
    Element.TPO_REFUSAL: lambda one: replace(one, tpo_refusal=""),
}
ONLY_TPO = {Element.REDISCLOSURE, Element.TPO_REDISCLOSURE, Element.TPO_REFUSAL}


def ask(consent: Consent, at: datetime = LATER) -> Decision:
    """The same question as is allowed of the whole consent."""
    if consent.kind is Kind.TPO:
        return may_disclose(consent, CARE, Purpose.PAYMENT, [Category.MEDICATION], at)
    return may_disclose(consent, OFFICER, Purpose.MONITORING, [Category.ATTENDANCE], at)


def test_every_element_can_be_taken_away() -> None:
    assert set(WITHOUT) == set(Element)


@given(
    taken=st.sets(st.sampled_from(Element), min_size=1),
    consent=st.sampled_from([SPECIFIC, SINGLE]),
    days=st.integers(0, 90),
)
def test_without_any_element_nothing_is_told(taken: set[Element], consent: Consent, days: int) -> None:
    needed = taken if consent.kind is Kind.TPO else taken - ONLY_TPO
    at = SIGNED_AT + timedelta(days=days)
    assert ask(consent, at).allowed
    for element in taken:
        consent = WITHOUT[element](consent)
    if Element.PURPOSE in taken:
        needed = needed - {Element.REDISCLOSURE}  # without a purpose it is not known to be for TPO
    assert set(missing(consent)) == needed
    decision = ask(consent, at)
    if needed:
        assert decision.why is Why.INCOMPLETE
        assert set(decision.lacking) == needed


INCOMPLETE = {
    "a class of recipients outside of TPO": (
        replace(SPECIFIC, recipients=(Recipient(group=Group.PLANS),)),
        Element.RECIPIENTS,
    ),
    "no end outside of TPO": (replace(SPECIFIC, expiry=Expiry(Way.NONE)), Element.EXPIRY),
    "a last day that is not said": (replace(SPECIFIC, expiry=Expiry(Way.DATE)), Element.EXPIRY),
    "an event that is not said": (replace(SPECIFIC, expiry=Expiry(Way.EVENT, event=" ")), Element.EXPIRY),
    "signed for the person by nobody knows what right": (
        replace(SPECIFIC, signature=Signature("Ada Obi", Signer.REPRESENTATIVE)),
        Element.SIGNATURE,
    ),
    "a provider gets it for treatment and it is not said what may follow": (
        replace(SPECIFIC, to_covered_entity=True, purpose=Purpose.TREATMENT),
        Element.REDISCLOSURE,
    ),
}


@pytest.mark.parametrize(("consent", "lacks"), INCOMPLETE.values(), ids=INCOMPLETE)
def test_what_counts_as_missing(consent: Consent, lacks: Element) -> None:
    assert missing(consent) == (lacks,)


MIXED = {
    "counseling notes beside other records": (
        replace(SPECIFIC, categories=frozenset({Category.NOTES, Category.PLAN})),
        Mixed.NOTES,
    ),
    "other records in a consent for counseling notes": (
        replace(signed(Kind.NOTES, WRITTEN), purpose=Purpose.PATIENT_REQUEST),
        Mixed.NOTES,
    ),
    "counseling notes under TPO": (replace(SINGLE, categories=frozenset({Category.NOTES})), Mixed.NOTES),
    "a proceeding in a consent for somebody": (
        replace(SPECIFIC, purpose=Purpose.PROCEEDINGS),
        Mixed.PURPOSE,
    ),
    "TPO in a consent for somebody": (
        replace(SPECIFIC, purpose=Purpose.TREATMENT_PAYMENT_OPERATIONS),
        Mixed.PURPOSE,
    ),
}


@pytest.mark.parametrize(("consent", "what"), MIXED.values(), ids=MIXED)
def test_what_may_not_be_mixed_opens_nothing(consent: Consent, what: Mixed) -> None:
    assert mixed(consent) == (what,)
    assert ask(consent).why is Why.MIXED


def test_a_treatment_consent_is_whole_and_opens_nothing() -> None:
    assert missing(TREATMENT) == ()
    assert ask(TREATMENT).why is Why.TREATMENT_ONLY


def over(kind: EndKind, at: datetime = LATER) -> Consent:
    """The specific consent with an end."""
    return replace(SPECIFIC, ends=(End(kind, at),))


LAST_MINUTE = datetime(2027, 3, 2, 4, 59, tzinfo=UTC)  # of March 1 in New York
WHEN = {
    "a moment before it is signed": (SPECIFIC, SIGNED_AT - timedelta(seconds=1), Why.NOT_SIGNED_YET),
    "from the signature on": (SPECIFIC, SIGNED_AT, None),
    "in the last minute of the last day": (SPECIFIC, LAST_MINUTE, None),
    "after the last day": (SPECIFIC, LAST_MINUTE + timedelta(minutes=1), Why.EXPIRED),
    "before it is taken back": (over(EndKind.WRITTEN), LATER - timedelta(seconds=1), None),
    "taken back in writing": (over(EndKind.WRITTEN), LATER, Why.REVOKED),
    "taken back by word": (over(EndKind.ORAL), LATER, Why.REVOKED),
    "its event came": (over(EndKind.EVENT), LATER, Why.EXPIRED),
    "known to be false": (over(EndKind.FALSE), LATER, Why.FALSE),
}


@pytest.mark.parametrize(("consent", "at", "why"), WHEN.values(), ids=WHEN)
def test_when_it_holds(consent: Consent, at: datetime, why: Why | None) -> None:
    assert ask(consent, at).why is why


A, B = Category.ADMISSION, Category.MEDICATION
WHOM = {
    "the one who is named, however it is typed": (
        SPECIFIC,
        Recipient(" dana  reyes, COUNTY probation"),
        Purpose.MONITORING,
        [A],
        None,
    ),
    "somebody else": (SPECIFIC, Recipient("Lee Park"), Purpose.MONITORING, [A], Why.RECIPIENT),
    "nobody": (SPECIFIC, Recipient(), Purpose.MONITORING, [A], Why.RECIPIENT),
    "another purpose": (SPECIFIC, OFFICER, Purpose.EMPLOYMENT, [A], Why.PURPOSE),
    "nothing chosen": (SPECIFIC, OFFICER, Purpose.MONITORING, [], Why.NOTHING),
    "one part outside of the scope": (SPECIFIC, OFFICER, Purpose.MONITORING, [A, B], Why.SCOPE),
    "everything is not a part": (SPECIFIC, OFFICER, Purpose.MONITORING, [Category.EVERYTHING], Why.SCOPE),
    "of a class by name": (SINGLE, CARE, Purpose.TREATMENT, [B], None),
    "of a class without a name": (
        SINGLE,
        Recipient(group=Group.PROVIDERS),
        Purpose.TREATMENT,
        [B],
        Why.RECIPIENT,
    ),
    "of another class": (SINGLE, Recipient("Acme", Group.PLANS), Purpose.PAYMENT, [B], Why.RECIPIENT),
    "TPO for work": (SINGLE, CARE, Purpose.EMPLOYMENT, [B], Why.PURPOSE),
    "counseling notes under everything": (SINGLE, CARE, Purpose.TREATMENT, [Category.NOTES], Why.SCOPE),
}


@pytest.mark.parametrize(("consent", "who", "purpose", "what", "why"), WHOM.values(), ids=WHOM)
def test_to_whom_for_what(
    consent: Consent, who: Recipient, purpose: Purpose, what: list[Category], why: Why | None
) -> None:
    assert may_disclose(consent, who, purpose, what, LATER).why is why


def test_a_refusal_says_what_exactly() -> None:
    decision = may_disclose(SPECIFIC, OFFICER, Purpose.MONITORING, [A, B], LATER)
    assert decision.words == "The consent does not cover this part of the record: Medication"


@given(st.sets(st.sampled_from(Category)))
def test_nothing_outside_the_scope_is_ever_allowed(asked: set[Category]) -> None:
    allowed = may_disclose(SPECIFIC, OFFICER, Purpose.MONITORING, asked, LATER).allowed
    assert allowed == (bool(asked) and asked <= SPECIFIC.categories)
    assert scope(SINGLE) == {Category.EVERYTHING, *IN_EVERYTHING}


def test_the_scope_is_explained_in_words() -> None:
    told = dict(explained(SPECIFIC))
    assert told["Who may get it"] == "Dana Reyes, county probation"
    assert told["What may be shared"] == "Admission and level of care; Appointments kept and missed"
    assert told["Ends"] == "After Mar 1, 2027"


def test_the_short_notice_is_the_sentence_of_the_rule() -> None:
    carried = notice(long=False, long_words=None, long_source=None)
    assert carried is SHORT
    assert carried.words == "42 CFR part 2 prohibits unauthorized use or disclosure of these records."


def test_the_long_notice_is_refused_until_words_and_source_are_loaded() -> None:
    for words, source in (("", ""), ("The words", ""), ("", "eCFR, Nov 20, 2026")):
        with pytest.raises(NoNotice, match="not loaded"):
            notice(long=True, long_words=words, long_source=source)
    carried = notice(long=True, long_words="The words", long_source="eCFR, Nov 20, 2026")
    assert (carried.words, carried.version) == ("The words", "long, eCFR, Nov 20, 2026")
