"""The pages of C8.5: which comes next, and what each tap says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.aftercare.rules.questions import (
    PAGES,
    Answers,
    Asked,
    Item,
    PageCode,
    asked_items,
    items,
    next_page,
    page,
    page_before,
    path,
)

TODAY, SLEEP, PULL, HAPPENED, MEDICINE, TONIGHT, HARM, SUPPORT = PageCode
WELL = {TODAY: "8", SLEEP: "both_good", PULL: "1", HAPPENED: "nothing", TONIGHT: "safe"}
SPECIALTY = ("opioid", "substance", "drug", "medic", "dose", "clinic", "recover", "use", "alcohol", "relapse")


def test_five_taps_when_all_is_well() -> None:
    assert next_page(WELL, Asked()) is None
    assert path(WELL, Asked()) == [TODAY, SLEEP, PULL, HAPPENED, TONIGHT]


def test_eight_taps_at_most() -> None:
    answers = {**WELL, TONIGHT: "unsure"}
    asked = Asked(on_medicine=True, support=True)
    assert path(answers, asked) == [TODAY, SLEEP, PULL, HAPPENED, MEDICINE, TONIGHT, HARM, SUPPORT]
    assert next_page(answers, asked) is MEDICINE


@pytest.mark.parametrize("value", [c.value for c in PAGES[TONIGHT].choices if c.value != "safe"])
def test_any_answer_to_tonight_but_the_first_asks_about_harm(value: str) -> None:
    assert next_page({**WELL, TONIGHT: value}, Asked()) is HARM


def test_after_thoughts_it_asks_only_whether_it_is_now_and_counts_now_until_answered() -> None:
    answers: Answers = {**WELL, TONIGHT: "thoughts"}
    assert page(HARM, answers).question == "Is it now?"
    assert items(answers, Asked())[Item.HARM] == "yes_now"
    assert items({**answers, HARM: "rather_not"}, Asked())[Item.HARM] == "yes_now"
    assert items({**answers, HARM: "not_now"}, Asked())[Item.HARM] == "yes_not_now"


def test_a_no_given_before_going_back_does_not_answer_whether_it_is_now() -> None:
    answers = {**WELL, TONIGHT: "thoughts", HARM: "no"}
    assert next_page(answers, Asked()) is HARM
    assert items(answers, Asked())[Item.HARM] == "yes_now"


SAYS: dict[str, tuple[PageCode, str, dict[Item, str]]] = {
    "a number": (TODAY, "3", {Item.TODAY: "3"}),
    "both good": (SLEEP, "both_good", {Item.SLEEP: "good", Item.ENERGY: "good"}),
    "little energy": (SLEEP, "low_energy", {Item.SLEEP: "good", Item.ENERGY: "low"}),
    "slept badly": (SLEEP, "low_sleep", {Item.SLEEP: "poor", Item.ENERGY: "good"}),
    "both poor": (SLEEP, "both_poor", {Item.SLEEP: "poor", Item.ENERGY: "low"}),
    "hardly slept says nothing of energy": (SLEEP, "hardly_slept", {Item.SLEEP: "very_poor"}),
    "pull": (PULL, "10", {Item.PULL: "10"}),
    "nothing happened": (HAPPENED, "nothing", {Item.USED: "no", Item.OVERDOSE: "no"}),
    "something": (HAPPENED, "something", {Item.USED: "other", Item.OVERDOSE: "no"}),
    "the main thing": (HAPPENED, "main_thing", {Item.USED: "opioid", Item.OVERDOSE: "no"}),
    "nearly lost my life says nothing of what": (HAPPENED, "nearly_died", {Item.OVERDOSE: "yes"}),
    "safe tonight": (TONIGHT, "safe", {Item.SAFE_PLACE: "yes", Item.HARM: "no", Item.CALL: "no"}),
    "a call, harm unknown": (TONIGHT, "safe_call", {Item.SAFE_PLACE: "yes", Item.CALL: "yes"}),
    "unsure": (TONIGHT, "unsure", {Item.SAFE_PLACE: "unsure"}),
    "no place": (TONIGHT, "no_place", {Item.SAFE_PLACE: "no"}),
    "a call soon": (TONIGHT, "call_soon", {Item.CALL: "urgent"}),
    "rather not say is unknown": (TONIGHT, "rather_not", {}),
}


@pytest.mark.parametrize(("code", "value", "says"), SAYS.values(), ids=SAYS)
def test_what_one_tap_says(code: PageCode, value: str, says: dict[Item, str]) -> None:
    assert items({code: value}, Asked()) == says


def test_every_question_can_be_declined_and_no_word_names_the_field() -> None:
    for code in PageCode:
        for shown in {id(p): p for p in (page(code, {}), page(code, {TONIGHT: "thoughts"}))}.values():
            assert shown.choices[-1].label == "I would rather not say"
            words = " ".join([shown.question, shown.hint, *(c.label for c in shown.choices)]).lower()
            assert not [word for word in SPECIALTY if word in words.replace("house", "")]


def test_back_leads_to_the_page_before() -> None:
    assert page_before(TODAY, {}, Asked()) is None
    assert page_before(TONIGHT, {}, Asked()) is HAPPENED
    assert page_before(TONIGHT, {}, Asked(on_medicine=True)) is MEDICINE


taps = st.fixed_dictionaries(
    {}, optional={code: st.sampled_from([c.value for c in PAGES[code].choices]) for code in PageCode}
)
settings_of_a_day = st.builds(Asked, on_medicine=st.booleans(), support=st.booleans())


@given(taps, settings_of_a_day)
def test_answering_page_by_page_ends_within_eight_taps(answers: dict[PageCode, str], asked: Asked) -> None:
    for _ in range(8):
        if (code := next_page(answers, asked)) is None:
            break
        answers = {**answers, code: page(code, answers).choices[0].value}
    assert next_page(answers, asked) is None


@given(taps, settings_of_a_day)
def test_nothing_is_known_that_no_page_asked(answers: dict[PageCode, str], asked: Asked) -> None:
    assert set(items(answers, asked)) <= asked_items(answers, asked)
