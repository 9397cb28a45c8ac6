"""Real processes amend one note at one moment: one wins, the others are told."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select

from clinic.cases import services
from clinic.cases.models import Note
from clinic.cases.rules import NoteKind
from clinic.core import actor, clock
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import db
from tests.cases.conftest import Owned
from tests.race import race


def amend(who: Actor, note_id: UUID, words: str, at: datetime) -> None:
    """The author amends what was seen without any amendment."""
    with actor.acting(who):
        services.amend(note_id, words, "At one moment", version=0, at=at)


def test_of_six_who_amend_at_once_one_wins_and_five_are_told(
    env: Mapping[str, str], person: Owned, site: UUID
) -> None:
    author, now = person.therapist_id, clock.now()
    who = Actor(ActorKind.USER, author, "Miriam Okafor", "therapist", site, (author, site))
    with actor.acting(who):
        note_id = services.write(
            person.id, kind=NoteKind.CALL, happened_at=now, words="First", sign=True, at=now
        )
    acts = [partial(amend, who, note_id, f"Version {n}", now) for n in range(6)]
    assert race(env, acts) == ["Stale"] * 5 + ["done"]
    db.session.rollback()
    assert db.session.scalars(select(Note.n).order_by(Note.n)).all() == [0, 1]
