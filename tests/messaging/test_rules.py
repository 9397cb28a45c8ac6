"""The engine's pure tables: answers, moves, receipts, words, signature, hours, backoff, look-up, breaker."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.messaging.rules import breaker, lookup, receipts, timing
from clinic.messaging.rules.decision import Facts, Step, decide
from clinic.messaging.rules.outcomes import Answer, Family, Fault, Outcome, Trouble, judge
from clinic.messaging.rules.signature import holds, sign
from clinic.messaging.rules.states import ENDED, MOVES, IllegalMove, State, before, check
from clinic.messaging.rules.timing import Hours, opening
from clinic.messaging.rules.words import (
    Meaning,
    digits,
    meaning,
    sounds_like_concern,
    sounds_like_danger,
    sounds_like_stop,
)

ANSWERS = {
    "an id": (Answer(201, "SM1"), Outcome.ACCEPTED, None),
    "2xx without an id": (Answer(201), Outcome.AMBIGUOUS, Family.SERVER),
    "never connected": (Answer(fault=Fault.NOT_CONNECTED), Outcome.NOT_SENT, Family.CONNECTION),
    "cut off": (Answer(fault=Fault.CUT_OFF), Outcome.AMBIGUOUS, Family.SERVER),
    "lease half over": (Answer(fault=Fault.TOO_LATE), Outcome.NOT_SENT, None),
    "429": (Answer(429, error=20429), Outcome.NOT_SENT, Family.THROTTLE),
    "500": (Answer(500), Outcome.AMBIGUOUS, Family.SERVER),
    "503 that promises nothing": (Answer(503, retry_after=30), Outcome.AMBIGUOUS, Family.SERVER),
    "302": (Answer(302), Outcome.AMBIGUOUS, Family.SERVER),
    "408": (Answer(408), Outcome.AMBIGUOUS, Family.SERVER),
    "400": (Answer(400, error=21602), Outcome.REJECTED, None),
    "404": (Answer(404), Outcome.REJECTED, None),
    "422": (Answer(422), Outcome.REJECTED, None),
    "opted out": (Answer(400, error=21610), Outcome.REJECTED, None),
    "401": (Answer(401, error=20003), Outcome.NOT_SENT, Family.ACCOUNT),
    "402": (Answer(402), Outcome.NOT_SENT, Family.ACCOUNT),
    "403": (Answer(403), Outcome.NOT_SENT, Family.ACCOUNT),
    "suspended": (Answer(400, error=30002), Outcome.NOT_SENT, Family.ACCOUNT),
}


@pytest.mark.parametrize(("answer", "outcome", "family"), ANSWERS.values(), ids=ANSWERS)
def test_what_an_answer_means(answer: Answer, outcome: Outcome, family: Family | None) -> None:
    judged = judge(answer)
    assert (judged.outcome, judged.family) == (outcome, family)


def test_promised_503_is_not_sent_and_waits_as_told() -> None:
    judged = judge(Answer(503, retry_after=90), retry_after_is_promise=True)
    assert (judged.outcome, judged.wait) == (Outcome.NOT_SENT, 90)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [(21610, Trouble.OPTED_OUT), (21211, Trouble.BAD_NUMBER), (30006, Trouble.BAD_NUMBER), (30003, None)],
)
def test_what_a_code_says_about_the_recipient(code: int, trouble: Trouble | None) -> None:
    assert judge(Answer(400, error=code)).trouble == trouble


MAY = {
    ("scheduled", "claimed"), ("scheduled", "cancelled"), ("scheduled", "skipped"),
    ("claimed", "cancelled"), ("claimed", "skipped"), ("claimed", "scheduled"), ("claimed", "sending"),
    ("claimed", "failed"), ("sending", "accepted"), ("sending", "scheduled"), ("sending", "failed"),
    ("sending", "unknown"), ("unknown", "accepted"), ("unknown", "scheduled"), ("unknown", "failed"),
    ("accepted", "delivered"), ("accepted", "failed"), ("failed", "delivered"),
}  # fmt: skip


@pytest.mark.parametrize(("start", "end"), list(product(State, State)))
def test_moves_are_those_of_the_facts_and_no_other(start: State, end: State) -> None:
    assert (end in MOVES[start]) == ((start.value, end.value) in MAY)
    assert (start in before(end)) == (end in MOVES[start])
    if end not in MOVES[start]:
        with pytest.raises(IllegalMove):
            check(start, end)


@given(st.sampled_from(State), st.lists(st.sampled_from(sorted(receipts.RANKED)), max_size=8))
def test_receipts_in_any_order_only_move_forward(state: State, told: list[str]) -> None:
    seen = [state]
    for status in told:
        try:
            seen.extend(receipts.path(seen[-1], status))
        except receipts.NotApplied:
            continue
    for one, next_ in pairwise(seen):
        assert next_ in MOVES[one]
    if State.DELIVERED in seen:
        assert seen[-1] is State.DELIVERED


RECEIPTS = {
    "before our own commit": (State.SENDING, "delivered", (State.ACCEPTED, State.DELIVERED)),
    "settles the unknown": (State.UNKNOWN, "queued", (State.ACCEPTED,)),
    "unknown and refused": (State.UNKNOWN, "undelivered", (State.ACCEPTED, State.FAILED)),
    "delivered": (State.ACCEPTED, "delivered", (State.DELIVERED,)),
    "read": (State.ACCEPTED, "read", (State.DELIVERED,)),
    "failed": (State.ACCEPTED, "failed", (State.FAILED,)),
    "a late good one corrects": (State.FAILED, "delivered", (State.DELIVERED,)),
    "sent tells nothing new": (State.ACCEPTED, "sent", "no_news"),
    "delivered never goes back": (State.DELIVERED, "undelivered", "no_news"),
    "failed twice": (State.FAILED, "undelivered", "no_news"),
    "thought not sent": (State.SCHEDULED, "delivered", "not_under_way"),
    "not ours": (State.ACCEPTED, "received", "unknown_status"),
}


@pytest.mark.parametrize(("state", "status", "wanted"), RECEIPTS.values(), ids=RECEIPTS)
def test_receipt(state: State, status: str, wanted: tuple[State, ...] | str) -> None:
    if isinstance(wanted, tuple):
        assert receipts.path(state, status) == wanted
    else:
        with pytest.raises(receipts.NotApplied, match=wanted):
            receipts.path(state, status)


STOPS = [
    "STOP", "stop", " Stop. ", "stop!", "STOPALL", "stop all", "Unsubscribe", "cancel", "END", "quit",
    "revoke", "OPTOUT", "opt out", "Opt-Out", "ALTO", "parar", "baja", "cancelar", "NO MAS", "no más",
    "S T O P",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_words_that_stop(text: str) -> None:
    assert meaning(text) is Meaning.OPT_OUT


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("START", Meaning.OPT_IN), ("yes", Meaning.OPT_IN), ("Unstop", Meaning.OPT_IN),
        ("help", Meaning.HELP), ("Info?", Meaning.HELP),
        ("AYUDA", Meaning.HELP), ("help me please", None), ("please stop", None),
        ("7", None), ("", None), ("endless", None),
    ],
)  # fmt: skip
def test_whole_words_only(text: str, wanted: Meaning | None) -> None:
    assert meaning(text) is wanted


@pytest.mark.parametrize(
    "text",
    [
        "please stop texting",
        "Leave me alone",
        "wrong number",
        "don’t text me",
        "Número equivocado",
        "no más por favor",
    ],
)
def test_other_words_for_stop(text: str) -> None:
    assert sounds_like_stop(text)


@pytest.mark.parametrize("text", ["see you on Friday", "8", "thank you", "weekend was fine"])
def test_words_that_mean_nothing_of_the_kind(text: str) -> None:
    assert not (sounds_like_stop(text) or sounds_like_danger(text) or sounds_like_concern(text))


@pytest.mark.parametrize(
    "text", ["I want to die", "thinking of SUICIDE", "I overdosed", "quiero morir", "going to kill myself"]
)
def test_words_of_danger(text: str) -> None:
    assert sounds_like_danger(text)


@pytest.mark.parametrize("text", ["I relapsed", "used again", "recaí anoche"])
def test_words_of_concern(text: str) -> None:
    assert sounds_like_concern(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        (" 10 ", 10),
        ("0.", 0),
        ("11", 11),
        ("7 thanks", None),
        ("seven", None),
        ("1234", None),
        ("-1", None),
    ],
)
def test_digits(text: str, number: int | None) -> None:
    assert digits(text) == number


URL = "https://clinic.example.org/messaging/inbound?zone=a"
FORM = [
    ("Body", "STOP"), ("From", "+15005550001"), ("MessageSid", "SM00000000000000000000000000000001"),
    ("To", "+15005550006"),
]  # fmt: skip
SHA1, SHA256 = "6Ic7jfFuPFTFK9jjUEJpj9+Nze8=", "qA2/AkWCTO5UHZ3THvle3pnGhiI2lBjbPNd8wJOkg5o="


def test_signature_vectors() -> None:
    assert sign("12345", URL, FORM) == SHA1
    assert sign("12345", URL, reversed(FORM), sha256=True) == SHA256


def test_signature_with_either_key_either_port_either_algorithm() -> None:
    keys = ("new", "12345")
    assert holds(SHA1, keys, URL, FORM)
    assert holds(SHA1, keys, URL.replace(".org/", ".org:443/"), FORM)
    assert holds(SHA256, keys, URL, FORM, settings="algorithm=HMAC_SHA256")


@pytest.mark.parametrize(
    ("given_", "keys", "url", "form"),
    [
        ("", ("12345",), URL, FORM),
        (SHA1, ("other",), URL, FORM),
        (SHA1, (), URL, FORM),
        (SHA1, ("12345",), URL + "b", FORM),
        (SHA1, ("12345",), URL, [*FORM, ("Extra", "1")]),
        (SHA256, ("12345",), URL, FORM),
        ("é", ("12345",), URL, FORM),
    ],
)
def test_wrong_signature(given_: str, keys: tuple[str, ...], url: str, form: list[tuple[str, str]]) -> None:
    assert not holds(given_, keys, url, form)


NEW_YORK = "America/New_York"
CLINIC = Hours(time(9), time(20))
OPENINGS = {
    "inside": ("2026-11-24T15:00Z", [CLINIC], "2026-11-24T15:00Z"),
    "before the opening": ("2026-11-24T12:00Z", [CLINIC], "2026-11-24T14:00Z"),
    "at the close": ("2026-11-25T01:00Z", [CLINIC], "2026-11-25T14:00Z"),
    "the patient's hours are narrower": (
        "2026-11-24T15:00Z", [CLINIC, Hours(time(12), time(13))], "2026-11-24T17:00Z",
    ),
    "never wider than the law": ("2026-11-24T12:30Z", [Hours(time(6), time(23))], "2026-11-24T13:00Z"),
    "hours that leave nothing": ("2026-11-24T15:00Z", [CLINIC, Hours(time(7), time(8))], None),
    "clocks go forward in the night": ("2027-03-14T04:00Z", [CLINIC], "2027-03-14T13:00Z"),
    "clocks go back in the night": ("2026-11-01T04:00Z", [CLINIC], "2026-11-01T14:00Z"),
}  # fmt: skip


@pytest.mark.parametrize(("now", "hours", "wanted"), OPENINGS.values(), ids=OPENINGS)
def test_next_opening(now: str, hours: list[Hours], wanted: str | None) -> None:
    found = opening(datetime.fromisoformat(now), NEW_YORK, *hours)
    assert found == (datetime.fromisoformat(wanted) if wanted else None)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from([NEW_YORK, "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Pacific/Apia"]),
)
def test_an_opening_is_always_soon_and_always_inside(moment: datetime, zone: str) -> None:
    now = moment.replace(tzinfo=UTC)
    found = opening(now, zone, CLINIC)
    assert found is not None
    assert now <= found < now + timedelta(hours=15)
    assert opening(found, zone, CLINIC) == found


@given(st.integers(1, 30), st.floats(0, 1))
def test_backoff_grows_to_ten_minutes(attempt: int, chance: float) -> None:
    pause = timing.backoff(attempt, base=30, chance=chance)
    assert timedelta() <= pause <= min(timedelta(minutes=10), timedelta(seconds=30 * 2 ** (attempt - 1)))


T = datetime(2026, 11, 24, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_late_policy() -> None:
    assert timing.invite_expires(T, T + 23 * HOUR) == T + 4 * HOUR
    assert timing.invite_expires(T, T + 2 * HOUR) == T + 1.5 * HOUR
    assert timing.reminder_expires(T) == T - HOUR
    assert timing.receipt_deadline(T, T + HOUR) == T + 72 * HOUR
    assert timing.receipt_deadline(T, T + 100 * HOUR) == T + 100 * HOUR
    assert timing.unknown_deadline(T, None, T - HOUR) == T
    assert timing.unknown_deadline(T, T + HOUR, T + 2 * HOUR) == T + 2 * HOUR


FINE = {
    "now": T, "expires_at": T + HOUR, "withheld": None, "wait": False, "unreachable": None, "agreed": True,
    "superseded": False, "opening": T,
}  # fmt: skip
DECISIONS = {
    "all is well": ({}, Step(State.SENDING)),
    "answered already": ({"withheld": "answered"}, Step(State.CANCELLED, "answered")),
    "answered beats everything": (
        {"withheld": "answered", "unreachable": "opted_out"}, Step(State.CANCELLED, "answered"),
    ),
    "opted out": ({"unreachable": "opted_out"}, Step(State.CANCELLED, "opted_out")),
    "dead": ({"unreachable": "deceased"}, Step(State.CANCELLED, "deceased")),
    "no number": ({"unreachable": "no_contact"}, Step(State.SKIPPED, "no_contact")),
    "not this kind": ({"agreed": False}, Step(State.SKIPPED, "not_agreed")),
    "too late": ({"expires_at": T}, Step(State.SKIPPED, "too_late")),
    "a newer one goes": ({"superseded": True}, Step(State.SKIPPED, "superseded")),
    "wait": ({"wait": True}, Step(State.SCHEDULED, at=T + timedelta(minutes=1))),
    "pushed to the opening": ({"opening": T + HOUR / 2}, Step(State.SCHEDULED, at=T + HOUR / 2)),
    "useless at the opening": ({"opening": T + HOUR}, Step(State.SKIPPED, "quiet_hours")),
    "no opening at all": ({"opening": None}, Step(State.SKIPPED, "quiet_hours")),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "wanted"), DECISIONS.values(), ids=DECISIONS)
def test_what_becomes_of_a_claimed_message(changed: dict[str, object], wanted: Step) -> None:
    assert decide(Facts(**{**FINE, **changed})) == wanted  # type: ignore[arg-type]


def test_two_empty_answers_with_time_between_prove_it() -> None:
    gap = timedelta(minutes=5)
    assert lookup.proof(None, T, gap=gap) is lookup.Proof.NOT_YET
    assert lookup.proof(T, T + gap - timedelta(seconds=1), gap=gap) is lookup.Proof.NOT_YET
    assert lookup.proof(T, T + gap, gap=gap) is lookup.Proof.ABSENT


def test_listed_text_is_ours_by_words_and_sender() -> None:
    mine = lookup.Listed("SM1", "words", "+1")
    others = [lookup.Listed("SM2", "other", "+1"), lookup.Listed("SM3", "words", "+2")]
    found = lookup.alike([*others, mine], says_the_same="words".__eq__, sender="+1")
    assert found == [mine]


@pytest.mark.parametrize(
    ("failures", "total", "wanted"), [(4, 4, False), (5, 10, True), (5, 11, False), (50, 50, True)]
)
def test_breaker_trips(failures: int, total: int, wanted: bool) -> None:
    assert breaker.trips(failures, total) is wanted


def test_breaker_waits_longer_each_time() -> None:
    pauses = [breaker.pause(n).total_seconds() for n in range(1, 7)]
    assert pauses == [60, 120, 240, 480, 600, 600]


def test_ended_states_have_no_way_back_but_one() -> None:
    assert {(state, end) for state in ENDED for end in MOVES[state]} == {(State.FAILED, State.DELIVERED)}
