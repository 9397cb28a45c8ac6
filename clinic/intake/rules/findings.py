"""What a placement stands on: the findings of C4.6, how they are read from plain data, what is missing."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

OPIOIDS = ("heroin", "fentanyl", "short_acting_opioid", "long_acting_opioid", "methadone", "buprenorphine")
SUBSTANCES = (*OPIOIDS, "alcohol", "benzodiazepine", "cocaine", "methamphetamine", "cannabis", "other")
SEVERITIES = ("none", "mild", "moderate", "severe")
PREFERENCES = ("detox", "inpatient", "outpatient", "none")


@dataclass(frozen=True)
class Use:
    """A substance and the hours since it was last used; None if not known."""

    substance: str
    last_use_hours: float | None = None


@dataclass(frozen=True)
class Findings:
    """The keys of C4.6, in its order. None is unknown (not known, declined, not asked), never read as no."""

    substances: tuple[Use, ...] | None = None
    cows: int | None = None
    cows_not_done: str | None = None
    ciwa: int | None = None
    drinks_per_day: float | None = None
    alcohol_daily: bool | None = None
    benzodiazepine_daily: bool | None = None
    withdrawal_seizure_history: bool | None = None
    pregnant: bool | None = None
    suicidal_ideation: bool | None = None
    suicide_plan_or_intent: bool | None = None
    suicide_attempt_3_months: bool | None = None
    conscious: bool | None = None
    chest_pain: bool | None = None
    seizure_now: bool | None = None
    psychosis: bool | None = None
    violent_intent: bool | None = None
    unstable_illness: bool | None = None
    vomiting_or_dehydrated: bool | None = None
    respiratory_rate: int | None = None
    spo2: int | None = None
    safe_housing: bool | None = None
    sober_support: bool | None = None
    failed_outpatient_start: bool | None = None
    overdose_12_months: bool | None = None
    released_4_weeks: bool | None = None
    returns_to_use_12_months: int | None = None
    psychiatric_severity: str | None = None
    wants_medication: bool | None = None
    wants_naltrexone: bool | None = None
    preference: str | None = None


class Unreadable(ValueError):
    """Findings that break the contract; `errors` says why, by key."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("findings break the contract")
        self.errors = errors


@dataclass(frozen=True)
class Kind:
    """What a key's value may be: a JSON schema, the test that agrees with it, and what to say otherwise."""

    schema: Mapping[str, Any]
    fits: Callable[[Any], bool]
    why: str


def _is_number(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, float) and math.isfinite(value)
    )


def _flag() -> Kind:
    return Kind({"type": ["boolean", "null"]}, lambda value: isinstance(value, bool), "give true or false")


def _number() -> Kind:
    schema = {"type": ["number", "null"], "minimum": 0}
    return Kind(schema, lambda value: _is_number(value) and value >= 0, "give a number of 0 or more")


def _whole(high: int | None = None) -> Kind:
    def fits(value: Any) -> bool:
        return _is_number(value) and value == int(value) and value >= 0 and (high is None or value <= high)

    bounds = {"minimum": 0} if high is None else {"minimum": 0, "maximum": high}
    wanted = "of 0 or more" if high is None else f"from 0 to {high}"
    return Kind({"type": ["integer", "null"], **bounds}, fits, f"give a whole number {wanted}")


def _code(codes: tuple[str, ...]) -> Kind:
    schema = {"enum": [*codes, None]}
    return Kind(
        schema, lambda value: isinstance(value, str) and value in codes, f"give one of {', '.join(codes)}"
    )


def _text() -> Kind:
    return Kind({"type": ["string", "null"]}, lambda value: isinstance(value, str), "give the reason as text")


def _substances() -> Kind:
    code, hours = _code(SUBSTANCES), _number()

    def is_use(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and {"substance"} <= value.keys() <= {"substance", "last_use_hours"}
            and code.fits(value["substance"])
            and (value.get("last_use_hours") is None or hours.fits(value["last_use_hours"]))
        )

    use = {
        "type": "object",
        "properties": {"substance": {"enum": list(SUBSTANCES)}, "last_use_hours": hours.schema},
        "required": ["substance"],
        "additionalProperties": False,
    }
    return Kind(
        {"type": ["array", "null"], "items": use},
        lambda value: isinstance(value, list) and all(is_use(entry) for entry in value),
        "give a list of {substance: a code, last_use_hours: a number of 0 or more}; empty for none. "
        f"Codes: {', '.join(SUBSTANCES)}",
    )


_NOT_FLAGS: dict[str, Kind] = {
    "substances": _substances(),
    "cows": _whole(48),
    "cows_not_done": _text(),
    "ciwa": _whole(67),
    "drinks_per_day": _number(),
    "respiratory_rate": _whole(),
    "spo2": _whole(100),
    "returns_to_use_12_months": _whole(),
    "psychiatric_severity": _code(SEVERITIES),
    "preference": _code(PREFERENCES),
}
KEYS: dict[str, Kind] = {field.name: _NOT_FLAGS.get(field.name, _flag()) for field in fields(Findings)}


def read(given: Mapping[str, Any]) -> Findings:
    """Findings from one JSON object (C4.6); absent and null are unknown. Raises Unreadable."""
    errors = {key: "is not a key of the findings" for key in given if key not in KEYS}
    known = {key: value for key, value in given.items() if key in KEYS and value is not None}
    errors |= {key: KEYS[key].why for key, value in known.items() if not KEYS[key].fits(value)}
    if errors:
        raise Unreadable(errors)
    if "substances" in known:
        known["substances"] = tuple(Use(**entry) for entry in known["substances"])
    return Findings(**{key: _whole_if_whole(value) for key, value in known.items()})


def _whole_if_whole(value: Any) -> Any:
    """JSON's 17.0 is a whole number too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def plain(findings: Findings) -> dict[str, Any]:
    """The known findings as a JSON object that `read` takes back."""
    known = {key: value for key in KEYS if (value := getattr(findings, key)) is not None}
    if findings.substances is not None:
        known["substances"] = [
            {"substance": use.substance, "last_use_hours": use.last_use_hours} for use in findings.substances
        ]
    return known


_ALWAYS = (
    "alcohol_daily", "benzodiazepine_daily", "withdrawal_seizure_history", "pregnant", "suicidal_ideation",
    "conscious", "chest_pain", "seizure_now", "psychosis", "violent_intent", "unstable_illness",
    "vomiting_or_dehydrated", "safe_housing", "sober_support", "preference",
)  # fmt: skip


def missing(findings: Findings) -> list[str]:
    """Keys of the minimum data that are unknown, in the order of C4.6; empty means complete."""
    unknown = {key for key in _ALWAYS if getattr(findings, key) is None}
    uses = findings.substances
    if uses is None or any(use.last_use_hours is None for use in uses):
        unknown.add("substances")
    if findings.cows is None and not (findings.cows_not_done or "").strip():
        unknown.add("cows")
    if findings.alcohol_daily and findings.ciwa is None and findings.drinks_per_day is None:
        unknown |= {"ciwa", "drinks_per_day"}
    if findings.suicidal_ideation is not False:
        asked = ("suicide_plan_or_intent", "suicide_attempt_3_months")
        unknown |= {key for key in asked if getattr(findings, key) is None}
    return [key for key in KEYS if key in unknown]
