"""Who asks for help, and what each source has to give besides a name: data that the forms are made from."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Source(enum.StrEnum):
    """Who asks."""

    PERSON = "person"
    RELATIVE = "relative"
    HOSPITAL = "hospital"
    PRIMARY_CARE = "primary_care"
    COURT = "court"
    PROGRAMME = "programme"
    OUTREACH = "outreach"
    CRISIS_LINE = "crisis_line"
    PROFESSIONAL = "professional"

    @property
    def label(self) -> str:
        """As the coordinator reads it."""
        return SOURCES[self].label

    @property
    def works_with_people(self) -> bool:
        """Whether it asks as a professional: it is called back, and has an organisation."""
        return Given.ORGANISATION in SOURCES[self].must


class Given(enum.StrEnum):
    """What a source may tell besides. The value is the field's name and the key under which it is kept."""

    RELATIONSHIP = "relationship"
    ORGANISATION = "organisation"
    DISCHARGE_ON = "discharge_on"
    COURT_ON = "court_on"
    MEDICATION = "medication"
    WHERE = "where"

    @property
    def label(self) -> str:
        """As a form says it."""
        return _GIVEN[self]


_GIVEN = {
    Given.RELATIONSHIP: "How you are related",
    Given.ORGANISATION: "Organization and department",
    Given.DISCHARGE_ON: "Day of discharge",
    Given.COURT_ON: "Next court date",
    Given.MEDICATION: "Medication and last dose there",
    Given.WHERE: "Where the person can be found",
}
DAYS = (Given.DISCHARGE_ON, Given.COURT_ON)
NOT_SET = "not_set"  # kept in place of a court date that does not exist yet


@dataclass(frozen=True)
class Asks:
    """One source: its name for staff, what it has to give and what it may."""

    label: str
    must: tuple[Given, ...] = ()
    may: tuple[Given, ...] = ()


SOURCES: Mapping[Source, Asks] = {
    Source.PERSON: Asks("The person"),
    Source.RELATIVE: Asks("A relative or friend", may=(Given.RELATIONSHIP,)),
    Source.HOSPITAL: Asks(
        "A hospital or emergency department", (Given.ORGANISATION,), (Given.DISCHARGE_ON, Given.MEDICATION)
    ),
    Source.PRIMARY_CARE: Asks("Primary care", (Given.ORGANISATION,), (Given.MEDICATION,)),
    Source.COURT: Asks("A court or probation", (Given.ORGANISATION, Given.COURT_ON)),
    Source.PROGRAMME: Asks("Another program", (Given.ORGANISATION,), (Given.MEDICATION,)),
    Source.OUTREACH: Asks("Outreach", (Given.ORGANISATION,), (Given.WHERE,)),
    Source.CRISIS_LINE: Asks("A crisis line", (Given.ORGANISATION,)),
    Source.PROFESSIONAL: Asks("Another professional", (Given.ORGANISATION,)),
}


def asked_of(source: Source) -> tuple[Given, ...]:
    """Everything a source is asked for, what it has to give first."""
    return SOURCES[source].must + SOURCES[source].may


def taken(source: Source, told: Mapping[Given, str]) -> dict[Given, str]:
    """Of all that was told, what this source was asked for."""
    return {given: told[given] for given in asked_of(source) if told.get(given)}


def missing(source: Source, told: Mapping[Given, str]) -> list[Given]:
    """What this source has to give and did not."""
    return [given for given in SOURCES[source].must if not told.get(given)]
