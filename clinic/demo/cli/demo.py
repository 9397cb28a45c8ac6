"""`flask demo`: an invented clinic to look at, and check-ins to watch the engine with."""

from datetime import timedelta

import click

from clinic.core import clock
from clinic.core.cli import DatabaseGroup
from clinic.core.errors import Refused
from clinic.core.settings import current
from clinic.demo.rules.stories import STORIES
from clinic.demo.services import due as due_services
from clinic.demo.services.bulk import SITE_SIZE
from clinic.demo.services.clinic import PASSWORD, STAFF
from clinic.demo.services.load import load as load_demo

group = DatabaseGroup("demo", help="Invented patients. Development only.")


@group.command("load")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same clinic.")
@click.option(
    "--patients",
    type=click.IntRange(100, 1_000_000),
    help="How many patients, one site for each five hundred. Left out: one site with about sixty.",
)
def load(seed: int, patients: int | None) -> None:
    """Fill an empty database with invented patients and staff of every role."""
    _refuse_in_production()
    with click.progressbar(length=patients or len(STORIES), label="Patients") as bar:
        try:
            count = load_demo(
                current().zone,
                seed=seed,
                now=clock.now(),
                told=lambda done, _: bar.update(done - bar.pos),
                patients=patients,
            )
        except Refused as refused:
            raise click.ClickException(refused.message) from None
    click.echo(f"{count} invented patients. Sign in with one password for all: {PASSWORD}")
    for sign_in_name, name, role in STAFF:
        click.echo(f"  {sign_in_name:<12} {name}, {role.label.lower()}")
    if patients and patients >= 2 * SITE_SIZE:
        click.echo(
            f"At the second site they are coordinator.2, nurse.2 and so on, up to {patients // SITE_SIZE}."
        )


@group.command("due")
@click.argument("count", type=click.IntRange(1, 20_000))
def due(count: int) -> None:
    """Make COUNT check-ins of COUNT patients who agreed to texts due now.

    Adds invented patients where there are too few. Outside their hours for texts the clock first moves on to
    the next opening.
    """
    _refuse_in_production()
    moved = due_services.wait_for_opening(now=clock.now())
    if moved:
        click.echo(f"Nobody may be texted now. The clock was moved on by {_words(moved)}.")
    added = due_services.make_due(count, now=clock.now())
    if added:
        click.echo(f"{added} invented patients were added.")
    click.echo(f"{count} check-ins are due now.")


def _words(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60:02} min"


def _refuse_in_production() -> None:
    if current().production:
        raise click.ClickException("Invented patients do not go into a production database.")
