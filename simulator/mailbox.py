"""The mail server of development: takes every e-mail and shows it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from simulator.world import World, world

bp = Blueprint("mailbox", __name__)


class Sink:
    """Handler of aiosmtpd."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep what came, then say so."""
        store, to = self._world.store, ", ".join(envelope.rcpt_tos)
        store.add_mail(envelope.mail_from, to, envelope.content, self._world.now())
        return "250 Message accepted for delivery"


def start(world: World, port: int) -> None:
    """Listen for SMTP on `port` in a thread of its own."""
    Controller(Sink(world), hostname="127.0.0.1", port=port).start()


def _mails() -> list[dict[str, Any]]:
    mails = []
    for recipients, content, received_at in world().store.mails():
        message = message_from_bytes(content, _class=EmailMessage, policy=default)
        text = message.get_body(("plain",))
        mails.append(
            {
                "to": recipients,
                "subject": message["Subject"] or "",
                "text": text.get_content() if text else "",
                "received_at": received_at,
            }
        )
    return mails


@bp.get("/mail")
def page() -> ResponseReturnValue:
    """The mailbox of everybody."""
    return render_template("mail.html", mails=_mails())


@bp.get("/mail.json")
def as_json() -> ResponseReturnValue:
    """The same for tests."""
    return jsonify(_mails())
