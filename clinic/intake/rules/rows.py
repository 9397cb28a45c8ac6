"""The rows of Clinic placement rules v1 (C4.4, read as C4.6 says), as data.

Every row is our own synthesis (confidence C): it recommends, with its reason; a clinician decides (C4.7).
"""

import enum
from dataclasses import dataclass
from functools import cache

from clinic.intake.rules.conditions import AllOf, AnyOf, Condition, Fact, fact, no, yes
from clinic.intake.rules.findings import OPIOIDS, Findings


class Outcome(enum.StrEnum):
    """What is recommended, the most protective first (C4.4); `incomplete` says that nothing can be yet."""

    EMERGENCY = "emergency"
    HOSPITAL = "hospital"
    DETOX = "detox"
    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"
    CLINICIAN_REVIEW = "clinician_review"
    INCOMPLETE = "incomplete"

    @property
    def rank(self) -> int:
        """0 protects most."""
        return list(Outcome).index(self)

    @property
    def label(self) -> str:
        """As a page says it."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.EMERGENCY: "Emergency",
    Outcome.HOSPITAL: "Hospital",
    Outcome.DETOX: "Detox",
    Outcome.INPATIENT: "Inpatient",
    Outcome.OUTPATIENT: "Outpatient",
    Outcome.CLINICIAN_REVIEW: "Outpatient intake with a clinician within 24 h",
    Outcome.INCOMPLETE: "Cannot recommend outpatient yet",
}


class Medication(enum.StrEnum):
    """The kind of medication for opioid use disorder that goes with a placement."""

    AGONIST = "agonist"
    NALTREXONE = "naltrexone"

    @property
    def label(self) -> str:
        """As a page says it."""
        return {"agonist": "methadone or buprenorphine", "naltrexone": "naltrexone"}[self.value]


@dataclass(frozen=True)
class Limits:
    """The figures of C4.4 that a clinic may set (settings `placement_…`)."""

    breathing_low: int = 10
    oxygen_low: int = 90
    drinks: int = 8
    ciwa: int = 10
    cows_moderate: int = 13
    cows_severe: int = 25
    returns: int = 2


@dataclass(frozen=True)
class Row:
    """One line of C4.4. `sets` is the level that it asks for; a row without one adds words only."""

    id: str
    sets: Outcome | None
    reason: str
    when: Condition


# How long an opioid taken means dependent now (C4.6): 10 days, 14 for those that stay longer in the body.
STAYS_LONGER = ("methadone", "buprenorphine", "long_acting_opioid")
DEPENDENT_HOURS = dict.fromkeys(OPIOIDS, 240.0) | dict.fromkeys(STAYS_LONGER, 336.0)


def _takes_opioid(findings: Findings) -> bool | None:
    if findings.substances is None:
        return None
    return any(use.substance in OPIOIDS for use in findings.substances)


def _opioid_is_recent(findings: Findings) -> bool | None:
    if findings.substances is None:
        return None
    hours = [
        (use.last_use_hours, DEPENDENT_HOURS[use.substance])
        for use in findings.substances
        if use.substance in OPIOIDS
    ]
    if any(since is not None and since <= limit for since, limit in hours):
        return True
    return None if any(since is None for since, _ in hours) else False


def _no_intent(findings: Findings) -> bool | None:
    """Plan and intent need not be asked where there are no thoughts of suicide (C4.6)."""
    if findings.suicide_plan_or_intent is not None:
        return not findings.suicide_plan_or_intent
    return True if findings.suicidal_ideation is False else None


OPIOID = Fact(("substances",), _takes_opioid, "uses an opioid")
NO_INTENT = Fact(("suicide_plan_or_intent", "suicidal_ideation"), _no_intent, "no plan or intent of suicide")
STABLE = AllOf(
    (
        yes("conscious", "awake"),
        no("chest_pain", "no chest pain"),
        no("seizure_now", "no seizure"),
        no("psychosis", "no voices or confusion"),
        no("violent_intent", "no intent to harm others"),
        no("unstable_illness", "no unstable illness"),
        no("vomiting_or_dehydrated", "not vomiting or dried out"),
        NO_INTENT,
    ),
    "stable in body and mind",
)
DEPENDENT = AnyOf((
    Fact(("substances",), _opioid_is_recent, "an opioid within 10 to 14 days"),
    fact("cows", lambda score: score >= 5, "COWS {}"),
))  # fmt: skip


@cache
def rows(limits: Limits) -> tuple[Row, ...]:
    """The rows in the order of C4.4. `placement.recommend` adds O3 and X1, which look at what these gave."""
    return (*_emergency_and_hospital(limits), *_detox(limits), *_other(limits))


def _emergency_and_hospital(limits: Limits) -> tuple[Row, ...]:
    return (
        Row("E1", Outcome.EMERGENCY, "Life threat", AnyOf((
            no("conscious", "not awake and answering"),
            fact("respiratory_rate", lambda rate: rate < limits.breathing_low, "breathing rate {} a minute"),
            fact("spo2", lambda percent: percent < limits.oxygen_low, "oxygen {} % on air"),
            yes("seizure_now", "seizure now"),
            yes("chest_pain", "chest pain"),
        ))),
        Row("E2", Outcome.EMERGENCY, "Suicide risk, do not leave alone", AnyOf((
            yes("suicide_plan_or_intent", "a plan, intent or means"),
            AllOf((yes("suicide_attempt_3_months", "an attempt in the last 3 months"),
                   yes("suicidal_ideation", "thoughts of suicide now"))),
        ))),
        Row("E3", Outcome.EMERGENCY, "Unsafe without medical or psychiatric care", AnyOf((
            yes("psychosis", "voices or confusion"), yes("violent_intent", "intent to harm others"),
        ))),
        Row("H1", Outcome.HOSPITAL, "Medical stability first", yes("unstable_illness", "unstable illness")),
    )  # fmt: skip


def _detox(limits: Limits) -> tuple[Row, ...]:
    return (
        Row("H2", Outcome.DETOX, "Risk of seizure or delirium tremens", AllOf((
            yes("withdrawal_seizure_history", "seizure or delirium in an earlier withdrawal"),
            AnyOf((yes("alcohol_daily", "alcohol every day"),
                   yes("benzodiazepine_daily", "benzodiazepine every day"))),
        ))),
        Row("D1", Outcome.DETOX, "Sedative withdrawal can kill, and opioid withdrawal masks it", AnyOf((
            AllOf((yes("alcohol_daily", "alcohol every day"),
                   fact("drinks_per_day", lambda drinks: drinks >= limits.drinks, "{} drinks a day"))),
            fact("ciwa", lambda score: score >= limits.ciwa, "CIWA-Ar {}"),
            AllOf((yes("benzodiazepine_daily", "benzodiazepine every day"), OPIOID)),
        ))),
        Row("D2", Outcome.DETOX, "Severe withdrawal", AnyOf((
            fact("cows", lambda score: score >= limits.cows_severe, "COWS {}"),
            yes("vomiting_or_dehydrated", "vomiting or dried out"),
        ))),
        Row("D3", Outcome.DETOX, "Cannot be managed at home", AllOf((
            fact("cows", lambda score: limits.cows_moderate <= score < limits.cows_severe, "COWS {}"),
            AnyOf((
                no("safe_housing", "no safe place to stay"),
                no("sober_support", "no sober person who supports"),
                yes("failed_outpatient_start", "an outpatient start that did not hold"),
            )),
        ))),
        Row("D4", Outcome.DETOX, "Needs 7 to 14 opioid-free days: detox or bridge, then naltrexone", AllOf((
            yes("wants_naltrexone", "wants naltrexone"), DEPENDENT,
        ))),
    )  # fmt: skip


def _other(limits: Limits) -> tuple[Row, ...]:
    return (
        Row("P1", None, "Risk of return to use and risk to the fetus", AllOf((
            yes("pregnant", "pregnant"), OPIOID,
        ))),
        Row("I1", Outcome.INPATIENT, "Surroundings", no("safe_housing", "no safe place to stay")),
        Row("I2", Outcome.INPATIENT, "Needs more structure", AllOf((
            fact("returns_to_use_12_months", lambda times: times >= limits.returns,
                 "{} returns to use in 12 months"),
            yes("overdose_12_months", "overdose in 12 months"),
        ))),
        Row("I3", Outcome.INPATIENT, "Integrated care", AllOf((
            fact("psychiatric_severity", lambda word: word in ("moderate", "severe"),
                 "{} psychiatric symptoms"),
            STABLE,
        ))),
        Row("O1", Outcome.OUTPATIENT, "First-line, detox is not required", AllOf((
            yes("wants_medication", "wants medication"), OPIOID,
            fact("cows", lambda score: score < limits.cows_severe, "COWS {}"), STABLE,
            yes("safe_housing", "a safe place to stay"),
        ))),
        Row("O2", Outcome.OUTPATIENT, "Least restrictive", AllOf((
            fact("cows", lambda score: score <= 4, "COWS {}, no withdrawal"), STABLE,
            yes("sober_support", "a sober person who supports"),
        ))),
        Row("M1", None, "Medication halves the death rate", AllOf((
            OPIOID,
            Fact(("wants_medication", "wants_naltrexone"),
                 lambda found: not found.wants_medication and not found.wants_naltrexone,
                 "no medication chosen yet"),
        ))),
        Row("M2", None, "Window of highest risk", AnyOf((
            yes("overdose_12_months", "overdose in 12 months"),
            yes("released_4_weeks", "left jail, hospital or detox within 4 weeks"),
        ))),
    )  # fmt: skip
