"""The contract of `flask placement explain` as a JSON schema, made from the keys that read the findings."""

from typing import Any

from clinic.intake.rules.findings import KEYS

MEANING = {
    "substances": "Substances used, with hours since the last use. An empty list means none. Needed",
    "cows": "COWS total. Needed, or cows_not_done",
    "cows_not_done": "Why no COWS was taken",
    "ciwa": "CIWA-Ar total. Needed with alcohol_daily, or drinks_per_day",
    "drinks_per_day": "US standard drinks a day. Needed with alcohol_daily, or ciwa",
    "alcohol_daily": "Drinks alcohol every day. Needed",
    "benzodiazepine_daily": "Takes a benzodiazepine every day. Needed",
    "withdrawal_seizure_history": "Seizure or delirium tremens in an earlier withdrawal. Needed",
    "pregnant": "Pregnant; false also for who cannot be. Needed",
    "suicidal_ideation": "Thoughts of suicide. Needed",
    "suicide_plan_or_intent": "A plan, intent or means. Needed unless suicidal_ideation is false",
    "suicide_attempt_3_months": "An attempt within 3 months. Needed unless suicidal_ideation is false",
    "conscious": "Awake and answering. Needed",
    "chest_pain": "Chest pain. Needed",
    "seizure_now": "A seizure now. Needed",
    "psychosis": "Psychosis or delirium. Needed",
    "violent_intent": "Intent to harm others. Needed",
    "unstable_illness": "Unstable medical illness, bleeding in pregnancy, fever with injecting. Needed",
    "vomiting_or_dehydrated": "Vomiting or dehydrated. Needed",
    "respiratory_rate": "Breaths a minute",
    "spo2": "Oxygen saturation on air, percent",
    "safe_housing": "A safe place to stay. Needed",
    "sober_support": "A sober person who supports. Needed",
    "failed_outpatient_start": "An outpatient start that did not hold",
    "overdose_12_months": "An overdose within 12 months",
    "released_4_weeks": "Left jail, hospital or detox within 4 weeks",
    "returns_to_use_12_months": "Returns to use in outpatient care within 12 months",
    "psychiatric_severity": "How heavy psychiatric symptoms are",
    "wants_medication": "Wants medication for opioid use disorder",
    "wants_naltrexone": "Wants naltrexone",
    "preference": "Preferred track. Needed",
}


def schema() -> dict[str, Any]:
    """JSON schema (2020-12) of one line of input. Absent and null mean unknown, which is never read as no."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Placement findings",
        "description": (
            "One line of input of `flask placement explain` (C4.6). Absent and null mean unknown, and "
            "unknown is never read as no. Keys marked Needed make the result complete."
        ),
        "type": "object",
        "properties": {key: {"description": MEANING[key], **kind.schema} for key, kind in KEYS.items()},
        "additionalProperties": False,
    }
