"""Calls: only outcomes that may be, the next step from what is allowed, three tries, neutral words."""

from collections.abc import Callable
from itertools import product
from uuid import UUID

import pytest

from clinic.core.db import db
from clinic.intake.models import Referral
from clinic.intake.rules.calls import CallOutcome, Step, Ways, next_steps, tries
from clinic.intake.rules.neutral import NEUTRAL, left
from clinic.intake.rules.referral import CloseReason
from clinic.messaging.rules.templates import WORDS
from tests.conftest import SignIn
from tests.forms import submit

REACHED, NO_ANSWER, VOICEMAIL, WRONG, DECLINED, EMERGENCY = CallOutcome
ALL_SAFE = Ways(phone=True, email=True, texts_safe=True, voicemail_safe=True)
ONLY_CALLS = Ways(phone=True, email=False, texts_safe=False, voicemail_safe=False)
ONLY_EMAIL = Ways(phone=False, email=True, texts_safe=False, voicemail_safe=False)

STEPS = {
    "nobody called yet": ([], ALL_SAFE, [Step.CALL]),
    "no phone": ([], ONLY_EMAIL, [Step.WRITE]),
    "not reached": ([NO_ANSWER], ALL_SAFE, [Step.CALL, Step.WRITE]),
    "not reached, nothing else safe": ([NO_ANSWER], ONLY_CALLS, [Step.CALL]),
    "three tries": ([VOICEMAIL, NO_ANSWER, NO_ANSWER], ALL_SAFE, [Step.CLOSE, Step.CALL, Step.WRITE]),
    "two since somebody talked": ([NO_ANSWER, NO_ANSWER, EMERGENCY, NO_ANSWER], ONLY_CALLS, [Step.CALL]),
    "wrong number, nothing else": ([WRONG], ONLY_CALLS, [Step.CLOSE]),
    "wrong number, email": ([WRONG], ALL_SAFE, [Step.WRITE]),
    "reached": ([REACHED, NO_ANSWER], ALL_SAFE, [Step.REGISTER]),
    "declined": ([DECLINED], ALL_SAFE, [Step.CLOSE_DECLINED, Step.REGISTER]),
    "emergency": ([EMERGENCY], ONLY_CALLS, [Step.CALL]),
}  # fmt: skip


@pytest.mark.parametrize(("outcomes", "ways", "steps"), STEPS.values(), ids=STEPS)
def test_next_step_is_one_that_is_allowed(outcomes: list[CallOutcome], ways: Ways, steps: list[Step]) -> None:
    assert next_steps(outcomes, ways) == steps


def test_there_is_always_a_next_step_and_tries_never_exceed_calls() -> None:
    every = [Ways(*flags) for flags in product((True, False), repeat=4)]
    for ways, first, second in product(every, CallOutcome, CallOutcome):
        assert next_steps([first, second], ways)
        assert tries([first, second]) <= 2
        if not ways.texts_safe and not ways.email:
            assert Step.WRITE not in next_steps([first, second], ways)


@pytest.mark.parametrize("language", NEUTRAL)
@pytest.mark.parametrize("ways", [ALL_SAFE, ONLY_CALLS])
def test_words_left_name_nothing_and_only_safe_ways_have_any(language: str, ways: Ways) -> None:
    words = left(ways, language, phone="(202) 555-0100", emergency="911")
    assert (words.voicemail is not None, words.text is not None) == (ways.voicemail_safe, ways.texts_safe)
    for text in (*filter(None, (words.voicemail, words.text)), *words.letter):
        assert not WORDS.found_in(text)
        assert "{" not in text


def test_voicemail_is_offered_only_where_it_is_safe(ask: Callable[..., UUID], sign_in: SignIn) -> None:
    coordinator = sign_in("coordinator")
    safe, unsafe = ask(voicemail_safe="yes"), ask(voicemail_safe="no")
    assert "Left a voicemail" in coordinator.get(f"/intake/referrals/{safe}").text
    url = f"/intake/referrals/{unsafe}"
    assert "Left a voicemail" not in coordinator.get(url).text
    assert submit(coordinator, url, to=f"{url}/calls", outcome="voicemail").status_code == 422


def test_after_three_tries_closing_is_proposed_with_neutral_words(
    ask: Callable[..., UUID], sign_in: SignIn
) -> None:
    referral_id, coordinator = ask(texts_safe="yes"), sign_in("coordinator")
    url = f"/intake/referrals/{referral_id}"
    for _ in range(2):
        submit(coordinator, url, to=f"{url}/calls", outcome="no_answer")
    assert "leave neutral words and close" not in coordinator.get(url).text
    submit(coordinator, url, to=f"{url}/calls", outcome="no_answer")
    assert "leave neutral words and close" in coordinator.get(url).text
    page = coordinator.get(f"{url}/words").text
    assert "We tried to reach you" in page
    assert "Not said to be safe: leave none" in page
    answer = submit(coordinator, f"{url}/close?reason=not_reached", to=f"{url}/close", reason="not_reached")
    assert answer.status_code == 303
    closed = db.session.get_one(Referral, referral_id, populate_existing=True)
    assert closed.close_reason is CloseReason.NOT_REACHED
