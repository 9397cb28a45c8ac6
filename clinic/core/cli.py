"""Commands that need the database, or are fed line by line."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo

from clinic.core import startup


def json_objects(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """One JSON object a line. A line that is none ends the command with exit code 2 and one sentence."""
    for number, line in enumerate(lines, start=1):
        try:
            yield _json_object(line)
        except ValueError:
            click.echo(f"Line {number} is not a JSON object.", err=True)
            raise SystemExit(2) from None


def _json_object(line: bytes) -> dict[str, Any]:
    """Raises ValueError for what is no JSON object, nested too deep or not UTF-8 included."""
    try:
        value = json.loads(line.decode())
    except RecursionError as error:
        raise ValueError from error
    if not isinstance(value, dict):
        raise ValueError
    return value


class DatabaseGroup(AppGroup):
    """Its commands end with one sentence where the database does not answer or has other tables (R16)."""

    def invoke(self, ctx: click.Context) -> Any:
        """Look first, then run the command. Raises CannotStart."""
        app = ctx.ensure_object(ScriptInfo).load_app()
        startup.require_current(app.extensions["clinic.settings"].database_url)
        return super().invoke(ctx)
