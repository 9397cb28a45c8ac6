"""`flask messages …`: running the engine by hand. Rooms above add their commands to the group."""

from time import monotonic

import click
from flask import Flask

from clinic.core import actor, clock, periodic
from clinic.core.actor import Actor, ActorKind
from clinic.core.cli import DatabaseGroup

messages = DatabaseGroup("messages", help="The outbox: send what is due, show what became of it.")
ROUNDS = 1_000


@messages.command()
@click.option("--until-idle", is_flag=True, help="Run rounds of all periodic jobs until one changes nothing.")
def pump(until_idle: bool) -> None:
    """Run every periodic job once, or until nothing changes any more. What is due later stays."""
    began, total = monotonic(), 0
    with actor.acting(Actor(ActorKind.COMMAND, name="messages pump")):
        for _ in range(ROUNDS if until_idle else 1):
            changed = sum(periodic.run(name, clock.now) for name in periodic.jobs)
            total += changed
            if not changed:
                break
    click.echo(f"{total} changed in {monotonic() - began:.1f} s")


def init_app(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(messages)
