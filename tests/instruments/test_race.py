"""Two who amend the same form at one moment: one edition follows the other, the second is told."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

from flask.testing import FlaskClient

from clinic.core import actor, clock
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import db
from clinic.instruments import queries, services
from clinic.instruments.rules import Filled
from tests.race import race


def amend(who: Actor, patient_id: UUID, first_id: UUID, filled: Filled) -> None:
    """A member of staff corrects the form as first signed."""
    with actor.acting(who):
        services.amend(patient_id, first_id, filled, "Misread", edition=1, at=clock.now())


def test_of_two_amendments_at_one_moment_one_is_kept(
    env: Mapping[str, str], therapist: FlaskClient, patient_id: UUID, site: UUID
) -> None:
    user_id: UUID = therapist.user_id  # type: ignore[attr-defined]
    who = Actor(ActorKind.USER, user_id, "therapist", "therapist", site, (user_id, site))
    filled = Filled({"craving": 3}, {}, clock.now())
    with actor.acting(who):
        saved = services.complete(patient_id, "craving_nrs", filled, version=None, at=clock.now())
        services.sign(patient_id, saved.id, at=clock.now())
    acts = [
        partial(amend, who, patient_id, saved.id, replace(filled, answers={"craving": n})) for n in (7, 8)
    ]
    assert race(env, acts) == ["Stale", "done"]
    db.session.rollback()
    assert [row.edition for row in queries.editions(patient_id, saved.id)] == [1, 2]
