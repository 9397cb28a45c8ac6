"""Commands of placement: the same rules as the page, for a line of JSON."""

import json
import sys
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from clinic.core.cli import json_objects
from clinic.intake.queries.assessments import limits as limits_of_this_clinic
from clinic.intake.rules.findings import Unreadable, read
from clinic.intake.rules.placement import SHIPPED, recommend
from clinic.intake.rules.rows import Limits
from clinic.intake.rules.schema import schema

group = AppGroup("placement", help="Placement rules: what they recommend, and why.")


@group.command("explain", epilog=f"\b\nSchema of a line:\n{json.dumps(schema(), indent=2)}")
def explain() -> None:
    """Read findings from standard input, one JSON object a line; print one recommendation a line.

    A line that breaks the schema below prints {"complete": false, "outcome": null, "errors": {key: why}}.
    A line that is no JSON object ends the command with exit code 2. Figures are those this clinic has set;
    without a clinic's database those that the program came with.
    """
    limits = _limits()
    for given in json_objects(sys.stdin.buffer):
        try:
            findings = read(given)
        except Unreadable as error:
            answer: dict[str, Any] = {"complete": False, "outcome": None, "errors": error.errors}
        else:
            answer = recommend(findings, limits).plain()
        click.echo(json.dumps(answer))


@group.command("schema")
def print_schema() -> None:
    """Print the JSON schema of a line of input."""
    click.echo(json.dumps(schema(), indent=2))


def _limits() -> Limits:
    """This clinic's figures; without a clinic's database those that the program came with."""
    try:
        return limits_of_this_clinic()
    except SQLAlchemyError:
        return SHIPPED


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
