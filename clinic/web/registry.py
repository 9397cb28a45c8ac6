"""Slots that upper rooms fill."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

# What somebody typed before their sign-in ended, for the form they come back to; None where nothing is kept.
kept_form: list[Callable[[], Mapping[str, list[str]] | None]] = []


@dataclass(frozen=True)
class Clinic:
    """Who runs this copy and whom to call, as the clinic has set it. Phone is E.164, or empty if not set."""

    name: str = "Clinic"
    phone: str = ""
    emergency: str = "911"
    crisis: str = "988"
    leave_to: str = "https://www.weather.gov/"


# The clinic's own facts for the frames of pages; the first is taken.
clinic: list[Callable[[], Clinic]] = []

# The line under the signed-in person's name, like "Therapist, Riverside".
viewer_facts: list[Callable[[], str]] = []

# Told when a page of ours answers 403 or 404: somebody was refused, or asked for what is not there.
refusals: list[Callable[[], None]] = []
