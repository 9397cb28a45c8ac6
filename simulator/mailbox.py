"""The mail server of development: takes every e-mail and shows it."""

import asyncio
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
    """Handler of aiosmtpd: takes a mail, or fails as ordered."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Who sends."""
        if self._world.faults.happens("mail_deny", address):
            return "530 5.7.0 Authentication required"
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """To whom."""
        for fault, refusal in _REFUSALS.items():
            if self._world.faults.happens(fault, address):
                return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep what came, then say so, unless the answer is to be lost."""
        store, to = self._world.store, ", ".join(envelope.rcpt_tos)
        await asyncio.sleep(self._world.faults.mail_delay_seconds)
        store.add_mail(envelope.mail_from, to, envelope.content, self._world.now())
        if self._world.faults.happens("mail_lose_answers", envelope.rcpt_tos[0]):
            server.transport.abort()
        return "250 Message accepted for delivery"


_REFUSALS = {
    "mail_refuse": "550 5.1.1 No such mailbox here",
    "mail_defer": "451 4.2.1 Try again later",
}


def start(world: World, port: int) -> Controller:
    """Listen for SMTP on `port` in a thread of its own, until stopped."""
    controller = Controller(Sink(world), hostname="127.0.0.1", port=port, ready_timeout=20)
    controller.start()
    return controller


def _mails() -> list[dict[str, Any]]:
    mails = []
    for recipients, content, received_at in world().store.mails():
        message = message_from_bytes(content, _class=EmailMessage, policy=default)
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        mails.append(
            {
                "to": recipients,
                "sender": message["From"] or "",
                "subject": message["Subject"] or "",
                "message_id": message["Message-ID"] or "",
                "unsubscribe": message["List-Unsubscribe"] or "",
                "text": text.get_content() if text else "",
                "html": html.get_content() if html else "",
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
