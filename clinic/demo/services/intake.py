"""From a call for help to an owner, told to the rooms at the times at which it happened."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from clinic.configuration import queries as configuration
from clinic.core import actor
from clinic.core.rules import local
from clinic.demo.rules.people import Invented
from clinic.demo.rules.stories import CALLERS, Call, Stage, Story, safety, substances
from clinic.demo.services.clinic import Clinic
from clinic.episodes import services as episodes
from clinic.episodes.rules import ContactKind, NextContact
from clinic.instruments import services as instruments
from clinic.intake.queries import assessments as sheets
from clinic.intake.queries import placements as recommended
from clinic.intake.rules.calls import Again, Called, CallOutcome
from clinic.intake.rules.decision import DecisionKind, Naloxone, Plan, Wanted
from clinic.intake.rules.referral import HelpRequest, Urgency
from clinic.intake.rules.rows import Outcome
from clinic.intake.rules.sections import Section
from clinic.intake.rules.sources import Source
from clinic.intake.rules.waiting import Told
from clinic.intake.services import admission, assessments, calls, placements, referrals, registration
from clinic.patients import queries as patient_queries
from clinic.patients import services as patients
from clinic.patients.rules import (
    CONSENT_WORDS,
    ConsentGiven,
    MessageKind,
)
from clinic.patients.rules import Source as ConsentSource

HOUR = timedelta(hours=1)
SAFE_FROM, SAFE_UNTIL = time(9), time(20)


def ask(clinic: Clinic, person: Invented, story: Story, chance: Random, *, at: datetime) -> UUID:
    """Somebody calls for help on the public page."""
    urgencies = (
        frozenset({chance.choice([Urgency.WITHDRAWAL, Urgency.RELEASED])}) if story.urgent else frozenset()
    )
    wanted = _request(chance.choice(list(Source)), person, chance, urgencies=urgencies)
    with actor.acting(actor.PUBLIC):
        return referrals.ask(wanted, site_id=clinic.site_id, origin=None, at=at)


def wait(clinic: Clinic, person: Invented, told: Call, chance: Random, *, now: datetime) -> None:
    """Somebody who asked and still waits; the coordinator took it down, or tried to call."""
    at = now - told.hours_ago * HOUR
    wanted = _request(
        told.source,
        person,
        chance,
        urgencies=told.urgencies,
        pregnant=told.pregnant,
        injecting=told.injecting,
    )
    with actor.acting(actor.PUBLIC):
        referral_id = referrals.ask(wanted, site_id=clinic.site_id, origin=None, at=at)
    for _ in range(told.tries):
        at += HOUR
        call(clinic, referral_id, at=at)


def _request(
    source: Source,
    person: Invented,
    chance: Random,
    *,
    urgencies: frozenset[Urgency],
    pregnant: Told | None = None,
    injecting: Told | None = None,
) -> HelpRequest:
    name = f"{person.given_name} {person.family_name}"
    caller, given = CALLERS.get(source, (name, {}))
    return HelpRequest(
        source=source,
        name=caller,
        person_name=None if source is Source.PERSON else name,
        phone=person.phone,
        email=None,
        texts_safe=True,
        voicemail_safe=chance.random() < 0.4,
        urgencies=urgencies,
        words="I would like to talk to somebody about starting treatment.",
        pregnant=pregnant,
        injecting=injecting,
        given=given,
    )


def call(clinic: Clinic, referral_id: UUID, *, at: datetime) -> None:
    """The coordinator calls and reaches nobody yet."""
    with clinic.acting("coordinator"):
        calls.record_call(
            referral_id, Called(CallOutcome.NO_ANSWER, "Rang six times.", again=Again.WORKING_DAY), at=at
        )


def register(clinic: Clinic, person: Invented, referral_id: UUID, *, texts: bool, at: datetime) -> UUID:
    """Registered by the coordinator, with consent to texts where the person agrees."""
    new = person.registration(clinic.site_id, clinic.zone)
    with clinic.acting("coordinator"):
        calls.record_call(
            referral_id, Called(CallOutcome.REACHED, "Wants to come in.", Told.NO, Told.YES), at=at
        )
        patient_id = registration.register(referral_id, new, at=at)
        if texts:
            agree_to_texts(patient_id, at=at)
    return patient_id


def agree_to_texts(patient_id: UUID, *, at: datetime) -> None:
    """All kinds of texts, in ordinary hours."""
    point = patient_queries.contact_points(patient_id)[0]
    given = ConsentGiven(
        contact_point_id=point.id,
        kinds=frozenset(MessageKind),
        safe_from=SAFE_FROM,
        safe_until=SAFE_UNTIL,
        may_use_first_name=True,
        source=ConsentSource.IN_PERSON,
        words=CONSENT_WORDS,
    )
    patients.record_consent(patient_id, given, at=at)


def assess(clinic: Clinic, patient_id: UUID, story: Story, chance: Random, *, at: datetime) -> None:
    """The whole assessment, signed; somebody only registered has a first section."""
    with clinic.acting("coordinator"):
        assessments.save(patient_id, Section.SAFETY, safety(story.profile), version=0, at=at)
        if story.stage is Stage.REGISTERED:
            return
        uses = [
            {
                "substance": substance,
                "route": route,
                "precision": "about" if hours is not None else "unknown",
                "at": (at - hours * HOUR).isoformat() if hours is not None else None,
            }
            for substance, route, hours in substances(story.profile, chance)
        ]
        assessments.save(patient_id, Section.SUBSTANCES, {"uses": uses}, version=0, at=at)
        _fill(patient_id, "cows", _cows(story.profile, chance), at)
        _fill(
            patient_id,
            "phq9",
            {f"q{n}": str(chance.choice((0, 1, 1, 2))) for n in range(1, 9)} | {"q9": "0"},
            at,
        )
        assessments.sign(patient_id, at=at)


def _fill(patient_id: UUID, instrument_id: str, answers: dict[str, str], at: datetime) -> None:
    instruments.complete(
        patient_id, instrument_id, instruments.Filled(answers, {}, observed_at=at), version=None, at=at
    )


def _cows(profile: str, chance: Random) -> dict[str, str]:
    heavy = profile == "detox"
    return {
        "pulse": "2" if heavy else "0",
        "sweating": str(chance.randint(1, 3) if heavy else 0),
        "restlessness": "3" if heavy else "1",
        "pupils": "2" if heavy else "0",
        "aches": "2" if heavy else "1",
        "nose_eyes": "2" if heavy else "0",
        "gi": "3" if heavy else "1",
        "tremor": "2" if heavy else "0",
        "yawning": "1",
        "anxiety": "2" if heavy else "1",
        "gooseflesh": "3" if heavy else "0",
    }


def decide(clinic: Clinic, patient_id: UUID, story: Story, *, at: datetime) -> None:
    """The coordinator accepts, or proposes what a clinician must countersign."""
    with clinic.acting("coordinator"):
        sheet = sheets.newest(patient_id)
        found = recommended.of_assessment(sheet.id) if sheet else None
        assert found is not None
        accepted = Wanted(DecisionKind.ACCEPTED, found.plan, None)
        other = Wanted(
            DecisionKind.OTHER,
            Plan(Outcome.OUTPATIENT, None, found.plan.medication),
            "Her sister stays with her at home and she can come in every day.",
        )
        decision_id = placements.decide(
            patient_id, other if story.stage is Stage.PROPOSED or story.profile == "unknown" else accepted,
            shown=None, at=at,
        )  # fmt: skip
    if story.profile == "unknown" and story.stage is not Stage.PROPOSED:
        with clinic.acting("prescriber"):
            placements.countersign(decision_id, at=at + HOUR)


def admit(clinic: Clinic, patient_id: UUID, therapist: str, story: Story, *, at: datetime) -> None:
    """Admitted by the coordinator and offered to a therapist, who accepts unless the story ends before."""
    tomorrow = configuration.next_working_day(local(at, clinic.zone).date())
    contact = NextContact(tomorrow, time(10), clinic.zone, ContactKind.VISIT)
    with clinic.acting("coordinator"):
        naloxone = Naloxone("given", date(tomorrow.year + 2, tomorrow.month, 1))
        admission.admit(patient_id, admission.Admit(contact, naloxone), at=at)
        offer_id = episodes.offer(patient_id, clinic.staff[therapist], words="Prefers mornings.", at=at)
    if story.stage is not Stage.OFFERED:
        with clinic.acting(therapist):
            episodes.answer_offer(offer_id, accepted=True, at=at + HOUR)
