"""What the answers to a scale make urgent (instruments/README.md, traps 3 and 5; C8.6, C8.12)."""

from collections.abc import Collection
from typing import NamedTuple

from clinic.worklist.rules import Level


class Alarm(NamedTuple):
    """How urgent a standing flag is, and why, in words for staff."""

    level: Level
    reason: str


ITEM_9 = ("phq9", "suicide_risk_followup")
# By scale and flag of its file, the most urgent first.
ALARMS = {
    ("cssrs_screener", "high_risk_immediate"): Alarm(
        Level.ACUTE,
        "C-SSRS screener: high. Do not leave the person alone; a mental-health professional evaluates now.",
    ),
    ("cssrs_screener", "any_positive"): Alarm(
        Level.HIGH,
        "C-SSRS screener: thoughts or acts of suicide. Assess today and make a safety plan with the person.",
    ),
    ITEM_9: Alarm(
        Level.HIGH,
        "PHQ-9 item 9 above zero: thoughts of death or self-harm. Assess suicide risk today "
        "and make a safety plan with the person.",
    ),
}
UNANSWERED = Alarm(
    Level.MODERATE,
    "PHQ-9 item 9 was left out: thoughts of death or self-harm are not ruled out. Ask the person today.",
)


def alarm(scale: str, flags: Collection[str]) -> Alarm | None:
    """The most urgent of what stands; None where nothing does."""
    standing = (found for (of, flag), found in ALARMS.items() if of == scale and flag in flags)
    return next(standing, None)
