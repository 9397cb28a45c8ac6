"""Reading patients: small rows for lists, matches, contacts and what may be sent to whom."""

from clinic.patients.queries.consent import (
    ConsentLine,
    NoPermission,
    Permission,
    agreed_channels,
    consent_history,
    permission,
)
from clinic.patients.queries.contacts import (
    Point,
    Reach,
    Supporter,
    by_number,
    contact_points,
    phone_of,
    phones,
    reach,
    supporters,
)
from clinic.patients.queries.people import (
    LIST_LIMIT,
    Match,
    Person,
    caseload,
    found,
    likely_same,
    namesake,
    people,
    with_right,
)

__all__ = [
    "LIST_LIMIT",
    "ConsentLine",
    "Match",
    "NoPermission",
    "Permission",
    "Person",
    "Point",
    "Reach",
    "Supporter",
    "agreed_channels",
    "by_number",
    "caseload",
    "consent_history",
    "contact_points",
    "found",
    "likely_same",
    "namesake",
    "people",
    "permission",
    "phone_of",
    "phones",
    "reach",
    "supporters",
    "with_right",
]
