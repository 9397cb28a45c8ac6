"""My patients, and search."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from clinic.core.clock import now
from clinic.patients import queries, registry, services
from clinic.patients.forms import SearchForm
from clinic.patients.queries import LIST_LIMIT, Person
from clinic.patients.rules import READERS
from clinic.patients.views.blueprint import bp
from clinic.web.policy import allow


@bp.get("")
@allow(*READERS)
def mine() -> ResponseReturnValue:
    """My patients."""
    at = now()
    return _list(SearchForm(), services.my_patients(now=at), at, "My patients")


@bp.post("")
@allow(*READERS)
def search() -> ResponseReturnValue:
    """Patients who fit a search; a POST, so that nothing of a patient stands in an address."""
    form, at = SearchForm(), now()
    if not form.validate_on_submit():
        return _list(form, [], at, "Search"), 422
    return _list(form, services.find(form.wanted, now=at), at, "Search")


class Row(NamedTuple):
    """A patient in a list, with the cells of the upper rooms' columns."""

    person: Person
    cells: list[Markup | str]


def _list(form: SearchForm, people: list[Person], at: datetime, heading: str) -> str:
    shown = people[:LIST_LIMIT]
    columns = [_cells(column, [person.id for person in shown], at) for column in registry.list_columns]
    rows = [Row(person, [column.get(person.id, "") for column in columns]) for person in shown]
    labels = [column.label for column in registry.list_columns]
    return render_template(
        "patients/list.html",
        form=form,
        rows=rows,
        labels=labels,
        heading=heading,
        limit=LIST_LIMIT if len(people) > LIST_LIMIT else None,
    )


def _cells(column: registry.ListColumn, ids: list[UUID], at: datetime) -> Mapping[UUID, Markup | str]:
    allowed = sorted(queries.with_right(ids, column.right, now=at))
    return column.cells(allowed, at) if allowed else {}
