"""Whose referrals they are: the site's, for a referral is nobody's record yet. Who countersigns."""

from sqlalchemy import ColumnElement, literal_column

from clinic.accounts.rules import CLINICIANS, Role
from clinic.configuration import queries as configuration
from clinic.core import actor
from clinic.intake.models import Referral

# Written out: SQLite takes an index of open referrals only where no parameter stands for the word.
OPEN = Referral.state == literal_column("'open'")


def ours() -> ColumnElement[bool]:
    """Referrals of the actor's site."""
    return Referral.site_id == actor.get().site_id


def clinicians() -> frozenset[str]:
    """Roles that decide and countersign placements alone (C4.7); a clinic setting adds therapists."""
    added = {Role.THERAPIST} if configuration.value("countersign_includes_therapists") else set()
    return frozenset(role.value for role in CLINICIANS | added)
