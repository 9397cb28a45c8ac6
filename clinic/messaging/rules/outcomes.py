"""What each answer of a provider means: one pure function over one table (reliability 5)."""

import enum
from dataclasses import dataclass


class Outcome(enum.StrEnum):
    """The class of an attempt's end."""

    ACCEPTED = "accepted"
    NOT_SENT = "not_sent"
    REJECTED = "rejected"
    AMBIGUOUS = "ambiguous"
    PROVED_NOT_SENT = "proved_not_sent"


class Family(enum.StrEnum):
    """The kind of trouble that a breaker counts; trouble with one recipient is none of these."""

    CONNECTION = "connection"
    THROTTLE = "throttle"
    SERVER = "server"
    ACCOUNT = "account"


class Fault(enum.StrEnum):
    """A call that brought no answer."""

    NOT_CONNECTED = "not_connected"  # DNS, refused, connect timeout, TLS: nothing was written
    CUT_OFF = "cut_off"  # read timeout, reset, anything after the first byte may have gone out
    TOO_LATE = "too_late"  # we never connected: the lease was half over


class Trouble(enum.StrEnum):
    """What an answer says about the recipient."""

    OPTED_OUT = "opted_out"
    BAD_NUMBER = "bad_number"


@dataclass(frozen=True)
class Answer:
    """What came back. `status` is HTTP's, `error` the provider's own code, `retry_after` in seconds."""

    status: int | None = None
    provider_id: str | None = None
    error: int | None = None
    retry_after: float | None = None
    fault: Fault | None = None


@dataclass(frozen=True)
class Judgement:
    """What an answer means. `wait` is the least time in seconds before another try."""

    outcome: Outcome
    reason: str
    family: Family | None = None
    trouble: Trouble | None = None
    wait: float = 0.0


OPTED_OUT_CODES = frozenset({21610})
BAD_NUMBER_CODES = frozenset({21211, 21614, 30005, 30006})
ACCOUNT_STATUSES = frozenset({401, 402, 403})
ACCOUNT_CODES = frozenset({20003, 20005, 30001, 30002})
MAYBE_PROCESSED = frozenset({408})

FAULTS = {
    Fault.NOT_CONNECTED: Judgement(Outcome.NOT_SENT, "not_connected", Family.CONNECTION),
    Fault.CUT_OFF: Judgement(Outcome.AMBIGUOUS, "cut_off", Family.SERVER),
    Fault.TOO_LATE: Judgement(Outcome.NOT_SENT, "too_late"),
}


def judge(answer: Answer, *, retry_after_is_promise: bool = False) -> Judgement:
    """The class of an answer. `retry_after_is_promise`: documented to mean that a 503 was not processed."""
    if answer.fault is not None:
        return FAULTS[answer.fault]
    status, wait = answer.status or 0, answer.retry_after or 0.0
    if 200 <= status < 300:
        return Judgement(*((Outcome.ACCEPTED, "accepted") if answer.provider_id else _not_parsed()))
    if status in ACCOUNT_STATUSES or answer.error in ACCOUNT_CODES:
        return Judgement(Outcome.NOT_SENT, "account_refused", Family.ACCOUNT)
    if status == 429 or (status == 503 and answer.retry_after is not None and retry_after_is_promise):
        return Judgement(Outcome.NOT_SENT, "too_many_requests", Family.THROTTLE, wait=wait)
    if 400 <= status < 500 and status not in MAYBE_PROCESSED:
        return _about_the_recipient(answer.error)
    return Judgement(Outcome.AMBIGUOUS, "server_error", Family.SERVER)


def _not_parsed() -> tuple[Outcome, str, Family]:
    return Outcome.AMBIGUOUS, "answer_not_read", Family.SERVER


def _about_the_recipient(error: int | None) -> Judgement:
    trouble = trouble_of(error)
    return Judgement(Outcome.REJECTED, str(trouble or "rejected"), trouble=trouble)


def trouble_of(error: int | None) -> Trouble | None:
    """What a provider's code, of an answer or a receipt, says about the recipient (P4.3)."""
    if error in OPTED_OUT_CODES:
        return Trouble.OPTED_OUT
    return Trouble.BAD_NUMBER if error in BAD_NUMBER_CODES else None
