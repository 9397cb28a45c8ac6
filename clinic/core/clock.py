"""The one clock. Doors read it and pass the moment down; in development it can be moved (reliability 4)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app, g, has_request_context

from clinic.core.settings import current


def now() -> datetime:
    """The moment, aware and in UTC: the system's time plus the development offset."""
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """How far the clock is moved; always zero in production.

    All processes share it, so each request reads it anew: once, for a page asks the time dozens of times.
    """
    if current().production:
        return timedelta()
    if not has_request_context():
        return _kept()
    if "clock_offset" not in g:
        g.clock_offset = _kept()
    found: timedelta = g.clock_offset
    return found


def _kept() -> timedelta:
    try:
        return timedelta(seconds=float(_file().read_text()))
    except FileNotFoundError:
        return timedelta()


def move_to(moment: datetime) -> None:
    """Set the clock; it goes on ticking from there. Raises PermissionError in production."""
    if current().production:
        raise PermissionError("The clock cannot be moved in production.")
    seconds = (moment - datetime.now(UTC)).total_seconds()
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(repr(seconds))
    fresh.replace(file)  # a reader sees the old offset or the new one, never half of it
    g.pop("clock_offset", None)


def _file() -> Path:
    folder: Path = current_app.extensions["clinic.settings"].state_folder
    return folder / "clock-offset"
