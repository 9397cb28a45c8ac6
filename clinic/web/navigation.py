"""The top bar: the places of the course of care that a role may open, and who is signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from flask import Flask, request, url_for

from clinic.core import actor, clock
from clinic.web import policy, registry

ORDER = (
    "Today",
    "Intake",
    "Patients",
    "Unit",
    "Schedule",
    "Groups",
    "Aftercare",
    "Reports",
    "Administration",
)


@dataclass(frozen=True)
class Place:
    """One entry of the top bar. `roles` empty: everybody signed in. `section`: the blueprints whose pages
    it stands for; left empty, that of its endpoint. `count` is what waits there."""

    label: str
    endpoint: str
    roles: tuple[str, ...] = ()
    count: Callable[[], int] | None = None
    section: str = ""


@dataclass(frozen=True)
class Shown:
    """A place as the bar shows it to one person on one page."""

    label: str
    address: str
    current: bool
    count: int


@dataclass(frozen=True)
class Viewer:
    """Who is signed in, in words."""

    name: str
    facts: str


# Filled by app.py from every room that has a place.
places: list[Place] = []


def viewer() -> Viewer | None:
    """Who is signed in, or None on pages for everybody."""
    who = actor.get()
    if who.kind is not actor.ActorKind.USER:
        return None
    return Viewer(who.name, next((slot() for slot in registry.viewer_facts), (who.role or "").capitalize()))


def navigation(section: str | None = None) -> list[Shown]:
    """The signed-in person's places in the order of care. `section` names a blueprint, if not the page's."""
    who = actor.get()
    if who.kind is not actor.ActorKind.USER:
        return []
    mine = [place for place in places if not place.roles or who.role in place.roles]
    here = _current(mine, section or request.blueprint)
    return [
        Shown(place.label, url_for(place.endpoint), place is here, place.count() if place.count else 0)
        for place in sorted(mine, key=lambda place: ORDER.index(place.label))
    ]


def _current(mine: list[Place], section: str | None) -> Place | None:
    """The place this page belongs to; of two with the same blueprint the one under whose address it is."""
    named = (place.section or place.endpoint.partition(".")[0] for place in mine)
    ours = [place for place, sections in zip(mine, named, strict=True) if section in sections.split()]
    return max(ours, key=lambda place: request.path.startswith(url_for(place.endpoint)), default=None)


def may(endpoint: str) -> bool:
    """Whether the role of who is signed in may open a page, so that no link leads to a refusal."""
    allowed = policy.of(endpoint)
    return not isinstance(allowed, tuple) or actor.get().role in allowed


def search_address() -> str | None:
    """Where the search box posts to; None for roles that may not search."""
    return url_for("patients.search") if may("patients.search") else None


def clinic() -> registry.Clinic:
    """Who runs this copy, for the frames of pages."""
    return next((slot() for slot in registry.clinic), registry.Clinic())


def init_app(app: Flask) -> None:
    """Give every template the bar's parts."""

    @app.context_processor
    def frame() -> dict[str, object]:
        return {
            "navigation": navigation,
            "viewer": cache(viewer),  # head and foot name the same person
            "search_address": search_address,
            "may": may,
            "printed_at": clock.now,
            "clinic": clinic(),
        }
