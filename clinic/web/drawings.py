"""What stands many times on a page and holds nothing of anybody: drawn or built once in a process."""

from functools import cache, lru_cache

from flask import Flask, request, url_for
from markupsafe import Markup

STEP, WIDE = 30.6, 27.6  # units from one step to the next, and of a step, in a strip of 150
SHAPES = {"now": (0, 10), "skipped": (4.5, 1)}  # top and height by state; the others are (3, 4)


def init_app(app: Flask) -> None:
    """Make them known to templates, macros too."""
    app.jinja_env.globals["look"] = look
    app.jinja_env.filters["steps"] = steps


def look(file: str) -> str:
    """The address of a file of the shell: building it anew for every icon cost more than the icon."""
    return _look(request.script_root, file)


@lru_cache(maxsize=64)  # the root is said by a proxy
def _look(_root: str, file: str) -> str:
    return url_for("web.static", filename=file)


@cache
def steps(segments: tuple[tuple[str, str], ...]) -> Markup:
    """The steps of a strip, (name, state) each: a caseload shows many strips and few different ones."""
    return Markup("").join(_step(place, name, state) for place, (name, state) in enumerate(segments))


def _step(place: int, name: str, state: str) -> Markup:
    top, height = SHAPES.get(state, (3, 4))
    color = f"c-{name}" if state in ("now", "past") else "c-none"
    look = f"{color} past" if state == "past" else color
    return Markup('<rect x="{:.1f}" y="{}" width="{}" height="{}" class="{}"/>').format(
        place * STEP, top, WIDE, height, look
    )
