"""What lower rooms ask about the clinic."""

from clinic.accounts.registry import Site
from clinic.accounts.rules import Role
from clinic.configuration import queries
from clinic.core import actor
from clinic.web.registry import Clinic


def frame() -> Clinic:
    """Who runs this copy and whom to call, for the frames of pages. Unknown numbers stay empty."""
    lines = queries.crisis_lines()
    crisis = next((line.number for line in lines if not line.emergency), "")
    return Clinic(
        name=queries.value("clinic_name"),
        phone=queries.value("clinic_phone") or "",
        emergency=queries.emergency_number() or "",
        crisis=crisis,
    )


def viewer_facts() -> str:
    """Role and site of whoever is signed in, for the top bar."""
    who = actor.get()
    assert who.role and who.site_id
    return f"{Role(who.role).label}, {queries.site(who.site_id).name}"


def sites() -> list[Site]:
    """Where staff work."""
    return [Site(site.id, site.name, site.zone) for site in queries.sites()]


def clinic_name() -> str:
    """The clinic's name, which no password may consist of."""
    name: str = queries.value("clinic_name")
    return name
