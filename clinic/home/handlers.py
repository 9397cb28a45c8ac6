"""Today in the top bar."""

from clinic.core import clock
from clinic.web.navigation import Place
from clinic.worklist import queries as worklist


def unanswered() -> int:
    """How many risk items wait for whoever is signed in."""
    return worklist.unanswered_risk(now=clock.now())


PLACES = (Place("Today", "home.today", count=unanswered),)
