"""`flask downtime write FOLDER`: the sheets by hand, before a planned stop."""

from pathlib import Path

import click
from flask import Flask

from clinic.core import actor, clock
from clinic.core.actor import Actor, ActorKind
from clinic.core.cli import DatabaseGroup
from clinic.downtime import services


@click.group("downtime", cls=DatabaseGroup)
def group() -> None:
    """What staff work from while the program is down."""


@group.command("write")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def write(folder: Path) -> None:
    """Write the sheet of each site into FOLDER, as HTML with patients' data that only this user may read."""
    with actor.acting(Actor(ActorKind.COMMAND, name="downtime write")):
        for path in services.write_all(folder, at=clock.now()):
            click.echo(path)


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
