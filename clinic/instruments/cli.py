"""Commands: list the instruments, score lines of answers, bring the clinic's own wording.

Source: instruments/README.md, 'Scoring command' and 'Shipping texts'.
"""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask
from flask.cli import AppGroup

from clinic.core import actor
from clinic.core.clock import now
from clinic.core.settings import current
from clinic.instruments import queries, services
from clinic.instruments.rules import Incomplete, Unusable, score

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


@group.command("load-wording")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_wording(file: Path) -> None:
    """Bring the clinic's own wording of one scale, which it is entitled to use.

    FILE is TOML and holds ids and texts, nothing else: the id of the scale, a text for every item and, if
    they differ, labels of its options; stem and attribution if there are any. Points and cut-offs stay those
    of the scale. Each loading is a new version; forms filled in before keep the words they were filled in
    with.

    \b
    id = "gad2"
    stem = "Over the last two weeks, how often ..."
    [[item]]
    id = "q1"
    text = "Feeling nervous ..."
    [[item.option]]
    code = "0"
    label = "Never"
    """
    actor.set_for_request(actor.Actor(actor.ActorKind.COMMAND, name="instruments"))
    try:
        instrument_id, version = services.load_wording(file.read_text(encoding="utf-8"), at=now())
    except UnicodeDecodeError as error:
        _stop(f"{file.name} was not loaded. Byte {error.start} is not UTF-8; save the file as UTF-8.")
    except Unusable as error:
        _stop(f"{file.name} was not loaded. {error}")
    click.echo(f"Wording of {instrument_id} is loaded as version {version}.")


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(2)


def init_app(app: Flask) -> None:
    """Read the shipped files and the clinic's own of the state folder; add the commands. Raises Malformed."""
    with app.app_context():
        own = queries.read_folder(current().state_folder / "instruments")
    app.extensions["clinic.instruments"] = {**queries.read_folder(queries.SHIPPED), **own}
    app.cli.add_command(group)
