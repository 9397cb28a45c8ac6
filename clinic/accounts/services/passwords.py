"""Keeping and checking passwords: argon2id, the cost by the installation's setting."""

from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from clinic.accounts.rules import LONGEST, normal
from clinic.core import settings


@cache
def _hasher(cost: str) -> PasswordHash:
    if cost == "full":
        return PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65_536, parallelism=4),))
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))  # development and tests


@cache
def _of_nobody(cost: str) -> str:
    return _hasher(cost).hash("a password that nobody has")


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _hasher(settings.current().password_cost).hash(normal(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the one. For nobody (None) as much work is done, so that time tells nothing."""
    cost = settings.current().password_cost
    typed = normal(password)[: LONGEST + 1]  # more can never match: no work for a megabyte
    return _hasher(cost).verify(typed, kept or _of_nobody(cost)) and kept is not None


def outdated(password: str, kept: str) -> str | None:
    """The new hash of a right password whose kept one was made with another cost; None if it is as now."""
    return _hasher(settings.current().password_cost).verify_and_update(normal(password), kept)[1]
