"""Commands of the trail."""

import click
from flask import Flask

from clinic.audit import queries
from clinic.core.cli import DatabaseGroup

group = DatabaseGroup("audit", help="The append-only record of reads, writes and refusals.")


@group.command("verify")
def verify() -> None:
    """Check each row's MAC. Exit 1 and name the first bad row."""
    for bad in queries.broken():
        click.echo(f"Row {bad} is not what was written.")
        raise SystemExit(1)
    click.echo("Every row is as it was written.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
