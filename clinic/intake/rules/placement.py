"""What the placement rules recommend: one outcome for every input, why, and what is missing (C4.4, C4.6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clinic.intake.rules.conditions import Because
from clinic.intake.rules.findings import Findings, missing
from clinic.intake.rules.rows import OPIOID, Limits, Medication, Outcome, rows

VERSION = "v1"


@dataclass(frozen=True)
class Fired:
    """A row that fired, and the findings that made it fire."""

    id: str
    sets: Outcome | None
    reason: str
    because: tuple[Because, ...] = ()

    @property
    def text(self) -> str:
        """The reason with its findings, in one line."""
        found = ", ".join(reason.words for reason in self.because)
        return f"{self.reason}: {found}" if found else self.reason


@dataclass(frozen=True)
class Recommendation:
    """What the rules propose, why, and what they could not know (output of C4.6)."""

    outcome: Outcome
    then: Outcome | None
    medication: Medication | None
    rows: tuple[Fired, ...]
    messages: tuple[str, ...]
    missing: tuple[str, ...]
    version: str = VERSION

    @property
    def complete(self) -> bool:
        """Whether nothing of the minimum data is unknown."""
        return not self.missing

    def plain(self) -> dict[str, Any]:
        """The JSON object of C4.6: always all keys."""
        return {
            "outcome": self.outcome.value,
            "then": self.then and self.then.value,
            "medication": self.medication and self.medication.value,
            "rows": [{"id": row.id, "reason": row.text} for row in self.rows],
            "messages": list(self.messages),
            "missing": list(self.missing),
            "complete": self.complete,
            "version": self.version,
        }

    def kept(self) -> dict[str, Any]:
        """`plain` with what each row stood on, to be kept with the decision; `restored` reads it back."""
        rows = [
            {"id": row.id, "sets": row.sets, "reason": row.reason, "because": row.because}
            for row in self.rows
        ]
        return {**self.plain(), "rows": rows}


def restored(kept: Mapping[str, Any]) -> Recommendation:
    """The recommendation that `kept` gave, as it was then."""
    return Recommendation(
        outcome=Outcome(kept["outcome"]),
        then=kept["then"] and Outcome(kept["then"]),
        medication=kept["medication"] and Medication(kept["medication"]),
        rows=tuple(
            Fired(
                row["id"],
                row["sets"] and Outcome(row["sets"]),
                row["reason"],
                tuple(Because(tuple(keys), words) for keys, words in row["because"]),
            )
            for row in kept["rows"]
        ),
        messages=tuple(kept["messages"]),
        missing=tuple(kept["missing"]),
        version=kept["version"],
    )


# O3 and X1 look at what the other rows gave; they stand here in their place of C4.4.
ORDER = ("E1", "E2", "E3", "H1", "H2", "D1", "D2", "D3", "D4", "P1", "I1", "I2", "I3", "O1", "O2", "O3", "X1",
         "M1", "M2")  # fmt: skip
SHIPPED = Limits()
DETOX_ROWS = frozenset(row.id for row in rows(SHIPPED) if row.sets is Outcome.DETOX)
SEDATIVE_ROWS = frozenset({"H2", "D1"})
O3 = Fired("O3", Outcome.CLINICIAN_REVIEW,
           "No rule covers this person: outpatient intake with a clinician within 24 h")  # fmt: skip


def recommend(findings: Findings, limits: Limits = SHIPPED) -> Recommendation:
    """Evaluate every row; the most protective wins (C4.4). Total: one outcome for every input."""
    fired = [
        Fired(row.id, row.sets, row.reason, tuple(row.when.because(findings)))
        for row in rows(limits)
        if row.when.holds(findings)
    ]
    unknown = missing(findings)
    outcome, then = _outcome(fired, complete=not unknown)
    if outcome is Outcome.CLINICIAN_REVIEW:
        fired.append(O3)
    if _declines(findings.preference, outcome):
        because = (Because(("preference",), f"prefers {findings.preference}"),)
        fired.append(Fired("X1", None, "Preference decides among safe options", because))
    fired.sort(key=lambda row: ORDER.index(row.id))
    ids = {row.id for row in fired}
    messages = tuple(text for applies, text in MESSAGES if applies(ids, outcome, then))
    return Recommendation(outcome, then, _medication(findings, ids), tuple(fired), messages, tuple(unknown))


def _outcome(rows: list[Fired], *, complete: bool) -> tuple[Outcome, Outcome | None]:
    """Ties and joint results (C4.4). Incomplete never hides an E, H or D row that fired."""
    levels, pregnant = {row.sets for row in rows}, any(row.id == "P1" for row in rows)
    for urgent in (Outcome.EMERGENCY, Outcome.HOSPITAL):
        if urgent in levels:
            return urgent, None
    if Outcome.DETOX in levels:
        if pregnant:  # read before the other joint results: 24 h care without a taper
            return Outcome.INPATIENT, None
        return Outcome.DETOX, Outcome.INPATIENT if Outcome.INPATIENT in levels else None
    if not complete:
        return Outcome.INCOMPLETE, None
    for level in (Outcome.INPATIENT, Outcome.OUTPATIENT):
        if level in levels:
            return level, None
    return Outcome.CLINICIAN_REVIEW, None


def _declines(preference: str | None, outcome: Outcome) -> bool:
    """Whether the preferred track is another than a recommended one that there is a choice about."""
    offered = (Outcome.DETOX, Outcome.INPATIENT, Outcome.OUTPATIENT)
    return outcome in offered and preference not in (None, "none", outcome.value)


def _medication(findings: Findings, fired: set[str]) -> Medication | None:
    if "P1" in fired:
        return Medication.AGONIST
    if "D4" in fired:
        return Medication.NALTREXONE
    return Medication.AGONIST if findings.wants_medication and OPIOID.holds(findings) else None


def _by_an_i_row(fired: set[str], outcome: Outcome, then: Outcome | None) -> bool:
    """Whether a lighter alternative to inpatient may be listed: no detox row asked for the 24 h care."""
    return then is Outcome.INPATIENT or (outcome is Outcome.INPATIENT and not fired & DETOX_ROWS)


Applies = Callable[[set[str], Outcome, Outcome | None], bool]
MESSAGES: tuple[tuple[Applies, str], ...] = (
    (
        lambda fired, *_: "P1" in fired,
        "Pregnant: agonist medication the same day, no detox and no taper, an obstetric link within 48 h; "
        "start as inpatient if unstable.",
    ),
    (
        lambda fired, outcome, _: (
            "P1" in fired and bool(fired & SEDATIVE_ROWS) and outcome is Outcome.INPATIENT
        ),
        "24 h care with medical cover for sedative withdrawal.",
    ),
    (
        lambda fired, outcome, _: "H2" in fired and outcome is Outcome.DETOX,
        "Detox with 24 h medical cover. Alternative: hospital, where available.",
    ),
    (
        lambda fired, outcome, then: "I1" in fired and _by_an_i_row(fired, outcome, then),
        "Alternative: outpatient with recovery housing.",
    ),
    (
        lambda fired, outcome, then: "I3" in fired and _by_an_i_row(fired, outcome, then),
        "Inpatient for co-occurring conditions. Alternative: outpatient with psychiatry within 7 days.",
    ),
    (
        lambda fired, *_: "X1" in fired,
        "The person prefers another track. If they decline: record the informed refusal, offer the next best "
        "the same day, and give naloxone.",
    ),
    (
        lambda fired, *_: "M1" in fired,
        "Was medication offered? It halves the death rate in opioid use disorder.",
    ),
    (
        lambda fired, *_: "M2" in fired,
        "Medication the same day, and naloxone: the risk of overdose is highest now.",
    ),
)
