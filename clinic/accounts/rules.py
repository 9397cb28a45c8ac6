"""Roles, limits of a sign-in, and what a password must be. Pure."""

import enum
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID


class Role(enum.StrEnum):
    """What a member of staff does here (reliability 12). Flags such as charge nurse are not roles."""

    COORDINATOR = "coordinator"
    NURSE = "nurse"
    THERAPIST = "therapist"
    PRESCRIBER = "prescriber"
    SUPERVISOR = "supervisor"
    DESK = "desk"
    PRIVACY = "privacy"
    ADMINISTRATOR = "administrator"
    PEER = "peer"

    @property
    def label(self) -> str:
        """The role in words for people."""
        return LABELS[self]


LABELS = {
    Role.COORDINATOR: "Intake coordinator",
    Role.NURSE: "Nurse",
    Role.THERAPIST: "Therapist",
    Role.PRESCRIBER: "Prescriber",
    Role.SUPERVISOR: "Supervisor",
    Role.DESK: "Front desk",
    Role.PRIVACY: "Privacy officer",
    Role.ADMINISTRATOR: "Administrator",
    Role.PEER: "Peer worker",
}
CLINICIANS = frozenset({Role.PRESCRIBER, Role.SUPERVISOR})  # who countersigns a placement (C4.7)


class End(enum.StrEnum):
    """Why a sign-in ended."""

    SIGNED_OUT = "signed_out"
    IDLE = "idle"
    LIMIT = "limit"
    DISABLED = "disabled"
    BY_ADMINISTRATOR = "by_administrator"
    CHANGED = "changed"  # role, site or password: the next sign-in has the new rights


IDLE = timedelta(minutes=15)  # reliability 14, P6
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # how often a session's last sign of life is written
KEPT_FOR = timedelta(hours=24)  # a form that was sent too late
RUNGS = (1, 2, 3)  # on-call order: first, second, third (C8.6)


def ended(started_at: datetime, last_seen_at: datetime, now: datetime) -> End | None:
    """Whether a sign-in has run out, and by which limit."""
    if now >= started_at + ABSOLUTE:
        return End.LIMIT
    return End.IDLE if now >= last_seen_at + IDLE else None


class Counted(enum.StrEnum):
    """Whose failed attempts are counted."""

    ACCOUNT = "account"
    ADDRESS = "address"


FREE_ATTEMPTS = {Counted.ACCOUNT: 10, Counted.ADDRESS: 50}  # a whole clinic may share one address
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)  # never a lock-out that lets an attacker shut a nurse out (P6)
FORGOTTEN_AFTER = timedelta(hours=24)


def delay(kind: Counted, attempts: int) -> timedelta:
    """How long the next attempt must wait after so many in a row that did not succeed."""
    over = attempts - FREE_ATTEMPTS[kind]
    return min(FIRST_DELAY * 2 ** min(over, 10), LONGEST_DELAY) if over >= 0 else timedelta()


SHORTEST, LONGEST = 15, 128  # characters; 15 while the password is used alone (P6)
COMMON_WORDS = """
    password passwort passphrase passcode secret letmein welcome changeme default temporary temp login
    signin admin administrator root user username staff guest test testing demo example sample system
    computer internet qwerty qwertz azerty asdf zxcv abcd abc iloveyou monkey dragon master shadow
    sunshine princess football baseball superman batman trustno hello whatever freedom michael jordan
    starwars pokemon january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter fall
    season hospital health healthcare medical doctor nurse patient therapy therapist recovery rehab
    detox addiction treatment counselor clinic clinics center centre company office work
"""
ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertz", "azerty", "01234567890")
RUNS = {way[at : at + 4] for row in ROWS for way in (row, row[::-1]) for at in range(len(row) - 3)}
LOOK_ALIKE = str.maketrans("@431!0$57", "aaeiiosst")
ENOUGH_LEFT = 8  # characters beside common words, names, rows and repetitions


def normal(password: str) -> str:
    """The one spelling of a password: NFC, so that every keyboard's accents are the same."""
    return unicodedata.normalize("NFC", password)


def refusal(password: str, context: Iterable[str]) -> str | None:
    """Why this password cannot be taken, in words for its owner; None where it can (P6).

    `context` holds words near to the person: name, sign-in name, the clinic's name.
    """
    password = normal(password)
    if len(password) < SHORTEST:
        return (
            f"Enter a password of at least {SHORTEST} characters. Three or four words together are easiest."
        )
    if len(password) > LONGEST:
        return f"Enter a password of at most {LONGEST} characters."
    near = {word for text in context for word in re.split(r"\W+", text.casefold()) if len(word) > 2}
    if _left(password, near) >= ENOUGH_LEFT:
        return None
    if near and _left(password, ()) >= ENOUGH_LEFT:
        return "Choose another password. This one is made of your name or the clinic's."
    return "Choose another password. This one is made of common words or a simple row of characters."


def _left(password: str, near: Iterable[str]) -> int:
    """How many characters remain without simple rows, common words, near words and repetitions."""
    text = password.casefold()
    in_run = {at + step for at in range(len(text)) if text[at : at + 4] in RUNS for step in range(4)}
    text = "".join(" " if at in in_run else letter for at, letter in enumerate(text)).translate(LOOK_ALIKE)
    for word in sorted({*COMMON_WORDS.split(), *near}, key=len, reverse=True):
        text = text.replace(word, " ")
    return len(re.sub(r"(.+?)\1+", r"\1", re.sub(r"[\W_]+", "", text)))


def is_local(address: str) -> bool:
    """Whether an address after sign-in stays on this site: one path of ours, no host, no scheme."""
    return bool(re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", address))


@dataclass(frozen=True)
class StaffDetails:
    """What an administrator enters about a member of staff. `phone` is E.164, `flags` of `User.FLAGS`."""

    name: str
    sign_in_name: str
    role: Role
    site_id: UUID
    phone: str | None = None
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ShiftPlan:
    """An on-call shift as planned, on the clocks of `zone` (IANA name)."""

    user_id: UUID
    rung: int
    local_date: date
    starts: time
    ends_date: date
    ends: time
    zone: str


BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def device(user_agent: str) -> str:
    """What somebody signed in with, as people say it: "Chrome on Windows". Nothing finer is kept."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "Unknown browser")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "unknown system")
    return f"{browser} on {system}"


def cookie_name(https: bool) -> str:
    """The sign-in cookie. The prefix binds it to this host and to https, where there is https."""
    return "__Host-sign-in" if https else "sign-in"
