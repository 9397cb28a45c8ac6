"""Patient list, search, contacts and consent."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from clinic.accounts import queries as accounts
from clinic.core.clock import now
from clinic.core.errors import Invalid, Missing
from clinic.patients import access, queries, registry, services
from clinic.patients.access import Hidden, OpenRecord, opening
from clinic.patients.forms import ConfirmForm, ConsentForm, PhoneForm, SearchForm, StopForm, SupportPersonForm
from clinic.patients.queries import LIST_LIMIT, Person
from clinic.patients.rules import CONSENT_WORDS, READERS, WRITERS, Channel, PointKind, Right, Source
from clinic.web import errors
from clinic.web.filters import phone
from clinic.web.forms import Form
from clinic.web.once import once
from clinic.web.policy import allow

bp = Blueprint("patients", __name__, template_folder="templates", url_prefix="/patients")


@bp.app_errorhandler(Hidden)
def hidden(error: Hidden) -> ResponseReturnValue:
    """A record one may not see answers as one that does not exist; the refusal is kept."""
    access.refused(error, now=now())
    return errors.page(404)


class Banner(NamedTuple):
    """What stands beside and below a patient's name, and the tabs, as far as the reader's rights go."""

    tags: list[Markup | str]
    facts: list[tuple[str, Markup | str]]
    tabs: list[registry.Tab]


@bp.app_template_global()
def banner_of(record: OpenRecord) -> Banner:
    """The banner of an opened record, from what the upper rooms registered."""
    allowed = [part for part in registry.banner_parts if part.right in record.rights]
    told = [(part.label, text) for part in allowed if (text := part.render(record.id, record.opened_at))]
    return Banner(
        tags=[text for label, text in told if label is None],
        facts=[(label, text) for label, text in told if label is not None],
        tabs=sorted((tab for tab in registry.tabs if tab.right in record.rights), key=lambda tab: tab.place),
    )


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


@bp.get("/<uuid:patient_id>/contacts")
@allow(*READERS)
def contacts(patient_id: UUID) -> ResponseReturnValue:
    """How a patient may be reached, what was agreed, who is close."""
    record = opening(patient_id, Right.DEMOGRAPHICS, now=now())
    history = queries.consent_history(patient_id)
    return _page(
        "contacts",
        record,
        points=queries.contact_points(patient_id),
        permission=queries.permission(patient_id, Channel.SMS),
        history=history,
        staff=accounts.names(line.taken_by for line in history if line.taken_by),
        supporters=queries.supporters(patient_id),
    )


@bp.route("/<uuid:patient_id>/contacts/phone", methods=["GET", "POST"])
@allow(*WRITERS)
def phone_new(patient_id: UUID) -> ResponseReturnValue:
    """A further number."""
    at = now()
    record, form = opening(patient_id, Right.DEMOGRAPHICS, now=at), PhoneForm()

    def keep() -> None:
        services.add_contact_point(
            patient_id, PointKind.PHONE, form.value.data or "", may_voicemail=form.may_voicemail.data, at=at
        )

    return _kept(form, keep, patient_id, "The number is kept") or _form("phone_new", record, form)


@bp.route("/<uuid:patient_id>/contacts/<uuid:point_id>/end", methods=["GET", "POST"])
@allow(*WRITERS)
def phone_end(patient_id: UUID, point_id: UUID) -> ResponseReturnValue:
    """A number is no longer in use."""
    at = now()
    record, form = opening(patient_id, Right.DEMOGRAPHICS, now=at), ConfirmForm()
    point = next((one for one in queries.contact_points(patient_id) if one.id == point_id), None)
    if point is None:
        raise Missing

    def keep() -> None:
        services.end_contact_point(patient_id, point_id, at=at)

    saved = _kept(form, keep, patient_id, "The number is no longer used")
    return saved or _form("phone_end", record, form, point=point)


@bp.route("/<uuid:patient_id>/contacts/consent", methods=["GET", "POST"])
@allow(*WRITERS)
def consent(patient_id: UUID) -> ResponseReturnValue:
    """What the patient agrees to be texted."""
    at = now()
    record, form = opening(patient_id, Right.DEMOGRAPHICS, now=at), ConsentForm()
    form.offer(
        [
            (point.id, phone(point.value))
            for point in queries.contact_points(patient_id)
            if point.kind is PointKind.PHONE and point.valid_to is None
        ]
    )

    def keep() -> None:
        services.record_consent(patient_id, form.given(), at=at)

    saved = _kept(form, keep, patient_id, "The agreement to texts is kept")
    return saved or _form("consent", record, form, words=CONSENT_WORDS)


@bp.route("/<uuid:patient_id>/contacts/stop", methods=["GET", "POST"])
@allow(*READERS)
def stop(patient_id: UUID) -> ResponseReturnValue:
    """The patient wants no more texts."""
    at = now()
    record, form = opening(patient_id, Right.DEMOGRAPHICS, now=at), StopForm()

    def keep() -> None:
        services.revoke(patient_id, Channel.SMS, Source(form.source.data), at=at)

    return _kept(form, keep, patient_id, "Texts are stopped") or _form("stop", record, form)


@bp.route("/<uuid:patient_id>/contacts/people", methods=["GET", "POST"])
@allow(*READERS)
def supporter_new(patient_id: UUID) -> ResponseReturnValue:
    """Somebody close to the patient."""
    at = now()
    record, form = opening(patient_id, Right.DEMOGRAPHICS, now=at), SupportPersonForm()

    def keep() -> None:
        services.add_support_person(patient_id, form.person(), at=at)

    return _kept(form, keep, patient_id, "The person is kept") or _form("supporter_new", record, form)


@bp.route("/<uuid:patient_id>/contacts/people/<uuid:person_id>/end", methods=["GET", "POST"])
@allow(*READERS)
def supporter_end(patient_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Nothing more may be told to somebody."""
    at = now()
    record, form = opening(patient_id, Right.DEMOGRAPHICS, now=at), ConfirmForm()
    person = next((one for one in queries.supporters(patient_id) if one.id == person_id), None)

    def keep() -> None:
        services.end_support_person(patient_id, person_id, at=at)

    saved = _kept(form, keep, patient_id, "Nothing more is told to this person")
    if saved is None and person is None:
        raise Missing
    return saved or _form("supporter_end", record, form, person=person)


def _kept(form: Form, keep: Callable[[], None], patient_id: UUID, words: str) -> ResponseReturnValue | None:
    """Do a sent form's work once and lead back to the contacts; None where the page is to be shown."""
    if not form.validate_on_submit():
        return None
    try:
        with once(form) as done:
            keep()
            done.location = url_for("patients.contacts", patient_id=patient_id)
    except Invalid as error:
        form.add_error(error)
        return None
    flash(words, "success")
    return redirect(done.location, 303)


def _form(name: str, record: OpenRecord, form: Form, **more: object) -> ResponseReturnValue:
    return _page(name, record, form=form, **more), 422 if form.errors else 200


def _page(name: str, record: OpenRecord, **more: object) -> str:
    return render_template(f"patients/{name}.html", record=record, tab="patients.contacts", **more)
