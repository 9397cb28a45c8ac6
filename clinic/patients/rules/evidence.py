"""What each finding weighs when two descriptions are compared (Fellegi and Sunter 1969).

A weight is log2(m / u): m is how often the finding comes up for one and the same person, u how often for two
people taken by chance. The method is the source's; m and u are our choice (C), set on invented people.
"""

from typing import NamedTuple


class Evidence(NamedTuple):
    """A finding: `bits` for (or, below zero, against) one person, and its words for people."""

    bits: float
    words: str


FAMILY_SAME = Evidence(7.6, "Same family name")  # m .9, u .005: 1 in 200
FAMILY_FORMER = Evidence(6.5, "Family name is a former name")
FAMILY_ALIKE = Evidence(5.5, "Family names sound or are written alike")
FAMILY_HALF = Evidence(5.0, "Family names share one half")
FAMILY_SIMILAR = Evidence(3.0, "Family names differ in two letters")
FAMILY_OTHER = Evidence(-4.5, "Different family names")  # m .045: people marry

GIVEN_SAME = Evidence(6.5, "Same given name")  # m .9, u .01
GIVEN_PART = Evidence(5.0, "Given names share one name")
GIVEN_SHORT = Evidence(5.0, "Given name is a short form")
GIVEN_ALIKE = Evidence(4.5, "Given names sound or are written alike")
GIVEN_SIMILAR = Evidence(2.5, "Given names differ in two letters")
GIVEN_INITIAL = Evidence(2.0, "Same initial of the given name")
GIVEN_OTHER = Evidence(-6.0, "Different given names")  # m .016: chosen names

NAMES_SWAPPED = Evidence(11.0, "Given and family name are swapped")

BORN_SAME = Evidence(14.3, "Same date of birth")  # m .9, u 1 in 22,000
BORN_SWAPPED = Evidence(10.0, "Day and month of birth are swapped")
BORN_DIGIT = Evidence(4.0, "Dates of birth differ in one digit")
BORN_PART = Evidence(3.0, "Dates of birth differ in day, month or year")
BORN_YEAR = Evidence(4.5, "Same year of birth")
BORN_NEAR = Evidence(0.0, "Years of birth are one apart")
BORN_OTHER = Evidence(-8.0, "Different dates of birth")  # m .004

PHONE_SAME = Evidence(10.0, "Same phone")  # a household shares it
PHONE_DIGIT = Evidence(5.0, "Phones differ in one digit")
PHONE_OTHER = Evidence(-1.3, "Different phones")  # m .4: people change it

STREET_SAME = Evidence(8.0, "Same address")
POSTCODE_SAME = Evidence(2.5, "Same postal code")
CITY_SAME = Evidence(0.3, "Same city")
ADDRESS_OTHER = Evidence(-1.5, "Different addresses")

# Relatives share name, phone and address: where given name or birth date speak against one person, a shared
# household counts for no more than this.
HOUSEHOLD_AT_MOST = 3.0
# One in 2**16: how rarely two people taken by chance, one of them asked about, are one.
PRIOR = -16.0
# From here on somebody is shown as perhaps the same person: more likely than not.
ALARM = 0.5
LIKELY, ALMOST_CERTAIN = 0.9, 0.999
