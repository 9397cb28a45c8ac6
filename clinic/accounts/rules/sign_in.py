"""When a sign-in runs out, how guessing is slowed, where one may go."""

import enum
import re
from datetime import datetime, timedelta


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
DRAFT_KEPT_FOR = timedelta(days=30)  # a draft that its author never came back to


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


def is_local(address: str) -> bool:
    """Whether an address after sign-in stays on this site: one path of ours, no host, no scheme."""
    return bool(re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", address))


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
