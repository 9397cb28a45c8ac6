"""Forms of decision, countersign and admission."""

from collections.abc import Sequence
from datetime import time
from uuid import UUID

from wtforms import HiddenField

from clinic.core.errors import Invalid
from clinic.core.rules import exists
from clinic.episodes.rules import ContactKind, NextContact
from clinic.intake.rules.decision import PLANS, DecisionKind, Naloxone, Plan, Wanted
from clinic.intake.rules.rows import Medication, Outcome
from clinic.web.forms import Choice, Clock, Day, Form, Pick, Prose

NO_MEDICATION = "none"
NALOXONE = [("given", "Given"), ("has", "The person has it already"), ("declined", "Declined")]


class HoldingForm(Form):
    """`shown` is the decision that held when the page was made."""

    shown = HiddenField()

    def shown_decision(self) -> UUID | None:
        """Its id; None if there was none."""
        try:
            return UUID(self.shown.data or "")
        except ValueError:
            return None


class ActedForm(HoldingForm):
    """What was done in an emergency."""

    reason = Prose("What was done", hint="Who was called and when, naloxone, where the person is now.")

    def wanted(self) -> Wanted:
        """An emergency is acted on, not decided (C4.7)."""
        return Wanted(DecisionKind.ACTED, Plan(Outcome.EMERGENCY), self.reason.data)


class DecisionForm(HoldingForm):
    """Accept, place elsewhere, or record that the person declines (C4.7, X1)."""

    kind = Choice(
        "What to do with the proposal",
        [
            (DecisionKind.ACCEPTED, "Accept the proposal"),
            (DecisionKind.OTHER, "Place at another level of care"),
            (DecisionKind.DECLINED, "The person declines the proposal"),
        ],
    )
    plan = Pick(
        "Level of care", [("", "Choose"), *((plan.code, plan.label) for plan in PLANS)], optional=True,
        hint="If it is another one. When the person declines: the next best, offered the same day.",
    )  # fmt: skip
    medication = Pick(
        "Medication",
        [
            ("", "As proposed"),
            (Medication.AGONIST, "Methadone or buprenorphine"),
            (Medication.NALTREXONE, "Naltrexone"),
            (NO_MEDICATION, "None"),
        ],
        optional=True,
    )
    reason = Prose(
        "In your own words", optional=True,
        hint="Needed unless you accept. The person may read this. At least one sentence.",
    )  # fmt: skip
    naloxone_code = Choice(
        "Naloxone",
        NALOXONE,
        optional=True,
        hint="Needed when the person declines.",
    )
    naloxone_expires_on = Day("Naloxone expires", optional=True, hint="The date is on the package.")

    def offer(self, proposed: Plan) -> None:
        """Where nothing is proposed there is nothing to accept or to decline."""
        for field in (self.plan, self.medication, self.reason, self.naloxone_code, self.naloxone_expires_on):
            field.flags.optional = False  # whether it is needed hangs on the decision; the hints say when
        if proposed.track is Outcome.INCOMPLETE:
            self.kind.choices = {DecisionKind.OTHER: "Place at a level of care"}
            self.kind.data = self.kind.data or DecisionKind.OTHER

    def wanted(self, proposed: Plan) -> Wanted:
        """The decision. Raises Invalid for what is missing for this kind."""
        kind = DecisionKind(self.kind.data)
        if kind is DecisionKind.ACCEPTED:
            review = proposed.track is Outcome.CLINICIAN_REVIEW  # shown as outpatient intake (C4.4 O3)
            track = Outcome.OUTPATIENT if review else proposed.track
            return Wanted(kind, Plan(track, proposed.then, proposed.medication), self.reason.data or None)
        plan = next((plan for plan in PLANS if plan.code == self.plan.data), None)
        if plan is None:
            raise Invalid("plan", "Choose the level of care")
        naloxone = None
        if kind is DecisionKind.DECLINED:
            if not self.naloxone_code.data:
                raise Invalid("naloxone_code", "Choose what was done about naloxone")
            naloxone = Naloxone(self.naloxone_code.data, self.naloxone_expires_on.data)
        medication = proposed.medication
        if self.medication.data:
            code = self.medication.data
            medication = None if code == NO_MEDICATION else Medication(code)
        return Wanted(kind, Plan(plan.track, plan.then, medication), self.reason.data or None, naloxone)


class ReturnForm(Form):
    """Why a proposed placement goes back."""

    reason = Prose("Reason for returning it", hint="The coordinator reads this and decides anew.")


class AdmitForm(Form):
    """The next dated contact, naloxone (C5.2), and who is offered the episode."""

    on = Day("Date of next contact")
    at = Clock("Time of next contact", default=time(10))
    kind = Choice(
        "Kind of contact",
        [(one, one.label) for one in (ContactKind.VISIT, ContactKind.CALL, ContactKind.SESSION)],
    )
    naloxone_code = Choice("Naloxone", NALOXONE, hint="Offered to the person and whoever lives there.")
    naloxone_expires_on = Day(
        "Naloxone expires", optional=True, hint="Needed unless declined. The date is on the package."
    )
    offer_to = Pick("Offer to", optional=True, hint="You keep the episode until the offer is accepted.")

    def offer(self, people: Sequence[tuple[UUID, str]]) -> None:
        """Who can be offered the episode."""
        self.offer_to.choices = {"": "Nobody yet"} | {str(user_id): words for user_id, words in people}

    def naloxone(self) -> Naloxone:
        """What was done about it."""
        return Naloxone(self.naloxone_code.data, self.naloxone_expires_on.data)

    def next_contact(self, zone: str) -> NextContact:
        """The planned contact. Raises Invalid for a time that the clocks skip."""
        if not exists(self.on.data, self.at.data, zone):
            raise Invalid("at", "Enter a time that the clocks show on this day")
        return NextContact(self.on.data, self.at.data, zone, ContactKind(self.kind.data))
