"""Where in the chain each invented person is, and how their check-ins went. Data and chance, nothing else."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from clinic.episodes.rules import Track
from clinic.intake.rules.referral import Urgency
from clinic.intake.rules.sources import NOT_SET, Given, Source
from clinic.intake.rules.waiting import Told


class Stage(enum.StrEnum):
    """How far somebody has come."""

    ASKED = "asked"
    CALLED = "called"
    REGISTERED = "registered"
    ASSESSED = "assessed"
    PROPOSED = "proposed"
    PLACED = "placed"
    OFFERED = "offered"
    IN_CARE = "in_care"
    AFTERCARE = "aftercare"


class Ending(enum.StrEnum):
    """How the last check-ins of somebody in aftercare went."""

    WELL = "well"
    ACUTE = "acute"
    HIGH = "high"
    MODERATE = "moderate"
    SILENT = "silent"
    NO_TEXTS = "no_texts"


@dataclass(frozen=True)
class Story:
    """One person's way. `stays` are (track, days), the last one still going on; `urgent` as asked.

    `ended` is how many days ago the episode was closed; 0 while it is open.
    """

    stage: Stage
    stays: tuple[tuple[Track, int], ...] = ()
    profile: str = "outpatient"
    ending: Ending = Ending.WELL
    hours_ago: int = 0
    urgent: bool = False
    ended: int = 0


_D, _I, _O, _A = Track
STORIES: tuple[Story, ...] = (
    Story(Stage.ASKED, hours_ago=1, urgent=True),
    Story(Stage.ASKED, hours_ago=3),
    Story(Stage.ASKED, hours_ago=20),
    Story(Stage.CALLED, hours_ago=26),
    Story(Stage.CALLED, hours_ago=4, urgent=True),
    Story(Stage.ASKED, hours_ago=9),
    *(Story(Stage.REGISTERED, profile=profile) for profile in ("outpatient", "detox", "unknown")),
    Story(Stage.REGISTERED),
    *(Story(Stage.ASSESSED, profile=profile) for profile in ("detox", "outpatient", "unknown", "inpatient")),
    Story(Stage.PROPOSED, profile="detox"),
    Story(Stage.PROPOSED, profile="unknown"),
    *(Story(Stage.PLACED, profile=profile) for profile in ("detox", "outpatient", "inpatient")),
    Story(Stage.OFFERED, ((_D, 1),), "detox"),
    Story(Stage.OFFERED, ((_O, 2),)),
    *(Story(Stage.IN_CARE, ((_D, day),), "detox") for day in (1, 2, 3, 5, 6)),
    *(Story(Stage.IN_CARE, ((_D, 7), (_I, day)), "detox") for day in (1, 4, 9, 12, 20)),
    *(Story(Stage.IN_CARE, ((_O, day),)) for day in (3, 8, 15, 22, 30, 41, 55)),
    *(Story(Stage.IN_CARE, ((_D, 6), (_O, day)), "detox") for day in (2, 10, 26)),
    *(Story(Stage.IN_CARE, ((_D, 7), (_I, 21), (_O, day)), "detox") for day in (5, 33)),
    Story(Stage.AFTERCARE, ((_D, 7), (_A, 6)), "detox", Ending.ACUTE),
    Story(Stage.AFTERCARE, ((_D, 7), (_I, 21), (_A, 9)), "detox", Ending.HIGH),
    Story(Stage.AFTERCARE, ((_O, 60), (_A, 12)), ending=Ending.SILENT),
    Story(Stage.AFTERCARE, ((_D, 8), (_A, 3)), "detox", Ending.SILENT),
    Story(Stage.AFTERCARE, ((_D, 6), (_O, 40), (_A, 20)), "detox", Ending.MODERATE),
    Story(Stage.AFTERCARE, ((_O, 50), (_A, 5)), ending=Ending.NO_TEXTS),
    *(Story(Stage.AFTERCARE, ((_D, 7), (_O, 45), (_A, day)), "detox") for day in (1, 4, 11, 17, 25, 36, 60)),
    *(Story(Stage.AFTERCARE, ((_O, 70), (_A, day))) for day in (2, 8, 14, 48)),
)  # fmt: skip

PAST: tuple[Story, ...] = (
    *(Story(Stage.IN_CARE, ((_D, days),), "detox", ended=ended)
      for days, ended in ((2, 45), (3, 110), (5, 160), (2, 240), (4, 330), (6, 420), (3, 510), (1, 20))),
    *(Story(Stage.IN_CARE, ((_D, 5), (_I, days)), "detox", ended=ended)
      for days, ended in ((4, 70), (9, 190), (6, 300))),
    *(Story(Stage.AFTERCARE, ((_D, 6), (_A, days)), "detox", ended=ended)
      for days, ended in ((1, 35), (2, 90), (3, 140), (2, 220), (10, 270), (1, 390))),
    *(Story(Stage.AFTERCARE, ((_O, 9), (_A, days)), ended=ended) for days, ended in ((2, 60), (4, 250))),
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """Somebody who still waits: who asked, when, what was told, how often somebody tried."""

    source: Source
    hours_ago: int
    pregnant: Told | None = None
    injecting: Told | None = None
    urgencies: frozenset[Urgency] = frozenset()
    tries: int = 0


WAITING: tuple[Call, ...] = (
    Call(Source.HOSPITAL, 5, Told.YES, Told.YES, frozenset({Urgency.PREGNANT, Urgency.WITHDRAWAL}), 1),
    Call(Source.PERSON, 52, Told.YES, None, frozenset({Urgency.PREGNANT}), 2),
    Call(Source.OUTREACH, 70, Told.NO, Told.YES, tries=3),
    Call(Source.COURT, 96, Told.NO, Told.NO, tries=1),
    Call(Source.PRIMARY_CARE, 28, Told.NOT_KNOWN, Told.YES),
    Call(Source.PROGRAMME, 30, Told.NO, Told.DECLINED),
    Call(Source.CRISIS_LINE, 2, urgencies=frozenset({Urgency.SUICIDE})),
    Call(Source.RELATIVE, 6, urgencies=frozenset({Urgency.OVERDOSE})),
    Call(Source.PROFESSIONAL, 120, Told.NO, Told.NO, tries=1),
)
CALLERS: Mapping[Source, tuple[str, Mapping[Given, str]]] = {
    Source.RELATIVE: ("Dana Merrick", {Given.RELATIONSHIP: "Sister"}),
    Source.HOSPITAL: (
        "Lena Orth, social worker",
        {
            Given.ORGANISATION: "Mercy General, emergency department",
            Given.MEDICATION: "Buprenorphine 8 mg today",
        },
    ),
    Source.PRIMARY_CARE: ("Dr. Ruth Adeyemi", {Given.ORGANISATION: "Elm Street Family Practice"}),
    Source.COURT: (
        "Paul Whelan, probation officer",
        {Given.ORGANISATION: "County probation", Given.COURT_ON: NOT_SET},
    ),
    Source.PROGRAMME: (
        "Kim Doan, counselor",
        {Given.ORGANISATION: "Lakeview program", Given.MEDICATION: "Methadone 60 mg, last dose yesterday"},
    ),
    Source.OUTREACH: (
        "Sol Reyes",
        {Given.ORGANISATION: "Street outreach team", Given.WHERE: "Shelter on Ninth Street, evenings"},
    ),
    Source.CRISIS_LINE: ("Jo, crisis line", {Given.ORGANISATION: "Crisis line of the county"}),
    Source.PROFESSIONAL: ("Avery Lund, school counselor", {Given.ORGANISATION: "Northside High School"}),
}


def substances(profile: str, chance: Random) -> Sequence[tuple[str, str, int | None]]:
    """(substance, route, hours since last use or None) as told at the assessment."""
    if profile == "unknown":
        return [("fentanyl", "smoked", None)]
    hours = chance.randrange(8, 30)
    first = chance.choice([("heroin", "injected"), ("fentanyl", "smoked"), ("heroin", "snorted")])
    return [(*first, hours), ("cannabis", "smoked", hours + 20)][: chance.randint(1, 2)]


SETTLED: Mapping[str, str | int] = {
    "conscious": "yes", "chest_pain": "no", "seizure_now": "no", "vomiting_or_dehydrated": "no",
    "unstable_illness": "no", "suicidal_ideation": "no", "suicide_plan_or_intent": "no",
    "suicide_attempt_3_months": "no", "psychosis": "no", "violent_intent": "no",
    "psychiatric_severity": "mild", "alcohol_daily": "no", "benzodiazepine_daily": "no",
    "withdrawal_seizure_history": "no", "pregnant": "no", "safe_housing": "yes", "sober_support": "yes",
    "failed_outpatient_start": "no", "returns_to_use_12_months": 0, "overdose_12_months": "no",
    "released_4_weeks": "no", "wants_medication": "yes", "wants_naltrexone": "no", "preference": "outpatient",
}  # fmt: skip
PROFILES: dict[str, dict[str, str | int]] = {
    "outpatient": {},
    "detox": {"vomiting_or_dehydrated": "yes", "preference": "detox"},
    "inpatient": {"safe_housing": "no", "preference": "inpatient"},
    "unknown": {"withdrawal_seizure_history": "not_known", "sober_support": "declined"},
}


def safety(profile: str) -> dict[str, str | int]:
    """The answers of 'Safety and circumstances'."""
    return {**SETTLED, **PROFILES[profile]}


def check_in(chance: Random, ending: Ending | None, better: float) -> dict[str, str]:
    """One check-in's taps by page; `better` (0 to 1) is how far somebody has come. None: an ordinary day."""
    if ending is Ending.ACUTE:
        return {"1": "2", "2": "hardly_slept", "3": "9", "4": "nothing", "5": "call_soon"}
    if ending is Ending.HIGH:
        return {"1": "4", "2": "both_poor", "3": "7", "4": "main_thing", "5": "safe_call", "5b": "no"}
    if ending is Ending.MODERATE:
        return {"1": "5", "2": "low_sleep", "3": "5", "4": "nothing", "5": "safe"}
    sleep = chance.choices(("both_good", "low_energy", "low_sleep"), (2 + 6 * better, 3, 0.3))[0]
    return {
        "1": str(min(10, 6 + round(3 * better) + chance.randint(0, 1))),
        "2": sleep,
        "3": str(chance.randint(0, 2) + (1 if better < 0.3 else 0)),
        "4": "nothing",
        "4b": "yes",
        "5": "safe",
        "W": "yes",
    }


TAPS_TAKE = timedelta(minutes=3)  # more than all pages of one check-in
LATELY = {Ending.ACUTE: timedelta(minutes=25), Ending.HIGH: timedelta(minutes=95)}  # so Today shows them


def answered_at(
    due_at: datetime, closes_at: datetime, now: datetime, ending: Ending | None, chance: Random
) -> datetime:
    """When the first page was tapped: while the check-in was open, whatever hour `now` is (UTC)."""
    wanted = due_at + timedelta(minutes=chance.randint(2, 180))
    if ending in LATELY:
        wanted = now - LATELY[ending]
    return max(due_at, min(wanted, now, closes_at - TAPS_TAKE))
