"""The loaded demo with records that are one's own, a colleague's and another site's, and a browser a role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.accounts import services as accounts
from clinic.accounts.models import Leave, OnCallShift, SignInSession, User
from clinic.accounts.rules import Role
from clinic.cases import services as cases
from clinic.cases.rules import NoteKind
from clinic.configuration import services as configuring
from clinic.consents.rules.elements import Category, Kind, Purpose
from clinic.consents.rules.elements import Signature as Signed
from clinic.consents.services import writing as consents
from clinic.consents.services.disclosing import disclose
from clinic.core.db import db
from clinic.core.rules import local
from clinic.demo.rules.people import Invented, numbers, people
from clinic.demo.rules.stories import Stage, Story
from clinic.demo.services import aftercare, intake
from clinic.demo.services.acting import as_staff
from clinic.demo.services.clinic import PASSWORD, STAFF, Clinic
from clinic.episodes import services as episodes
from clinic.episodes.rules import ContactKind, Medication, NextContact, Track
from clinic.history import services as history
from clinic.history.rules import FactKind, NewFact
from clinic.instruments import services as instruments
from clinic.intake.models import Placement, PlacementDecision
from clinic.patients import services as patients
from clinic.patients.rules import NewPatient, NewSupporter, PointKind, Sex
from clinic.safety import services as safety
from clinic.safety.rules import Agreement, Means, Signature, Spoken, Words
from clinic.scheduling.models import Series
from clinic.scheduling.rules import Mark
from clinic.scheduling.services import groups, sessions
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level
from tests.consents.conftest import OFFICER, WRITTEN
from tests.forms import submit

Ids = Mapping[str, Any]
ZONE = "America/New_York"
OWNERS = (Role.THERAPIST, Role.COORDINATOR, Role.NURSE, Role.PRESCRIBER, Role.SUPERVISOR, Role.PEER)
OPENED, PROPOSED = Story(Stage.REGISTERED), Story(Stage.PROPOSED, profile="unknown")
ANSWERS = {f"q{n}": "1" for n in range(1, 9)} | {"q9": "0"}
SPOKEN = Spoken(Words(signs=["Not sleeping"], named=["Pills"], kept=["My sister, today"]), Means.FILLED)
AGREED = Signature(Agreement.AGREED, "Own name")


class Nothing(dict[str, Any]):
    """Ids of nothing: whatever is asked for, a new one."""

    def __missing__(self, name: str) -> UUID:
        return uuid4()


@dataclass(frozen=True)
class World:
    """A browser for each role; by role the ids of own records, and of records of others."""

    app: Flask
    browsers: Mapping[Role, FlaskClient]
    own: Mapping[Role, Ids]
    foreign: Mapping[Role, list[Ids]]


def build(app: Flask, now: datetime) -> World:
    """Upon the loaded demo."""
    maker = _Maker(now)
    here, far = _first_site(), _second_site(now)
    own = {role: maker.records(here, role.value) for role in OWNERS}
    colleague = maker.records(here, "therapist2", track=Track.OUTPATIENT)
    elsewhere = maker.records(far, "therapist")
    own[Role.DESK] = {**own[Role.THERAPIST], "item": maker.item(here, None, "messaging.unknown_number", None)}
    for role in OWNERS:  # no relation joins them to somebody of whom the coordinator has an open assessment
        if role is not Role.COORDINATOR:
            own[role]["newcomer"] = own[role]["patient"]
    for role in (Role.NURSE, Role.THERAPIST):
        own[role]["placed"] = own[role]["patient"]
    for role in (Role.ADMINISTRATOR, Role.PRIVACY):
        own[role] = {}
    browsers = {role: _sign_in(app, name) for name, _, role in reversed(STAFF)}
    for role, ids in own.items():
        ids |= _of_staff(here, role, now)
    _sign_in(app, "far-therapist")
    elsewhere["sign_in"] = _sign_in_of(far.staff["therapist"])
    shared = {name: elsewhere[name] for name in ("series", "referral", "decision")}
    foreign: dict[Role, list[Ids]] = {role: [elsewhere] for role in Role}
    for role in (Role.THERAPIST, Role.NURSE):
        foreign[role] = [elsewhere, {**colleague, **shared}]
    return World(app, browsers, own, foreign)


def _first_site() -> Clinic:
    staff = {user.sign_in_name: user for user in db.session.scalars(select(User))}
    group_id = db.session.scalars(select(Series.id).where(Series.kind == "relapse_prevention")).one()
    ids = {name: user.id for name, user in staff.items()}
    return Clinic(staff["admin"].site_id, ZONE, ids, {}, group_id)


def _second_site(now: datetime) -> Clinic:
    site_id = configuring.create_site("Hilltop", zone=ZONE, at=now)
    staff = {
        name: accounts.create_user(
            name=f"Far {name}",
            sign_in_name=f"far-{name}",
            role=role,
            site_id=site_id,
            password=PASSWORD,
            at=now,
        )
        for name, _, role in STAFF
        if name in ("coordinator", "therapist", "therapist2", "prescriber", "supervisor")
    }
    with as_staff(staff["supervisor"], Role.SUPERVISOR, site_id):
        group = groups.NewSeries(
            kind="relapse_prevention", title="Relapse prevention", therapist_id=staff["therapist"],
            room_id=None, first_on=local(now, ZONE).date() + timedelta(days=1), at=time(17), minutes=90,
            capacity=12,
        )  # fmt: skip
        group_id = groups.create_series(group, site_id=site_id, at=now)
    return Clinic(site_id, ZONE, staff, {}, group_id)


def _sign_in(app: Flask, name: str) -> FlaskClient:
    browser = app.test_client()
    answer = submit(browser, "/sign-in", sign_in_name=name, password=PASSWORD)
    assert answer.status_code == 303, answer.text
    return browser


def _of_staff(here: Clinic, role: Role, now: datetime) -> dict[str, Any]:
    """What hangs on a member of staff: a sign-in, a form that was kept, a colleague, a shift."""
    name = next(name for name, _, known in STAFF if known is role)
    return {
        "sign_in": _sign_in_of(here.staff[name]),
        "kept": accounts.keep_form(
            here.staff[name], "/keys", {"words": ["Called."]}, at=now, real=datetime.now(UTC)
        ),
        "user": here.staff["peer"],
        "site": here.site_id,
        "shift": db.session.scalars(select(OnCallShift.id)).first(),
        "leave": db.session.scalars(select(Leave.id)).first(),
    }


def _sign_in_of(user_id: UUID) -> UUID:
    return db.session.scalars(select(SignInSession.id).where(SignInSession.user_id == user_id)).one()


class _Maker:
    """Makes whole sets of records, each session at an hour of its own."""

    def __init__(self, now: datetime) -> None:
        self.now, self.today = now, local(now, ZONE).date()
        self.people = people(Random(7), self.today, numbers(iter((970,))))
        self.chance, self.slots = Random(7), 0

    def records(self, house: Clinic, owner: str, track: Track = Track.DETOX) -> dict[str, Any]:
        """Everything that hangs on one owner, made by the site's supervisor."""
        person = next(self.people)
        made = {"patient": self._admitted(house, owner, track), "leaver": self._admitted(house, owner, track)}
        made |= self._intake(house, person)
        aftercare.leave(house, made["leaver"], "supervisor", at=self.now - timedelta(days=1))
        to = "therapist2" if owner != "therapist2" else "supervisor"
        with house.acting("supervisor"):
            made["offer"] = episodes.offer(made["patient"], house.staff[to], at=self.now)
            made |= self._parts(house, made["patient"]) | self._sessions(house, owner, made["patient"])
        made["item"] = self.item(house, made["patient"], "aftercare.call", house.staff[owner])
        return {**made, "series": house.group_id}

    def item(self, house: Clinic, patient_id: UUID | None, kind: str, owner_id: UUID | None) -> UUID:
        """A piece of work."""
        return worklist.raise_item(
            kind, "test", uuid4(), patient_id=patient_id, owner_id=owner_id, site_id=house.site_id,
            level=Level.LOW, reason="Call today", due_at=self.now, at=self.now,
        )  # fmt: skip

    def _intake(self, house: Clinic, person: Invented) -> dict[str, Any]:
        """An open referral, somebody whose assessment is open, and a placement that waits."""
        before = self.now - timedelta(days=1)
        made: dict[str, Any] = {"referral": intake.ask(house, person, OPENED, self.chance, at=self.now)}
        for name, story in (("newcomer", OPENED), ("placed", PROPOSED)):
            person = next(self.people)
            referral_id = intake.ask(house, person, story, self.chance, at=before)
            made[name] = intake.register(house, person, referral_id, texts=True, at=before)
            intake.assess(house, made[name], story, self.chance, at=before)
        intake.decide(house, made["placed"], PROPOSED, at=before)
        decided = select(PlacementDecision.id).join(Placement, Placement.id == PlacementDecision.placement_id)
        made["decision"] = db.session.scalars(decided.where(Placement.patient_id == made["placed"])).one()
        return made

    def _admitted(self, house: Clinic, owner: str, track: Track) -> UUID:
        person, before = next(self.people), self.now - timedelta(days=2)
        new = NewPatient(
            family_name=person.family_name, given_name=person.given_name, birth_date=person.birth_date,
            site_id=house.site_id, zone=ZONE, sex=Sex.UNKNOWN, phone=person.phone,
        )  # fmt: skip
        patient_id = patients.register(new, at=before)
        with house.acting("coordinator"):
            intake.agree_to_texts(patient_id, at=before)
        episodes.admit(
            patient_id, site_id=house.site_id, track=track, medication=Medication.AGONIST,
            owner_id=house.staff[owner], at=before,
            next_contact=NextContact(self.today + timedelta(days=1), time(10), ZONE, ContactKind.VISIT),
        )  # fmt: skip
        return patient_id

    def _parts(self, house: Clinic, patient_id: UUID) -> dict[str, Any]:
        """What nests in a record."""
        now, person = self.now, next(self.people)
        filled = instruments.Filled(ANSWERS, {}, observed_at=now)
        told = NewSupporter("Ada", "sister", None, frozenset(), None)
        allergy = NewFact(FactKind.ALLERGY, "none_known", self.today)
        patients.add_contact_point(patient_id, PointKind.EMAIL, "a@example.org", may_voicemail=False, at=now)
        return {
            "point": patients.add_contact_point(
                patient_id, PointKind.PHONE, person.phone, may_voicemail=False, at=now
            ),
            "person": patients.add_support_person(patient_id, told, at=now),
            "fact": history.record_fact(patient_id, allergy, at=now),
            "administration": instruments.complete(patient_id, "phq9", filled, version=None, at=now).id,
            "safety_plan": safety.sign(patient_id, SPOKEN, AGREED, n=1, version=0, at=now),
            **self._consents(patient_id),
            "note": cases.write(
                patient_id, kind=NoteKind.CALL, happened_at=now, words="Called.", sign=True, at=now
            ),
        }

    def _consents(self, patient_id: UUID) -> dict[str, Any]:
        """Two drafts, a consent in force and what was told with it."""
        names = ("draft", "unsigned", "consent")
        made: dict[str, Any] = {
            name: consents.draft(patient_id, Kind.SPECIFIC, WRITTEN, at=self.now) for name in names
        }
        consents.activate(patient_id, made["consent"], Signed("Own name"), version=1, at=self.now)
        made["disclosure"] = disclose(
            patient_id, made["consent"], OFFICER, Purpose.MONITORING, [Category.ADMISSION], at=self.now
        )
        return made

    def _sessions(self, house: Clinic, owner: str, patient_id: UUID) -> dict[str, Any]:
        """One session to come and one that is signed, led by the owner or else by the site's therapist."""
        self.slots += 1
        leader = house.staff[owner if owner in ("therapist2", "supervisor") else "therapist"]
        hour = time(18 + self.slots // 2, 40) if self.slots % 2 else time(19 + self.slots // 2, 10)
        made = {}
        for name, days, booked in (("session", 3, self.now), ("held", -1, self.now - timedelta(hours=47))):
            on = self.today + timedelta(days=days)
            made[name] = sessions.book_individual(
                patient_id, sessions.Plan(on, hour, 20, None), kind="individual", therapist_id=leader,
                site_id=house.site_id, at=booked,
            )  # fmt: skip
        marks = {patient_id: sessions.Marked(Mark.PRESENT)}
        sessions.sign_session(made["held"], marks, version=1, at=self.now)
        return made
