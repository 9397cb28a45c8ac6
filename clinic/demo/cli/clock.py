"""`flask clock`: see and move the development clock. All processes of one installation share it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup

from clinic.core import clock
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.demo.rules.duration import duration

group = AppGroup("clock", help="See and move the clock. Development only.")


@group.command("show")
def show() -> None:
    """Print the moment on the clinic's clocks and in UTC."""
    _tell()


@group.command("set")
@click.argument("moment")
def set_(moment: str) -> None:
    """Go to MOMENT, like 2026-11-25T10:00 (clinic time) or with an offset."""
    try:
        wanted = datetime.fromisoformat(moment)
    except ValueError:
        raise click.UsageError(f"{moment} is no moment; write it like 2026-11-25T10:00.") from None
    _move(wanted if wanted.tzinfo else wanted.replace(tzinfo=ZoneInfo(current().zone)))


@group.command("advance")
@click.argument("by")
def advance(by: str) -> None:
    """Go forward BY a span, like 90m, 4h or 1d4h."""
    try:
        span = duration(by)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    _move(clock.now() + span)


def _move(moment: datetime) -> None:
    try:
        clock.move_to(moment)
    except PermissionError as error:
        raise click.ClickException(str(error)) from None
    _tell()


def _tell() -> None:
    now = clock.now()
    there = local(now, current().zone)
    click.echo(f"{there:%a %b %d %Y, %H:%M:%S} {current().zone} ({now:%Y-%m-%dT%H:%M:%SZ})")
