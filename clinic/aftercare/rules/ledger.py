"""The ledger: every check-in and session reminder that was due, counted once (reliability 1)."""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


class Class(enum.StrEnum):
    """The classes in the order in which they are tried; the first that applies counts."""

    ANSWERED = "answered"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHHELD = "withheld"
    OPEN = "open"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Sent:
    """One message of a due row: its state and reason as codes.

    `tracked`: receipts tell whether it arrived. Without them (e-mail) what the server took counts, under a
    reason of its own.
    """

    state: str
    reason: str | None
    tracked: bool = True


@dataclass(frozen=True)
class Due:
    """One check-in or session reminder with `due_at` in the past."""

    answered: bool
    outcome: str | None  # of a check-in: skipped, cancelled, did_not_answer, not_reached
    reason: str | None
    has_work: bool
    deadline: datetime
    messages: tuple[Sent, ...]


@dataclass(frozen=True)
class Entry:
    """The class of one row and the reason that the ledger prints for it."""

    kind: Class
    reason: str


WENT_OUT = {"sending", "accepted", "unknown", "failed"}
GIVEN_UP = {"skipped", "cancelled"}


def classify(row: Due, now: datetime) -> Entry:
    """The first class that applies to a row."""
    over = now >= row.deadline
    sent = [message for message in row.messages if message.state in WENT_OUT]
    if row.answered:
        return Entry(Class.ANSWERED, "answered")
    if any(message.state == "delivered" for message in row.messages):
        return Entry(Class.DELIVERED, "delivered")
    if over and any(message.state == "accepted" and not message.tracked for message in sent):
        return Entry(Class.DELIVERED, "handed_over")
    if sent and (over or any(message.state == "failed" for message in sent)):
        return _failed(row, sent)
    if not sent and _ended(row):
        reason = row.reason or next((m.reason for m in row.messages if m.reason), None)
        if reason is None:
            return Entry(Class.UNEXPLAINED, "withheld_without_reason")
        return Entry(Class.WITHHELD, reason)
    if not over:
        return Entry(Class.OPEN, next((message.state for message in row.messages), "waiting"))
    return Entry(Class.UNEXPLAINED, "open_past_deadline")


@dataclass(frozen=True)
class Totals:
    """The numbers of the ledger. The classes add up to `due`."""

    due: int
    classes: Mapping[Class, int]
    reasons: Mapping[str, int]

    def as_data(self) -> dict[str, object]:
        """What `--json` prints."""
        numbers = {kind.value: self.classes[kind] for kind in PRINTED}
        return {"due": self.due, **numbers, "reasons": dict(self.reasons)}

    def sentence(self) -> str:
        """`due 120 = delivered 31 + answered 72 + …`; unexplained is named only where there is any."""
        parts = [
            f"{kind} {self.classes[kind]}"
            for kind in PRINTED
            if kind is not Class.UNEXPLAINED or self.classes[kind]
        ]
        return f"due {self.due} = {' + '.join(parts)}"


PRINTED = (
    Class.DELIVERED,
    Class.ANSWERED,
    Class.WITHHELD,
    Class.FAILED,
    Class.OPEN,
    Class.UNEXPLAINED,
)


def totals(entries: Iterable[Entry]) -> Totals:
    """The number of each class, and of each reason."""
    entries = list(entries)
    classes = Counter(entry.kind for entry in entries)
    reasons = Counter(entry.reason for entry in entries)
    counted = {kind: classes[kind] for kind in Class}
    return Totals(len(entries), counted, dict(sorted(reasons.items())))


def _ended(row: Due) -> bool:
    """Nothing went out and nothing will: by the row's own outcome, or because all messages were given up."""
    if row.outcome is not None:
        return True
    return bool(row.messages) and all(message.state in GIVEN_UP for message in row.messages)


def _failed(row: Due, sent: list[Sent]) -> Entry:
    if not row.has_work:
        return Entry(Class.UNEXPLAINED, "failed_without_work")
    worst = next((m for m in sent if m.state == "failed"), sent[0])
    return Entry(Class.FAILED, worst.reason or ("no_receipt" if worst.state == "accepted" else worst.state))
