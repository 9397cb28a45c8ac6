"""Taken back and shared at one moment: whatever was shared came before, in the database's own order."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select

from clinic.consents.models import ConsentEnd, Disclosure
from clinic.consents.rules.elements import Category, EndKind, Purpose
from clinic.consents.services.disclosing import disclose
from clinic.consents.services.ending import end
from clinic.core import actor
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import db
from tests.cases.conftest import Owned
from tests.conftest import MovedClock
from tests.consents.conftest import OFFICER, active, id_of
from tests.race import race


def take_back(who: Actor, patient_id: UUID, consent_id: UUID, at: datetime) -> None:
    """A member of staff records that it was taken back, and tries to share right after."""
    with actor.acting(who):
        end(patient_id, consent_id, EndKind.ORAL, at=at)
        disclose(patient_id, consent_id, OFFICER, Purpose.MONITORING, [Category.DEMOGRAPHICS], at=at)


def tell(who: Actor, patient_id: UUID, consent_id: UUID, at: datetime) -> None:
    """A member of staff shares with it."""
    with actor.acting(who):
        disclose(patient_id, consent_id, OFFICER, Purpose.MONITORING, [Category.ADMISSION], at=at)


def test_nothing_is_told_after_it_was_taken_back(
    env: Mapping[str, str], person: Owned, site: UUID, clock: MovedClock
) -> None:
    consent_id = id_of(active(person))
    who = Actor(ActorKind.USER, person.therapist_id, "M", "therapist", site, (person.therapist_id, site))
    given = (who, person.id, consent_id, clock.now())
    ends = race(env, [partial(take_back, *given), *[partial(tell, *given)] * 4])
    assert ends.count("Invalid") >= 1  # whoever took it back cannot share after
    db.session.rollback()
    assert len(db.session.scalars(select(ConsentEnd)).all()) == 1
    told = db.session.scalars(select(Disclosure)).all()
    assert len(told) == ends.count("done")
    assert {tuple(one.categories) for one in told} <= {("admission",)}
