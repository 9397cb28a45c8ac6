"""Commands: list the instruments, score lines of answers (instruments/README.md, 'Scoring command')."""

import json
import sys
from typing import Any, NoReturn

import click
from flask import Flask
from flask.cli import AppGroup

from clinic.core.settings import current
from clinic.instruments import queries
from clinic.instruments.rules import Incomplete, score

group = AppGroup("instruments", help="Scales as data.")


@group.command("list")
def list_ids() -> None:
    """Print the ids of all instruments."""
    for instrument_id in sorted(queries.all_instruments()):
        click.echo(instrument_id)


@group.command("score")
@click.argument("instrument_id", metavar="ID")
def score_lines(instrument_id: str) -> None:
    """Score one JSON object a line: {"answers": {item: answer}, "context": {name: value}}."""
    instrument = queries.all_instruments().get(instrument_id)
    if instrument is None:
        _stop(f"There is no instrument {instrument_id}; `flask instruments list` prints the ids.")
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            given = json.loads(line)
            answers, context = given["answers"], given.get("context", {})
            readable = isinstance(answers, dict) and isinstance(context, dict)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            readable = False
        if not readable:
            _stop(f'Line {number} is not a JSON object like {{"answers": {{}}, "context": {{}}}}.')
        result = score(instrument, answers, context)
        told: dict[str, Any] = {"complete": not isinstance(result, Incomplete)}
        if isinstance(result, Incomplete):
            told["errors"] = result.errors
        else:
            told |= {"scores": result.scores, "bands": result.bands}
        click.echo(json.dumps(told | {"flags": result.flags}))


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(2)


def init_app(app: Flask) -> None:
    """Read the shipped files and the clinic's own of the state folder; add the commands. Raises Malformed."""
    with app.app_context():
        own = queries.read_folder(current().state_folder / "instruments")
    app.extensions["clinic.instruments"] = {**queries.read_folder(queries.SHIPPED), **own}
    app.cli.add_command(group)
