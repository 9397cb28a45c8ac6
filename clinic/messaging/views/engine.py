"""The provider's two addresses, the link that stops mail, texts to read, pages to take, the engine."""

from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from clinic.accounts.rules import Role
from clinic.core import actor, clock, periodic, throttle
from clinic.core.actor import Actor, ActorKind
from clinic.core.logs import log
from clinic.core.settings import current
from clinic.messaging import queries
from clinic.messaging.forms import TakeForm
from clinic.messaging.models import How
from clinic.messaging.rules.signature import holds
from clinic.messaging.services import acknowledge as take_page
from clinic.messaging.services import inbound, receipts, stopping
from clinic.messaging.services.counting import count
from clinic.messaging.services.work import KINDS
from clinic.patients import access as patients
from clinic.web.once import pressed
from clinic.web.policy import allow, machine, patient_link
from clinic.worklist import queries as worklist

bp = Blueprint("messaging", __name__, template_folder="../templates")
LONGEST = 64 * 1024  # bytes
UNSIGNED = throttle.Door("unsigned", most=60)  # by address
WORKERS = tuple(role for role in Role if role not in (Role.ADMINISTRATOR, Role.PRIVACY))


@bp.post("/messaging/inbound")
@machine
def text_came() -> ResponseReturnValue:
    """A text from somebody: kept, then read. Only the provider may say so."""
    _only_the_provider()
    now, form = clock.now(), request.form
    try:
        text_id = inbound.keep_text(form["MessageSid"], form["From"], form.get("Body", ""), at=now)
    except SQLAlchemyError:
        return _try_again()
    if text_id is not None:
        inbound.apply_text(text_id, at=now)
    return _heard()


@bp.post("/messaging/status/<uuid:message_id>")
@machine
def status_came(message_id: UUID) -> ResponseReturnValue:
    """What became of a message: kept, then applied."""
    _only_the_provider()
    now, form = clock.now(), request.form
    error = form.get("ErrorCode", "")
    code = int(error) if error.isascii() and error.isdecimal() and len(error) < 10 else None
    try:
        receipt_id = receipts.keep_receipt(
            message_id, form["MessageSid"], form["MessageStatus"], code, at=now
        )
    except SQLAlchemyError:
        return _try_again()
    if receipt_id is not None:
        receipts.apply_kept(receipt_id, at=now)
    return _heard()


@bp.get("/m/<uuid:message_id>/<token>")
@patient_link
def unsubscribe_page(message_id: UUID, token: str) -> ResponseReturnValue:
    """The link in a mail, for people: it asks, for mail scanners follow links. It never counts as a stop."""
    if not stopping.unsubscribable(message_id, token):
        return render_template("messaging/unsubscribe.html", known=False), 404
    return render_template("messaging/unsubscribe.html", known=True, stopped="done" in request.args)


@bp.post("/m/<uuid:message_id>/<token>")
@machine
def unsubscribe(message_id: UUID, token: str) -> ResponseReturnValue:
    """One click, from the mail program itself or from the page (RFC 8058): its address is the signature."""
    actor.set_for_request(Actor(ActorKind.PATIENT_LINK, message_id, name="unsubscribe link"))
    if not stopping.unsubscribe(message_id, token, at=clock.now()):
        return render_template("messaging/unsubscribe.html", known=False), 404
    return redirect(url_for("messaging.unsubscribe_page", message_id=message_id, token=token, done=1), 303)


def _only_the_provider() -> None:
    """The signature over the public address and the form, before anything is believed."""
    request.max_content_length = LONGEST
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    given = current()
    holding = holds(
        request.headers.get("X-Twilio-Signature", ""),
        given.sms_signing_keys,
        f"{given.public_url}{request.path}{query}",
        request.form.items(multi=True),
        settings=request.headers.get("X-Twilio-Webhooks-Signature-Settings", ""),
    )
    if not holding:
        if not throttle.within(UNSIGNED, request.remote_addr or ""):
            abort(429)  # and nothing more is written; the provider signs, so it is never refused
        count("signature_refused", at=clock.now())
        abort(403)
    actor.set_for_request(Actor(ActorKind.PROVIDER, name="sms"))


def _heard() -> Response:
    return Response('<?xml version="1.0" encoding="UTF-8"?><Response></Response>', mimetype="text/xml")


def _try_again() -> ResponseReturnValue:
    log.exception("webhook_not_kept")
    return Response(status=503, headers={"Retry-After": "5"})


@bp.get("/messages/inbound")
@allow(Role.COORDINATOR, Role.DESK, Role.SUPERVISOR)
def inbound_texts() -> ResponseReturnValue:
    """Texts and numbers that wait for a person."""
    now = clock.now()
    risks, others = worklist.waiting(now=now)
    shown = [item for item in (*risks, *others) if item.kind in KINDS]
    patients.listing("messages.listed", [item.patient_id for item in shown if item.patient_id], now=now)
    return render_template("messaging/inbound.html", items=shown, now=now)


@bp.get("/pages")
@allow(*WORKERS)
def pages() -> ResponseReturnValue:
    """What the signed-in person was paged for and nobody has taken."""
    waiting = queries.open_pages(current_user.id)
    return render_template("messaging/pages.html", pages=waiting, form=TakeForm(), now=clock.now())


@bp.post("/pages/<uuid:item_id>/acknowledge")
@allow(*WORKERS)
def acknowledge(item_id: UUID) -> ResponseReturnValue:
    """Take the work: nobody else is paged."""
    back = url_for("worklist.item", item_id=item_id)
    return pressed(
        lambda: take_page(item_id, current_user.id, How.SCREEN, at=clock.now()),
        back,
        "You took this. Nobody else is paged.",
    )


@bp.get("/administration/messages")
@allow(Role.ADMINISTRATOR)
def engine() -> ResponseReturnValue:
    """How the engine runs: numbers and times, nothing of patients."""
    now = clock.now()
    return render_template(
        "messaging/engine.html",
        engine=queries.engine(now),
        jobs=periodic.jobs,
        ring=current().settle.ring,
        heartbeats=periodic.heartbeats(),
        now=now,
    )
