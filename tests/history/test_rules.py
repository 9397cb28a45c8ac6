"""Bands by hours since last use (C1.1), last use that can be, and facts that can be."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.history.rules import (
    CODES,
    COURSES,
    OPIOIDS,
    Band,
    FactKind,
    LastUse,
    NewFact,
    Precision,
    Route,
    Substance,
    allergies,
    band,
    fact_problem,
    last_use_problem,
    last_use_words,
    naloxone,
)

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def used(
    substance: Substance,
    hours: float | None,
    route: Route = Route.SMOKED,
    precision: Precision = Precision.ABOUT,
) -> LastUse:
    """A substance used so many hours ago."""
    if hours is None:
        return LastUse(substance, route, None, Precision.UNKNOWN)
    return LastUse(substance, route, NOW - timedelta(hours=hours), precision)


BANDS = {
    "heroin just now": ([("heroin", 0)], Band.NOT_STARTED),
    "heroin before six hours": ([("heroin", 5.9)], Band.NOT_STARTED),
    "heroin at six hours": ([("heroin", 6)], Band.ONSET),
    "heroin within a day": ([("heroin", 19)], Band.ONSET),
    "heroin after a day": ([("heroin", 24)], Band.PEAK),
    "heroin on day three": ([("heroin", 72)], Band.PEAK),
    "heroin after day three": ([("heroin", 73)], Band.RESOLVING),
    "heroin after ten days": ([("heroin", 241)], Band.PAST),
    "fentanyl later than heroin": ([("fentanyl", 7)], Band.NOT_STARTED),
    "methadone after a day": ([("methadone", 24)], Band.ONSET),
    "methadone on day three": ([("methadone", 72)], Band.PEAK),
    "methadone in the third week": ([("methadone", 479)], Band.RESOLVING),
    "buprenorphine on day four": ([("buprenorphine", 96)], Band.PEAK),
    "both: the earliest onset": ([("heroin", 8), ("methadone", 8)], Band.ONSET),
    "both: the latest end": ([("heroin", 300), ("methadone", 300)], Band.RESOLVING),
    "alcohol beside it does not count": ([("heroin", 19), ("alcohol", 1)], Band.ONSET),
    "no opioid": ([("alcohol", 3)], None),
    "one of them not known": ([("heroin", 300), ("methadone", None)], None),
    "nothing told": ([], None),
}


@pytest.mark.parametrize(("told", "expected"), BANDS.values(), ids=BANDS)
def test_band(told: list[tuple[str, float | None]], expected: Band | None) -> None:
    assert band([used(Substance(code), hours) for code, hours in told], NOW) == expected


def test_a_monthly_injection_has_no_band() -> None:
    assert band([used(Substance.BUPRENORPHINE, 500, Route.DEPOT)], NOW) is None


def test_every_opioid_has_a_course() -> None:
    assert set(COURSES) == OPIOIDS


@given(st.sampled_from(sorted(OPIOIDS)), st.floats(0, 600), st.floats(0, 600))
def test_the_band_never_goes_back(substance: Substance, one: float, other: float) -> None:
    early, late = sorted((one, other))
    order = list(Band)
    before, after = band([used(substance, early)], NOW), band([used(substance, late)], NOW)
    assert before and after
    assert order.index(before) <= order.index(after)


WORDS = {
    "about": ([("heroin", 19.2)], "Last use about 19 h ago"),
    "the latest of two": ([("heroin", 30), ("fentanyl", 5)], "Last use about 5 h ago"),
    "not known": ([("heroin", None)], "Last use not known"),
    "long past": ([("heroin", 2000)], ""),
    "no opioid": ([("cannabis", 2)], ""),
}


@pytest.mark.parametrize(("told", "words"), WORDS.values(), ids=WORDS)
def test_words_of_the_banner(told: list[tuple[str, float | None]], words: str) -> None:
    assert last_use_words([used(Substance(code), hours) for code, hours in told], NOW) == words


LAST_USES = {
    "now": (NOW, Precision.EXACT, None),
    "the future": (NOW + timedelta(seconds=1), Precision.EXACT, "not in the future"),
    "before anybody was born": (
        NOW - timedelta(days=366 * 101),
        Precision.ABOUT,
        "within the last 100 years",
    ),
    "not known": (None, Precision.UNKNOWN, None),
    "forgotten": (None, Precision.ABOUT, "or choose that it is not known"),
    "both": (NOW, Precision.UNKNOWN, "Leave last use empty"),
}


@pytest.mark.parametrize(("at", "precision", "wrong"), LAST_USES.values(), ids=LAST_USES)
def test_last_use_that_can_be(at: datetime | None, precision: Precision, wrong: str | None) -> None:
    problem = last_use_problem(at, precision, NOW)
    assert (problem is None) if wrong is None else (wrong in (problem or ""))


TODAY = date(2026, 11, 24)
FACTS = {
    "a kind's own code": (NewFact(FactKind.PREGNANCY, "declined", TODAY), None),
    "another kind's code": (NewFact(FactKind.PREGNANCY, "given", TODAY), "code"),
    "tomorrow": (NewFact(FactKind.PREGNANCY, "no", date(2026, 11, 25)), "on"),
    "naloxone without expiry": (NewFact(FactKind.NALOXONE, "given", TODAY), "expires_on"),
    "naloxone at home without expiry": (NewFact(FactKind.NALOXONE, "has", TODAY), "expires_on"),
    "naloxone declined": (NewFact(FactKind.NALOXONE, "declined", TODAY), None),
    "an allergy to something": (NewFact(FactKind.ALLERGY, "known", TODAY, detail="Penicillin"), None),
    "an allergy to nothing in particular": (NewFact(FactKind.ALLERGY, "known", TODAY), "detail"),
}


@pytest.mark.parametrize(("fact", "field"), FACTS.values(), ids=FACTS)
def test_fact_that_can_be(fact: NewFact, field: str | None) -> None:
    assert (fact_problem(fact, TODAY) or (None,))[0] == field


def test_every_kind_can_be_not_known_or_declined_or_is_naloxone() -> None:
    for kind in FactKind:
        assert "declined" in CODES[kind]
        assert "not_known" in CODES[kind] or kind is FactKind.NALOXONE


def test_a_known_allergy_is_not_silenced_by_a_later_none_known() -> None:
    assert allergies([("none_known", None), ("known", "Penicillin")]) == "Penicillin"
    assert allergies([("none_known", None)]) == "None known"
    assert allergies([]) == "Not asked"


def test_naloxone_in_one_line() -> None:
    assert naloxone(None, None, TODAY) == "Not asked"
    assert naloxone("has", TODAY, TODAY) == "Already has it"
    assert naloxone("given", date(2026, 11, 23), TODAY) == "Expired, offer it again"
    assert naloxone("declined", None, TODAY) == "Declined"
