"""The words of a message on its channel: fixed with the first attempt, built again at any moment."""

from collections.abc import Mapping
from uuid import UUID

from clinic.core.settings import current
from clinic.messaging import queries
from clinic.messaging.channels.post import Post
from clinic.messaging.models import Message
from clinic.messaging.rules.links import key_version, stop_token, token, token_hash
from clinic.messaging.rules.mails import MAILS
from clinic.messaging.rules.own_words import Which
from clinic.messaging.rules.templates import WORDS, spoken
from clinic.messaging.services.recipients import Recipient, common_words
from clinic.patients.rules import Channel


def fix_words(message: Message, to: Recipient, own: Mapping[Which, UUID]) -> None:
    """With the first attempt the words stand: whoever tries again says the same.

    `own` are the clinic's own words in force.
    """
    message.fill_ins = common_words(to) | message.fill_ins
    message.template_version = template_version(message.template, message.channel)
    message.own_words_id = own.get(Which(message.channel, message.template, spoken(message.language)))
    if message.link_hash and message.link_key_version not in [
        key_version(key) for key in current().link_keys
    ]:
        key = current().link_keys[0]
        message.link_key_version, message.link_hash = key_version(key), token_hash(token(key, message.id))


def template_version(template: str, channel: Channel) -> int:
    """Which version of a template goes out by this channel now. Raises KeyError for an unknown one."""
    return _path(template, channel)[0]


def posted(message: Message, address: str, valid_for: float) -> Post:
    """The message, ready to go out to an address; `valid_for` in seconds."""
    words = message.fill_ins | {"link": _link(message)}
    own = queries.wording(message.own_words_id)
    if message.channel is Channel.SMS:
        body = WORDS.render(message.template, message.language, words, own.text if own else None)
        return Post(message.id, address, body, valid_for)
    stop = stop_link(message)
    letter = own.letter() if own else None
    mail = MAILS.render(message.template, message.language, words, stop_link=stop, own=letter)
    return Post(message.id, address, mail.text, valid_for, mail.subject, mail.html, stop)


def stop_link(message: Message) -> str:
    """The address that stops further mail: it needs no sign-in, and only we can make it."""
    return f"{current().public_url}/m/{message.id}/{stop_token(current().link_keys[0], message.id)}"


def _link(message: Message) -> str:
    address = current().public_url + (_path(message.template, message.channel)[1] or "")
    if message.link_hash is None:
        return address
    keys = {key_version(key): key for key in current().link_keys}
    return address + token(keys[str(message.link_key_version)], message.id)


def _path(template: str, channel: Channel) -> tuple[int, str | None]:
    if channel is Channel.SMS:
        text = WORDS.templates[template]
        return text.version, text.link
    mail = MAILS.templates[template]
    return mail.version, mail.link
