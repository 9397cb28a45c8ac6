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


def forgive(sign_in_name: str, address: str, *, real: datetime) -> None:
    """It was the right one: the account starts anew; of its address only this attempt is taken back."""
    with transaction() as session:
        key = _key(Counted.ACCOUNT, sign_in_name)
        account = update(SignInAttempt).where(SignInAttempt.kind == Counted.ACCOUNT, SignInAttempt.key == key)
        session.execute(account.values(attempts=0, free_at=real))
        key = _key(Counted.ADDRESS, address)
        place = update(SignInAttempt).where(SignInAttempt.kind == Counted.ADDRESS, SignInAttempt.key == key)
        fewer = {"attempts": SignInAttempt.attempts - 1, "free_at": real}
        session.execute(place.where(SignInAttempt.attempts > 0).values(**fewer))
