"""How a patient may be reached, what was agreed, who is close."""

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.core.clock import now
from clinic.core.errors import Missing, Stale
from clinic.patients import queries, services
from clinic.patients.access import OpenRecord, opening
from clinic.patients.forms import (
    ConfirmForm,
    ConsentForm,
    EmailForm,
    PhoneForm,
    StopForm,
    SupportPersonForm,
)
from clinic.patients.rules import (
    CARRIES,
    LANGUAGES,
    READERS,
    WORDS_OF,
    WRITERS,
    Channel,
    PointKind,
    Right,
    Source,
)
from clinic.patients.views.blueprint import bp
from clinic.patients.views.saving import saved_once
from clinic.web.filters import phone
from clinic.web.forms import Form
from clinic.web.policy import allow


@bp.get("/<uuid:patient_id>/contacts")
@allow(*READERS)
def contacts(patient_id: UUID) -> ResponseReturnValue:
    """How a patient may be reached, what was agreed, who is close."""
    record = opening(patient_id, Right.DEMOGRAPHICS, now=now())
    return _page(
        "contacts",
        record,
        residence=queries.residence(patient_id),
        points=queries.contact_points(patient_id),
        permissions={channel: queries.permission(patient_id, channel) for channel in Channel},
        history=queries.consent_history(patient_id),
        supporters=queries.supporters(patient_id),
        corrections=queries.corrections(patient_id),
        languages=LANGUAGES,
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

    return saved_once(form, keep, _back(patient_id), "The number is kept") or _form("phone_new", record, form)


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

    saved = saved_once(form, keep, _back(patient_id), "The number is no longer used")
    return saved or _form("phone_end", record, form, point=point)


@bp.route("/<uuid:patient_id>/contacts/email", methods=["GET", "POST"])
@allow(*WRITERS)
def email_new(patient_id: UUID) -> ResponseReturnValue:
    """A further e-mail address."""
    at = now()
    record, form = opening(patient_id, Right.DEMOGRAPHICS, now=at), EmailForm()

    def keep() -> None:
        services.add_contact_point(
            patient_id, PointKind.EMAIL, form.value.data or "", may_voicemail=False, at=at
        )

    saved = saved_once(form, keep, _back(patient_id), "The address is kept")
    return saved or _form("email_new", record, form)


@bp.route("/<uuid:patient_id>/contacts/consent", methods=["GET", "POST"])
@allow(*WRITERS)
def consent(patient_id: UUID) -> ResponseReturnValue:
    """What the patient agrees to be texted."""
    return _consent(patient_id, Channel.SMS)


@bp.route("/<uuid:patient_id>/contacts/email/consent", methods=["GET", "POST"])
@allow(*WRITERS)
def email_consent(patient_id: UUID) -> ResponseReturnValue:
    """What the patient, warned that email is not encrypted, prefers to be sent by it (P5.2)."""
    return _consent(patient_id, Channel.EMAIL)


def _consent(patient_id: UUID, channel: Channel) -> ResponseReturnValue:
    at = now()
    record = opening(patient_id, Right.DEMOGRAPHICS, now=at)
    agreed = _agreed(patient_id, channel)
    form = ConsentForm(data=_agreement(agreed) if request.method == "POST" else {"version": len(agreed)})
    form.offer(
        channel,
        [
            (point.id, phone(point.value) if point.kind is PointKind.PHONE else point.value)
            for point in queries.contact_points(patient_id)
            if point.kind is CARRIES[channel] and point.valid_to is None
        ],
    )

    def keep() -> None:
        services.record_consent(patient_id, form.given(), version=form.shown_version(), at=at)

    status = 200
    try:
        if saved := saved_once(form, keep, _back(patient_id), f"The agreement to {channel.label} is kept"):
            return saved
    except Stale:
        last, status = _agreed(patient_id, channel)[0], 409
        form.show_theirs(_agreement(_agreed(patient_id, channel)), who=last.taken_by or "", at=last.at)
    page = _page("consent", record, form=form, words=WORDS_OF[channel], channel=channel)
    return page, 422 if form.errors else status


def _agreed(patient_id: UUID, channel: Channel) -> list[queries.ConsentLine]:
    return [line for line in queries.consent_history(patient_id) if line.channel is channel]


def _agreement(agreed: list[queries.ConsentLine]) -> dict[str, object]:
    """What was recorded last, as the form shows it."""
    if not agreed:
        return {"version": 0}
    names = ("contact_point_id", "kinds", "safe_from", "safe_until", "may_use_first_name", "source")
    return {**{name: getattr(agreed[0], name) for name in names}, "version": len(agreed)}


@bp.route("/<uuid:patient_id>/contacts/stop", methods=["GET", "POST"])
@allow(*READERS)
def stop(patient_id: UUID) -> ResponseReturnValue:
    """The patient wants no more texts."""
    return _stop(patient_id, Channel.SMS)


@bp.route("/<uuid:patient_id>/contacts/email/stop", methods=["GET", "POST"])
@allow(*READERS)
def email_stop(patient_id: UUID) -> ResponseReturnValue:
    """The patient wants no more email."""
    return _stop(patient_id, Channel.EMAIL)


def _stop(patient_id: UUID, channel: Channel) -> ResponseReturnValue:
    at = now()
    record, form = opening(patient_id, Right.DEMOGRAPHICS, now=at), StopForm()

    def keep() -> None:
        services.revoke(patient_id, channel, Source(form.source.data), at=at)

    saved = saved_once(form, keep, _back(patient_id), f"{channel.label.capitalize()}: stopped")
    return saved or _form("stop", record, form, channel=channel)


@bp.route("/<uuid:patient_id>/contacts/people", methods=["GET", "POST"])
@allow(*READERS)
def supporter_new(patient_id: UUID) -> ResponseReturnValue:
    """Somebody close to the patient."""
    at = now()
    record, form = opening(patient_id, Right.DEMOGRAPHICS, now=at), SupportPersonForm()

    def keep() -> None:
        services.add_support_person(patient_id, form.person(), at=at)

    return saved_once(form, keep, _back(patient_id), "The person is kept") or _form(
        "supporter_new", record, form
    )


@bp.route("/<uuid:patient_id>/contacts/people/<uuid:person_id>/end", methods=["GET", "POST"])
@allow(*READERS)
def supporter_end(patient_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Nothing more may be told to somebody."""
    at = now()
    record, form = opening(patient_id, Right.DEMOGRAPHICS, now=at), ConfirmForm()
    person = next((one for one in queries.supporters(patient_id) if one.id == person_id), None)

    def keep() -> None:
        services.end_support_person(patient_id, person_id, at=at)

    saved = saved_once(form, keep, _back(patient_id), "Nothing more is told to this person")
    if saved is None and person is None:
        raise Missing
    return saved or _form("supporter_end", record, form, person=person)


def _back(patient_id: UUID) -> str:
    return url_for("patients.contacts", patient_id=patient_id)


def _form(name: str, record: OpenRecord, form: Form, **more: object) -> ResponseReturnValue:
    return _page(name, record, form=form, **more), 422 if form.errors else 200


def _page(name: str, record: OpenRecord, **more: object) -> str:
    return render_template(f"patients/{name}.html", record=record, tab="patients.contacts", **more)
