"""What the provider itself does with a text before the clinic sees it (P3.3). Pure."""

import enum
import re


class Keyword(enum.Enum):
    """A whole-message word that the provider acts on."""

    STOP = "stop"
    START = "start"
    HELP = "help"


_WORDS = {
    Keyword.STOP: {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"},
    Keyword.START: {"START", "YES", "UNSTOP"},
    Keyword.HELP: {"HELP", "INFO"},
}
ANSWERS = {
    Keyword.STOP: "You have successfully been unsubscribed. You will not receive any more messages from "
    "this number. Reply START to resubscribe.",
    Keyword.START: "You have successfully been re-subscribed to messages from this number. "
    "Reply HELP for help. Reply STOP to unsubscribe.",
    Keyword.HELP: "Reply STOP to unsubscribe.",
}


def keyword(body: str) -> Keyword | None:
    """The keyword that `body` is as a whole; case, and spaces and punctuation around it, do not count."""
    word = re.sub(r"^\W+|\W+$", "", body).upper()
    return next((kind for kind, words in _WORDS.items() if word in words), None)
