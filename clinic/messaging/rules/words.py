"""What an inbound text means before anybody reads it (P3.2, P3.3; reliability 10)."""

import enum
import re
import unicodedata


class Meaning(enum.StrEnum):
    """A text that is nothing but one of these words."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"


OPT_OUT = (
    "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT",
    "ALTO", "PARAR", "BAJA", "CANCELAR", "NOMAS",
)  # fmt: skip
WHOLE = {
    **dict.fromkeys(OPT_OUT, Meaning.OPT_OUT),
    **dict.fromkeys(("START", "YES", "UNSTOP"), Meaning.OPT_IN),
    **dict.fromkeys(("HELP", "INFO", "AYUDA"), Meaning.HELP),
}
LIKE_STOP = re.compile(
    r"\b(stop|stopall|unsubscribe|cancel|end|quit|revoke|opt ?out|alto|parar|baja|cancelar|no mas"
    r"|wrong (number|person)|leave me alone|do ?n[o']?t (text|message|contact) me|remove me"
    r"|no more (texts|messages)"
    r"|numero equivocado|dejeme en paz|no me (escriba|mande|envie)\w*)\b"
)
DANGER = re.compile(
    r"\b(suicid\w*|kill(ing)? (my ?self|me)|want to die|end (it|my life)|(hurt|harm|cut)(t?ing)? my ?self"
    r"|overdos\w*|not safe|in danger|emergency"
    r"|matarme|quiero morir\w*|sobredosis|hacerme dano|no estoy a salvo|en peligro|emergencia)\b"
)
CONCERN = re.compile(
    r"\b(relaps\w*|used (again|last|today)|using again|need help|help me|scared|hopeless"
    r"|recai\w*|necesito ayuda|ayudeme|tengo miedo)\b"
)
LIKE_DIGITS = re.compile(r"\s*(\d{1,3})\s*[.!]?\s*")


def meaning(text: str) -> Meaning | None:
    """What a whole text means; case, accents, space and punctuation are ignored."""
    return WHOLE.get("".join(sign for sign in plain(text).upper() if sign.isalnum()))


def sounds_like_stop(text: str) -> bool:
    """Whether a reasonable person would take other words for a wish to get no more texts (P3.2)."""
    return LIKE_STOP.search(plain(text)) is not None


def sounds_like_danger(text: str) -> bool:
    """Whether somebody must be told this minute. It never decides that there is no danger."""
    return DANGER.search(plain(text)) is not None


def sounds_like_concern(text: str) -> bool:
    """Whether a person should read the text within hours."""
    return CONCERN.search(plain(text)) is not None


def digits(text: str) -> int | None:
    """The number that a text is, if it is nothing else (at most three digits)."""
    found = LIKE_DIGITS.fullmatch(text)
    return int(found[1]) if found else None


def plain(text: str) -> str:
    """Lower case without accents, straight apostrophes."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
