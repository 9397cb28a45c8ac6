"""Periodic work of this room."""

from datetime import UTC, datetime

from clinic.accounts import services
from clinic.core import periodic


@periodic.job("accounts.forget", every=3600)
def forget(_: periodic.Clock) -> int:
    """Remove kept forms, counts and sign-ins that are past their time, by the system's clock."""
    return services.forget_old(real=datetime.now(UTC))
