"""Three-valued conditions over findings: true, false, or None for unknown; each says why it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from clinic.intake.rules.findings import Findings


class Because(NamedTuple):
    """One finding that made a condition hold: the keys it was read from and how it is said."""

    keys: tuple[str, ...]
    words: str


class Condition(Protocol):
    """Something that is so, is not so, or cannot be known from these findings."""

    def holds(self, findings: Findings) -> bool | None:
        """True, False, or None for unknown."""

    def because(self, findings: Findings) -> list[Because]:
        """What made it hold; empty where it does not."""


@dataclass(frozen=True)
class Fact:
    """One thing that may be so. `words` may name the first key's value as {}."""

    keys: tuple[str, ...]
    test: Callable[[Findings], bool | None]
    words: str

    def holds(self, findings: Findings) -> bool | None:
        """As the test says."""
        return self.test(findings)

    def because(self, findings: Findings) -> list[Because]:
        """The one finding."""
        if not self.test(findings):
            return []
        return [Because(self.keys, self.words.format(getattr(findings, self.keys[0])))]


@dataclass(frozen=True)
class AnyOf:
    """True if one part is; else unknown if one part is."""

    parts: tuple[Condition, ...]

    def holds(self, findings: Findings) -> bool | None:
        """Kleene's or."""
        truths = {part.holds(findings) for part in self.parts}
        return True if True in truths else None if None in truths else False

    def because(self, findings: Findings) -> list[Because]:
        """Every part that holds."""
        return [reason for part in self.parts for reason in part.because(findings)]


@dataclass(frozen=True)
class AllOf:
    """False if one part is; else unknown if one part is. `words` sums the parts up in one finding."""

    parts: tuple[Condition, ...]
    words: str = ""

    def holds(self, findings: Findings) -> bool | None:
        """Kleene's and."""
        truths = {part.holds(findings) for part in self.parts}
        return False if False in truths else None if None in truths else True

    def because(self, findings: Findings) -> list[Because]:
        """Every part, once all hold."""
        if not self.holds(findings):
            return []
        reasons = [reason for part in self.parts for reason in part.because(findings)]
        if not self.words:
            return reasons
        return [Because(tuple(key for reason in reasons for key in reason.keys), self.words)]


def fact(key: str, test: Callable[[Any], bool], words: str) -> Fact:
    """A test of one key's value; unknown while the value is."""

    def known(findings: Findings) -> bool | None:
        value = getattr(findings, key)
        return None if value is None else test(value)

    return Fact((key,), known, words)


def yes(key: str, words: str) -> Fact:
    """The answer was yes."""
    return fact(key, lambda value: value is True, words)


def no(key: str, words: str) -> Fact:
    """The answer was no: said, not merely left out."""
    return fact(key, lambda value: value is False, words)
