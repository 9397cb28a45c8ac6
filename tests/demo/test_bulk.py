"""Many patients: copies keep every promise of the rows that the services made."""

from collections.abc import Mapping

from sqlalchemy import func, select

from clinic.aftercare.models import CheckInPlan
from clinic.configuration.models import Site
from clinic.core.db import Base, db
from clinic.core.sealed import Sealed, blind_index
from clinic.demo.services.clinic import PASSWORD
from clinic.episodes.models import Episode, Stay
from clinic.episodes.rules import Track
from clinic.messaging.models import Message
from clinic.patients.models import ContactPoint, Patient, Relation
from clinic.patients.rules import is_record_number
from tests.conftest import opened
from tests.forms import submit

PATIENTS = 1_000


def count(*wanted: object) -> int:
    """How many rows."""
    return db.session.scalar(select(func.count()).where(*wanted)) or 0  # type: ignore[arg-type]


def test_many_patients_are_two_whole_sites(env: Mapping[str, str]) -> None:
    with opened(env) as app:
        runner = app.test_cli_runner()
        done = runner.invoke(args=["demo", "load", "--patients", str(PATIENTS)])
        assert done.exit_code == 0, done.output
        assert f"{PATIENTS} invented patients" in done.output
        numbers = db.session.scalars(select(Patient.record_number)).all()
        assert len(set(numbers)) == PATIENTS
        assert all(map(is_record_number, numbers))
        assert runner.invoke(args=["audit", "verify"]).exit_code == 0
        _nothing_is_left_to_an_end()
        _every_seal_opens()
        _numbers_are_found()
        _each_site_is_its_own()
        browser = app.test_client()
        assert submit(browser, "/sign-in", sign_in_name="therapist.2", password=PASSWORD).status_code == 303
        today = browser.get("/").text
        theirs = select(Patient.family_name).join(Episode).join(Site).where(Site.name != "Riverside")
        assert any(name in today for name in db.session.scalars(theirs.where(Episode.closed_at.is_(None))))


def _nothing_is_left_to_an_end() -> None:
    assert count(Episode.closed_at.is_not(None)) > 0.8 * PATIENTS
    closed = select(Episode.id).where(Episode.closed_at.is_not(None))
    assert count(Stay.episode_id.in_(closed), Stay.ends_at.is_(None)) == 0
    assert count(CheckInPlan.episode_id.in_(closed), CheckInPlan.ended_at.is_(None)) == 0
    assert set(db.session.scalars(select(Stay.track).where(Stay.ends_at.is_(None)))) == set(Track)


def _every_seal_opens() -> None:
    for mapper in Base.registry.mappers:
        fields = [field for field in vars(mapper.class_).values() if isinstance(field, Sealed)]
        for field in fields:
            table = mapper.class_.__table__
            newest = select(table.c.id, table.c[field.column]).where(table.c[field.column].is_not(None))
            for row_id, blob in db.session.execute(newest.order_by(table.c.id.desc()).limit(20)):
                assert field.reveal(row_id, blob) is not None


def _numbers_are_found() -> None:
    last = db.session.execute(
        select(ContactPoint.id, ContactPoint.value_sealed, ContactPoint.value_index)
        .order_by(ContactPoint.id.desc())
        .limit(1)
    ).one()
    assert blind_index(ContactPoint.value.reveal(last.id, last.value_sealed)) == last.value_index
    hashes = db.session.scalars(select(Message.link_hash).where(Message.link_hash.is_not(None))).all()
    assert len(hashes) == len(set(hashes))


def _each_site_is_its_own() -> None:
    """Nobody's relation, owner or list reaches over to the other site."""
    strangers = Relation.subject_id.in_(select(Site.id)) & (Relation.subject_id != Patient.site_id)
    assert db.session.scalar(select(func.count()).select_from(Relation).join(Patient).where(strangers)) == 0
    moved = Episode.site_id != Patient.site_id
    assert db.session.scalar(select(func.count()).select_from(Episode).join(Patient).where(moved)) == 0
