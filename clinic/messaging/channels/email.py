"""The mail server: one dialogue a mail, no retries of its own, never a second try in doubt (P5.2)."""

import re
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from time import monotonic
from urllib.parse import unquote, urlsplit

from clinic.core import clock
from clinic.core.settings import current
from clinic.messaging.channels.post import Post
from clinic.messaging.rules.outcomes import Answer, Fault, Stage

PROVIDER = "smtp"
GOODBYE = 1.0  # seconds; the mail is settled by then
BROKEN = (OSError, smtplib.SMTPException)
ENHANCED = re.compile(rb"[245]\.(\d{1,3})\.\d{1,3}\b")  # RFC 3463


def configured() -> bool:
    """Whether there is a mail server at all."""
    return bool(current().smtp_url)


def send(post: Post) -> Answer:
    """Hand one mail to the server. Whatever the server does is part of the answer, never raised.

    A connection that breaks before the text was written sent nothing; one that breaks after it is in doubt,
    and cannot be looked up: that mail is never sent again (reliability 6).
    """
    until, mail = monotonic() + current().settle.call, written(post)
    try:
        relay = _open(until)
    except smtplib.SMTPAuthenticationError as error:
        return Answer(status=error.smtp_code, stage=Stage.SENDER)
    except BROKEN:
        return Answer(fault=Fault.NOT_CONNECTED)
    try:
        return _deliver(relay, post, mail, until)
    finally:
        with suppress(*BROKEN):
            _hurry(relay, monotonic() + GOODBYE)
            relay.quit()
        relay.close()


def written(post: Post) -> bytes:
    """The mail as it goes out. Its Message-ID is the message's own: two copies are known as one mail."""
    given, mail = current(), EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = given.mail_from, post.address, post.subject
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = message_id(post)
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Unsubscribe"] = f"<{post.stop_link}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(post.body, cte="quoted-printable")
    mail.add_alternative(post.html, subtype="html", cte="quoted-printable")
    return mail.as_bytes()


def message_id(post: Post) -> str:
    """The same for every try of one message."""
    return f"<{post.message_id}@{_sender().rpartition('@')[2]}>"


def _open(until: float) -> smtplib.SMTP:
    """Connected, encrypted where it can be (in production always), signed in. Raises BROKEN."""
    given, relay_url = current(), urlsplit(current().smtp_url)
    host, patience = relay_url.hostname or "", given.settle.connect
    safe = ssl.create_default_context()
    relay: smtplib.SMTP
    if relay_url.scheme == "smtps":
        relay = smtplib.SMTP_SSL(host, relay_url.port or 465, timeout=patience, context=safe)
    else:
        relay = smtplib.SMTP(host, relay_url.port or 587, timeout=patience)
    try:
        _hurry(relay, until)
        relay.ehlo_or_helo_if_needed()
        if relay_url.scheme == "smtp" and (given.production or relay.has_extn("starttls")):
            relay.starttls(context=safe)
            relay.ehlo_or_helo_if_needed()
        if relay_url.username:
            relay.login(unquote(relay_url.username), unquote(relay_url.password or ""))
    except BROKEN:
        relay.close()
        raise
    return relay


def _deliver(relay: smtplib.SMTP, post: Post, mail: bytes, until: float) -> Answer:
    asked = ((Stage.SENDER, relay.mail, _sender()), (Stage.RECIPIENT, relay.rcpt, post.address))
    for stage, ask, address in asked:
        try:
            _hurry(relay, until)
            code, words = ask(address)
        except BROKEN:
            return Answer(fault=Fault.NOT_CONNECTED)
        if not 200 <= code < 300:
            return _answer(stage, code, words)
    try:
        _hurry(relay, until)
        code, words = relay.data(mail)
    except smtplib.SMTPDataError as error:
        return _answer(Stage.DATA, error.smtp_code, error.smtp_error)
    except BROKEN:
        return Answer(fault=Fault.CUT_OFF)
    return _answer(Stage.DATA, code, words, message_id(post))


def _answer(stage: Stage, code: int, words: bytes | str, provider_id: str | None = None) -> Answer:
    found = ENHANCED.match(words if isinstance(words, bytes) else words.encode())
    return Answer(status=code, provider_id=provider_id, error=int(found[1]) if found else None, stage=stage)


def _hurry(relay: smtplib.SMTP, until: float) -> None:
    """The next step may take what is left of the whole call's time."""
    if relay.sock is not None:
        relay.sock.settimeout(max(until - monotonic(), 0.1))


def _sender() -> str:
    return parseaddr(current().mail_from)[1]
