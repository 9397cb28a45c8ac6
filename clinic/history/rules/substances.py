"""Substances and how they are taken (C4.6)."""

import enum


class Substance(enum.StrEnum):
    """The codes of C4.6; the first six are opioids."""

    HEROIN = "heroin"
    FENTANYL = "fentanyl"
    SHORT_ACTING_OPIOID = "short_acting_opioid"
    LONG_ACTING_OPIOID = "long_acting_opioid"
    METHADONE = "methadone"
    BUPRENORPHINE = "buprenorphine"
    ALCOHOL = "alcohol"
    BENZODIAZEPINE = "benzodiazepine"
    COCAINE = "cocaine"
    METHAMPHETAMINE = "methamphetamine"
    CANNABIS = "cannabis"
    OTHER = "other"

    @property
    def label(self) -> str:
        """In words for people."""
        return _SUBSTANCES[self]


_SUBSTANCES = {
    Substance.HEROIN: "Heroin",
    Substance.FENTANYL: "Fentanyl",
    Substance.SHORT_ACTING_OPIOID: "Other short-acting opioid",
    Substance.LONG_ACTING_OPIOID: "Long-acting opioid",
    Substance.METHADONE: "Methadone",
    Substance.BUPRENORPHINE: "Buprenorphine",
    Substance.ALCOHOL: "Alcohol",
    Substance.BENZODIAZEPINE: "Benzodiazepine",
    Substance.COCAINE: "Cocaine",
    Substance.METHAMPHETAMINE: "Methamphetamine",
    Substance.CANNABIS: "Cannabis",
    Substance.OTHER: "Other substance",
}
OPIOIDS = frozenset(list(Substance)[:6])


class Route(enum.StrEnum):
    """How a substance is taken."""

    SWALLOWED = "swallowed"
    SMOKED = "smoked"
    SNORTED = "snorted"
    INJECTED = "injected"
    UNDER_TONGUE = "under_tongue"
    PATCH = "patch"
    DEPOT = "depot"
    NOT_KNOWN = "not_known"

    @property
    def label(self) -> str:
        """In words for people."""
        return _ROUTES[self]


_ROUTES = {
    Route.SWALLOWED: "Swallowed",
    Route.SMOKED: "Smoked",
    Route.SNORTED: "Snorted",
    Route.INJECTED: "Injected",
    Route.UNDER_TONGUE: "Under the tongue",
    Route.PATCH: "Patch",
    Route.DEPOT: "Monthly injection",
    Route.NOT_KNOWN: "Not known",
}
