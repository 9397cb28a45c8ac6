"""`flask messages ledger`: every check-in and session reminder that was due, explained (reliability 1)."""

import json

import click

from clinic.aftercare.queries import ledger
from clinic.aftercare.rules.ledger import Class, totals
from clinic.core import clock
from clinic.messaging.cli import messages


@messages.command("ledger")
@click.option("--json", "as_json", is_flag=True, help="The same numbers as JSON.")
@click.pass_context
def show(context: click.Context, as_json: bool) -> None:
    """Count what was due by how it ended. Exits 1 where something fits no class."""
    counted = totals(ledger.entries(now=clock.now()))
    unexplained = counted.classes[Class.UNEXPLAINED]
    if as_json:
        click.echo(json.dumps(counted.as_data()))
    else:
        click.echo(counted.sentence())
        for reason, count in counted.reasons.items():
            click.echo(f"  {reason} {count}")
    if unexplained:
        context.exit(1)
