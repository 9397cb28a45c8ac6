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


class Stage(enum.StrEnum):
    """How far a dialogue with a mail server had come when it answered (RFC 5321)."""

    SENDER = "sender"  # up to and with MAIL FROM: about us
    RECIPIENT = "recipient"
    DATA = "data"


class Trouble(enum.StrEnum):
    """What an answer says about the recipient."""

    OPTED_OUT = "opted_out"
    BAD_NUMBER = "bad_number"
    BAD_ADDRESS = "bad_address"


@dataclass(frozen=True)
class Answer:
    """What came back. `status` is HTTP's or SMTP's, `retry_after` in seconds.

    `error` is the provider's own code; with a `stage`, the subject of the enhanced status (RFC 3463):
    1 the address, 2 the mailbox, 7 a policy.
    """

    status: int | None = None
    provider_id: str | None = None
    error: int | None = None
    retry_after: float | None = None
    fault: Fault | None = None
    stage: Stage | None = None


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
MAILBOX_FULL, POLICY = 552, 7  # SMTP reply; subject of an enhanced status
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
    if answer.stage is not None:
        return _mail(answer.stage, answer.status or 0, answer.error)
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


def _mail(stage: Stage, status: int, subject: int | None) -> Judgement:
    """A mail server's reply (P5.2): refused for now is tried again, a mailbox that is not there never is."""
    if 200 <= status < 300:
        return Judgement(Outcome.ACCEPTED, "accepted")
    if status < 500 or status == MAILBOX_FULL:
        sender = stage is Stage.SENDER
        return Judgement(Outcome.NOT_SENT, "deferred", Family.THROTTLE if sender else None)
    if stage is Stage.SENDER:
        return Judgement(Outcome.NOT_SENT, "account_refused", Family.ACCOUNT)
    if stage is Stage.RECIPIENT and subject != POLICY:
        return Judgement(Outcome.REJECTED, "bad_address", trouble=Trouble.BAD_ADDRESS)
    return Judgement(Outcome.REJECTED, "rejected")


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
