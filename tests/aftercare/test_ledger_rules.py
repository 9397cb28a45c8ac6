"""How a check-in ends at its close, and how the ledger counts it (reliability 1, C8.8)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.aftercare.rules.ledger import Class, Due, Sent, classify, totals
from clinic.aftercare.rules.outcome import Outcome, at_close

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
BEFORE, AFTER = NOW + timedelta(hours=1), NOW - timedelta(hours=1)

ENDINGS = {
    "accepted": ([("accepted", None)], Outcome.DID_NOT_ANSWER, "no_answer", "aftercare.no_answer"),
    "delivered": ([("delivered", None)], Outcome.DID_NOT_ANSWER, "no_answer", "aftercare.no_answer"),
    "one of two arrived": (
        [("failed", "rejected"), ("accepted", None)],
        Outcome.DID_NOT_ANSWER,
        "no_answer",
        "aftercare.no_answer",
    ),
    "failed": ([("failed", "rejected")], Outcome.NOT_REACHED, "rejected", "aftercare.not_reached"),
    "unknown": ([("unknown", None)], Outcome.NOT_REACHED, "unknown", "aftercare.not_reached"),
    "no number": (
        [("skipped", "no_contact")],
        Outcome.NOT_REACHED,
        "no_contact",
        "aftercare.not_reached",
    ),
    "too late": ([("skipped", "too_late")], Outcome.NOT_REACHED, "too_late", "aftercare.not_reached"),
    "still waiting": (
        [("scheduled", None)],
        Outcome.NOT_REACHED,
        "never_sent",
        "aftercare.not_reached",
    ),
    "no message": ([], Outcome.NOT_REACHED, "never_sent", "aftercare.not_reached"),
    "opted out": ([("cancelled", "opted_out")], Outcome.SKIPPED, "opted_out", None),
    "never agreed": ([("skipped", "no_consent")], Outcome.SKIPPED, "no_consent", None),
    "opted out after a failure": (
        [("failed", "rejected"), ("cancelled", "opted_out")],
        Outcome.NOT_REACHED,
        "rejected",
        "aftercare.not_reached",
    ),
}


@pytest.mark.parametrize(("messages", "outcome", "reason", "work"), ENDINGS.values(), ids=ENDINGS)
def test_ending(
    messages: list[tuple[str, str | None]], outcome: Outcome, reason: str, work: str | None
) -> None:
    found = at_close({"state": state, "reason": why} for state, why in messages)
    assert (found.outcome, found.reason, found.work) == (outcome, reason, work)


def _due(*messages: Sent, **known: object) -> Due:
    values: dict[str, object] = {
        "answered": False, "outcome": None, "reason": None, "has_work": False, "deadline": AFTER,
    }  # fmt: skip
    return Due(messages=messages, **{**values, **known})  # type: ignore[arg-type]


ROWS = {
    "an answer counts before everything": (
        _due(Sent("failed", "rejected"), answered=True),
        Class.ANSWERED,
        "answered",
    ),
    "a receipt": (_due(Sent("delivered", None), has_work=True), Class.DELIVERED, "delivered"),
    "rejected, with work": (_due(Sent("failed", "rejected"), has_work=True), Class.FAILED, "rejected"),
    "rejected before the close, with work": (
        _due(Sent("failed", "rejected"), has_work=True, deadline=BEFORE),
        Class.FAILED,
        "rejected",
    ),
    "accepted without receipt at the deadline": (
        _due(Sent("accepted", None), has_work=True),
        Class.FAILED,
        "no_receipt",
    ),
    "unknown at the deadline": (_due(Sent("unknown", None), has_work=True), Class.FAILED, "unknown"),
    "failed without work": (_due(Sent("failed", "rejected")), Class.UNEXPLAINED, "failed_without_work"),
    "skipped": (
        _due(Sent("skipped", "no_consent"), outcome="skipped", reason="no_consent"),
        Class.WITHHELD,
        "no_consent",
    ),
    "skipped, window still open": (
        _due(Sent("skipped", "too_late"), deadline=BEFORE),
        Class.WITHHELD,
        "too_late",
    ),
    "cancelled before a message was made": (
        _due(outcome="cancelled", reason="plan_ended"),
        Class.WITHHELD,
        "plan_ended",
    ),
    "withheld without a reason": (
        _due(Sent("skipped", None), outcome="skipped"),
        Class.UNEXPLAINED,
        "withheld_without_reason",
    ),
    "waiting": (_due(Sent("scheduled", None), deadline=BEFORE), Class.OPEN, "scheduled"),
    "accepted, window still open": (_due(Sent("accepted", None), deadline=BEFORE), Class.OPEN, "accepted"),
    "unknown, window still open": (_due(Sent("unknown", None), deadline=BEFORE), Class.OPEN, "unknown"),
    "open past its deadline": (_due(Sent("scheduled", None)), Class.UNEXPLAINED, "open_past_deadline"),
    "nothing at all past its deadline": (_due(), Class.UNEXPLAINED, "open_past_deadline"),
}


@pytest.mark.parametrize(("row", "kind", "reason"), ROWS.values(), ids=ROWS)
def test_class(row: Due, kind: Class, reason: str) -> None:
    entry = classify(row, NOW)
    assert (entry.kind, entry.reason) == (kind, reason)


states = st.sampled_from(
    ["scheduled", "claimed", "sending", "accepted", "unknown", "delivered", "failed", "skipped", "cancelled"]
)
rows = st.builds(
    Due,
    answered=st.booleans(),
    outcome=st.sampled_from([None, "skipped", "cancelled", "did_not_answer", "not_reached"]),
    reason=st.sampled_from([None, "too_late"]),
    has_work=st.booleans(),
    deadline=st.sampled_from([BEFORE, AFTER]),
    messages=st.lists(st.builds(Sent, states, st.sampled_from([None, "too_late"])), max_size=3).map(tuple),
)


@given(st.lists(rows))
def test_every_row_is_counted_once(due: list[Due]) -> None:
    found = totals(classify(row, NOW) for row in due)
    assert found.due == len(due) == sum(found.classes.values()) == sum(found.reasons.values())


def test_the_line_that_it_prints() -> None:
    due = [ROWS["a receipt"][0], ROWS["an answer counts before everything"][0], ROWS["waiting"][0]]
    found = totals(classify(row, NOW) for row in due)
    assert found.sentence() == "due 3 = delivered 1 + answered 1 + withheld 0 + failed 0 + open 1"
    assert list(found.as_data()) == [
        "due",
        "delivered",
        "answered",
        "withheld",
        "failed",
        "open",
        "unexplained",
        "reasons",
    ]
