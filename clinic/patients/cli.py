"""`flask patients …`: people in from another system, and who may be the same person."""

import csv
import json
import sys
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TextIO

import click
from flask import Flask

from clinic.configuration import queries as configuration
from clinic.configuration import services as configuring
from clinic.configuration.queries import SiteRow
from clinic.core import actor, clock
from clinic.core.actor import Actor, ActorKind
from clinic.core.cli import DatabaseGroup, json_objects
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.patients import services
from clinic.patients.queries import Match
from clinic.patients.rules.rows import COLUMNS, REQUIRED_TO_IMPORT, REQUIRED_TO_MATCH, Row, Unreadable, read
from clinic.patients.services import Alike, Import, Problem

BATCH = 500  # rows in one transaction: others write between two
MAY_BE_MISSING = {"external_id"}


@click.group("patients", cls=DatabaseGroup)
def group() -> None:
    """People in from another system, and who may be the same person."""
    actor.set_for_request(Actor(ActorKind.COMMAND, name="patients"))


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "site_name", help="Where they are treated; not needed with a single site.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and keep nothing.")
def import_people(file: Path, site_name: str | None, dry_run: bool) -> None:
    """Register the people of FILE, a CSV file in UTF-8 that begins with the names of its columns.

    Columns: family_name, given_name and birth_date, which every row needs; phone, street, city, postcode;
    and, if you like, external_id, the key in the system they come from. A row that cannot be read is left
    out and told with its line, all others are kept. Who may be somebody registered, or of an earlier line,
    is told and kept as a person of their own. Exit code 1 where a row was left out.
    """
    at = clock.now()
    if not dry_run:
        configuring.first_site(at)  # an empty clinic gets it with its first people, as with its first user
    site = _site(site_name)
    importing = Import(site, dry_run=dry_run, at=at)
    people = alike = 0
    left_out: set[int] = set()
    with (
        file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text,
        click.progressbar(_batches(text), length=_lines(file), file=sys.stderr) as batches,
    ):
        for batch in batches:
            rows, unreadable = _read(batch, local(at, site.zone).date())
            problems, found = importing.take(rows)
            _tell([*unreadable, *problems], found)
            left_out.update(problem.line for problem in (*unreadable, *problems))
            people, alike = people + len(batch), alike + len(found)
            batches.update(len(batch) - 1)
    told = "would be imported" if dry_run else "imported"
    click.echo(
        f"{people - len(left_out):,} people {told}, {len(left_out):,} rows left out. "
        f"{alike:,} may be somebody known."
    )
    raise SystemExit(1 if left_out else 0)


def _site(name: str | None) -> SiteRow:
    """The site of this name, or the only one."""
    sites = configuration.sites()
    found = [site for site in sites if name in (None, site.name)]
    if len(found) != 1:
        names = ", ".join(site.name for site in sites) or "none yet, the import itself makes the first"
        raise click.ClickException(f"Say which site with --site NAME. Sites: {names}.")
    return found[0]


def _lines(file: Path) -> int:
    with file.open("rb") as lines:
        return sum(1 for _ in lines)


Raw = tuple[int, dict[str | None, object]]  # line of the file, what stands in which column


def _batches(text: TextIO) -> Iterator[list[Raw]]:
    """The file's rows, BATCH at a time. Raises ClickException for what is no such file."""
    reader = csv.DictReader(text)
    try:
        columns = set(reader.fieldnames or ())
        if missing := sorted(set(COLUMNS) - MAY_BE_MISSING - columns):
            raise click.ClickException(f"Add to the first line the columns {', '.join(missing)}.")
        if strange := sorted(columns - set(COLUMNS)):
            raise click.ClickException(f"Take out of the file the columns {', '.join(strange)}.")
        numbered = ((reader.line_num, row) for row in reader)
        while batch := list(islice(numbered, BATCH)):
            yield batch
    except csv.Error as error:
        raise click.ClickException(f"Line {reader.line_num} is not CSV: {error}.") from None


def _read(batch: list[Raw], today: date) -> tuple[list[tuple[int, Row]], list[Problem]]:
    rows: list[tuple[int, Row]] = []
    problems: list[Problem] = []
    for line, given in batch:
        if given.pop(None, None) or None in given.values():
            problems.append(Problem(line, "row", "Give it as many fields as the first line has"))
            continue
        try:
            fields = {str(column): text for column, text in given.items()}
            rows.append((line, _person(fields, REQUIRED_TO_IMPORT, today)))
        except Unreadable as error:
            problems += [Problem(line, column, words) for column, words in error.errors.items()]
    return rows, problems


def _person(given: dict[str, object], required: frozenset[str], today: date) -> Row:
    return read(given, required=required, region=current().region, today=today)


def _tell(problems: list[Problem], alike: list[Alike]) -> None:
    for line, column, words in problems:
        click.echo(f"Line {line}, {column}: {words}.")
    for line, other, _, likeness in alike:
        why = "; ".join(likeness.reasons)
        click.echo(f"Line {line}: {likeness.words} as {other}, {likeness.score:.3f}: {why}.")


@group.command("match")
def match() -> None:
    """Read people from standard input, one JSON object a line; print who may be the same, one object a line.

    Keys are the import's columns, all optional but family_name; of a birth date the year is enough. The
    answer is {"candidates": [{"record_number", "external_id", "score", "reasons"}]}, score from 0 to 1, best
    first, at most ten; or {"errors": {key: what to do}}. A line that is no JSON object ends the command with
    exit code 2.
    """
    today = local(clock.now(), current().zone).date()
    for given in json_objects(sys.stdin.buffer):
        try:
            wanted = _person(given, REQUIRED_TO_MATCH, today).identifiers
        except Unreadable as error:
            answer: dict[str, object] = {"errors": error.errors}
        else:
            found = services.likely_same(wanted, everybody=True, now=clock.now())
            answer = {"candidates": [_candidate(one) for one in found]}
        click.echo(json.dumps(answer))  # flushed with each line


def _candidate(found: Match) -> dict[str, object]:
    return {
        "record_number": found.person.record_number,
        "external_id": found.external_id,
        "score": round(found.likeness.score, 6),
        "reasons": found.likeness.reasons,
    }


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
