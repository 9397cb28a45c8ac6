"""Today in the top bar."""

from clinic.web.navigation import Place
from clinic.worklist import queries as worklist


def unanswered() -> int:
    """How many risk items wait for whoever is signed in."""
    return worklist.unanswered_risk()


PLACES = (Place("Today", "home.today", count=unanswered),)
