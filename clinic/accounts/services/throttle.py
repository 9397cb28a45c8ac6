"""Guessing is slow: attempts in a row are counted per account and per address, in rows."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from clinic.accounts.models import SignInAttempt
from clinic.accounts.rules import FORGOTTEN_AFTER, Counted, delay
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Refused
from clinic.core.ids import uuid7
from clinic.core.sealed import blind_index


class TooManyAttempts(Refused):
    """Too many attempts in a row for this name or from this address; `wait` is how long until the next."""

    status = 429

    def __init__(self, wait: timedelta) -> None:
        super().__init__("Too many attempts in a row. Wait a few minutes, then try again.")
        self.wait = wait


def _key(kind: Counted, text: str) -> bytes:
    return blind_index(f"{kind}|{text}")


def count(kind: Counted, text: str, *, real: datetime) -> None:
    """Count an attempt before it is looked at. Raises TooManyAttempts, and then counts nothing."""
    key = _key(kind, text)
    with transaction() as session:
        first = {"id": uuid7(), "kind": kind, "key": key, "attempts": 0, "last_at": real, "free_at": real}
        insert_new(session, SignInAttempt, [first])
        mine = (SignInAttempt.kind == kind, SignInAttempt.key == key)
        row = session.scalars(select(SignInAttempt).where(*mine).with_for_update()).one()
        if row.free_at > real:
            raise TooManyAttempts(row.free_at - real)
        row.attempts = 1 if real - row.last_at > FORGOTTEN_AFTER else row.attempts + 1
        row.last_at, row.free_at = real, real + delay(kind, row.attempts)
        session.flush()


def forgive(sign_in_name: str, *, real: datetime) -> None:
    """It was the right password: the account starts anew."""
    key = _key(Counted.ACCOUNT, sign_in_name)
    mine = (SignInAttempt.kind == Counted.ACCOUNT, SignInAttempt.key == key)
    with transaction() as session:
        session.execute(update(SignInAttempt).where(*mine).values(attempts=0, free_at=real))


def take_back(address: str, *, real: datetime) -> None:
    """This one attempt from the address was no guess; the others stay counted."""
    key = _key(Counted.ADDRESS, address)
    mine = (SignInAttempt.kind == Counted.ADDRESS, SignInAttempt.key == key, SignInAttempt.attempts > 0)
    fewer = {"attempts": SignInAttempt.attempts - 1, "free_at": real}
    with transaction() as session:
        session.execute(update(SignInAttempt).where(*mine).values(**fewer))
