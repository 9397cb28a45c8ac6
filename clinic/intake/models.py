"""Calls for help, assessments, and what was recommended and decided."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base, Versioned
from clinic.core.ddl import REFUSE, append_only, statement
from clinic.core.sealed import Sealed, SealedJson
from clinic.intake.rules.calls import CallOutcome
from clinic.intake.rules.decision import Comparison, DecisionKind, DecisionState
from clinic.intake.rules.referral import CloseReason, State
from clinic.intake.rules.rows import Medication, Outcome
from clinic.intake.rules.sections import Section
from clinic.intake.rules.sources import Source
from clinic.intake.rules.waiting import Told

UNSIGNED = text("signed_at IS NULL")
CURRENT = text("state IN ('proposed', 'standing')")
OPEN = text("state = 'open'")
UNREACHED = text("state = 'open' AND first_reached_at IS NULL")
# rules.waiting.place as SQL: an index keeps this order, so no list is sorted, however many wait (C4.5)
PLACE = (
    "(CASE WHEN pregnant = 'yes' AND injecting = 'yes' THEN 1 WHEN pregnant = 'yes' THEN 2 "
    "WHEN injecting = 'yes' THEN 3 WHEN pregnant = 'no' AND injecting = 'no' THEN 5 ELSE 4 END)"
)


class Referral(Versioned, Base):
    """One call for help, from the public page or taken by staff. Who asks is nobody's patient yet.

    `origin` is a keyed fingerprint of the address it came from, to limit floods; None where staff took it.
    """

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("due_at >= received_at", name="due_after_received"),
        CheckConstraint("(state = 'registered') = (patient_id IS NOT NULL)", name="registered_has_patient"),
        CheckConstraint("(state = 'closed') = (close_reason IS NOT NULL)", name="closed_has_reason"),
        Index(None, "site_id", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_referral_waiting", "site_id", text(PLACE), "received_at", "id", sqlite_where=OPEN,
              postgresql_where=OPEN),
        Index("ix_referral_unreached", "site_id", sqlite_where=UNREACHED, postgresql_where=UNREACHED),
        Index(None, "origin", "received_at"),
        Index(None, "patient_id"),
    )  # fmt: skip

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    source: Mapped[Source]
    name_sealed: Mapped[bytes]
    name = Sealed()
    person_name_sealed: Mapped[bytes | None]
    person_name = Sealed()
    phone_sealed: Mapped[bytes | None]
    phone = Sealed()
    email_sealed: Mapped[bytes | None]
    email = Sealed()
    texts_safe: Mapped[bool]
    voicemail_safe: Mapped[bool]
    urgencies: Mapped[list[str]]
    words_sealed: Mapped[bytes | None]
    words = Sealed()
    given_sealed: Mapped[bytes | None]
    given = SealedJson()
    language: Mapped[str | None]
    urgent: Mapped[bool]
    pregnant: Mapped[Told | None]
    injecting: Mapped[Told | None]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    origin: Mapped[bytes | None]
    first_reached_at: Mapped[datetime | None]
    state: Mapped[State]
    close_reason: Mapped[CloseReason | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    version: Mapped[int]


class ReferralCall(Base):
    """One try to reach who asked."""

    __tablename__ = "referral_call"
    __table_args__ = (Index(None, "referral_id", "at"),)

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    outcome: Mapped[CallOutcome]
    words_sealed: Mapped[bytes | None]
    words = Sealed()


append_only(ReferralCall)


class ReferralFollowUp(Base):
    """Who follows a referral up, and when they mean to try next; no row while nobody has taken it on."""

    __tablename__ = "referral_follow_up"
    __table_args__ = (
        UniqueConstraint("referral_id"),
        CheckConstraint(
            "(next_at IS NULL) = (next_on IS NULL) AND (next_at IS NULL) = (next_time IS NULL)"
            " AND (next_at IS NULL) = (next_zone IS NULL)",
            name="next_is_whole",
        ),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    next_at: Mapped[datetime | None]
    next_on: Mapped[date | None]
    next_time: Mapped[time | None]
    next_zone: Mapped[str | None]


class Assessment(Versioned, Base):
    """What is asked before placement. One is open for a patient at a time; signed, it is never changed.

    What was wrong in a signed one is amended by a further one that begins with its answers.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="signed_by_somebody"),
        CheckConstraint("(amends_id IS NULL) = (reason_sealed IS NULL)", name="amendment_has_reason"),
        UniqueConstraint("amends_id"),
        Index("uq_assessment_open", "patient_id", unique=True, sqlite_where=UNSIGNED,
              postgresql_where=UNSIGNED),
        Index(None, "patient_id", "started_at"),
    )  # fmt: skip

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    started_at: Mapped[datetime]
    started_by: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    amends_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment.id"))
    reason_sealed: Mapped[bytes | None]
    reason = Sealed()
    version: Mapped[int]


class AssessmentSection(Versioned, Base):
    """The answers of one section as last saved; `administration_id` is its scale, kept by `instruments`."""

    __tablename__ = "assessment_section"
    __table_args__ = (UniqueConstraint("assessment_id", "section"),)

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    section: Mapped[Section]
    answers_sealed: Mapped[bytes]
    answers = SealedJson()
    administration_id: Mapped[UUID | None] = mapped_column(ForeignKey("administration.id"))
    saved_at: Mapped[datetime]
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    version: Mapped[int]


_OF_A_SIGNED = "SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id AND signed_at IS NOT NULL"
statement(
    AssessmentSection.__table__,  # type: ignore[arg-type]
    sqlite=[
        f"CREATE TRIGGER assessment_section_refuse_{what} BEFORE {what.upper()} ON assessment_section "
        f"WHEN EXISTS ({_OF_A_SIGNED}) "
        "BEGIN SELECT RAISE(ABORT, 'sections of a signed assessment are never changed'); END"
        for what in ("update", "delete")
    ],
    postgresql=[
        "CREATE OR REPLACE FUNCTION assessment_section_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS ({_OF_A_SIGNED}) THEN "
        "RAISE EXCEPTION 'sections of a signed assessment are never changed'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER assessment_section_refuse_row BEFORE UPDATE OR DELETE ON assessment_section "
        "FOR EACH ROW EXECUTE FUNCTION assessment_section_refuse()",
    ],
)
statement(
    Assessment.__table__,  # type: ignore[arg-type]
    sqlite=[
        f"CREATE TRIGGER assessment_refuse_signed_{what} BEFORE {what.upper()} ON assessment "
        "WHEN OLD.signed_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'signed rows of assessment are never changed'); END"
        for what in ("update", "delete")
    ],
    postgresql=[
        REFUSE,
        "CREATE TRIGGER assessment_refuse_signed BEFORE UPDATE OR DELETE ON assessment "
        "FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()",
    ],
)


class Placement(Base):
    """What the rules recommended on one signed assessment, and the findings they stood on. Never changed."""

    __tablename__ = "placement"
    __table_args__ = (UniqueConstraint("assessment_id"), Index(None, "patient_id", "recommended_at"))

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    recommended_at: Mapped[datetime]
    outcome: Mapped[Outcome]
    then: Mapped[Outcome | None]
    medication: Mapped[Medication | None]
    rules_version: Mapped[str]
    settings_version: Mapped[int]
    findings_sealed: Mapped[bytes]
    findings = SealedJson()
    recommendation_sealed: Mapped[bytes]
    recommendation = SealedJson()


append_only(Placement)


class PlacementDecision(Versioned, Base):
    """What a person decided on a placement, who countersigned, and the episode that it opened.

    At most one of a placement is proposed or stands.
    """

    __tablename__ = "placement_decision"
    __table_args__ = (
        CheckConstraint(
            "NOT (needs_countersign AND state = 'standing' AND countersigned_by IS NULL)",
            name="stands_when_countersigned",
        ),
        CheckConstraint("countersigned_by IS NULL OR countersigned_by <> decided_by", name="another_person"),
        CheckConstraint("(countersigned_by IS NULL) = (countersigned_at IS NULL)", name="countersigned_at"),
        CheckConstraint("state <> 'returned' OR return_reason_sealed IS NOT NULL", name="returned_why"),
        Index("uq_placement_decision_current", "placement_id", unique=True, sqlite_where=CURRENT,
              postgresql_where=CURRENT),
        Index(None, "placement_id"),
    )  # fmt: skip

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placement.id"))
    kind: Mapped[DecisionKind]
    track: Mapped[Outcome]
    then: Mapped[Outcome | None]
    medication: Mapped[Medication | None]
    comparison: Mapped[Comparison]
    reason_sealed: Mapped[bytes | None]
    reason = Sealed()
    needs_countersign: Mapped[bool]
    state: Mapped[DecisionState]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    decided_role: Mapped[str]
    decided_at: Mapped[datetime]
    countersigned_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    countersigned_at: Mapped[datetime | None]
    return_reason_sealed: Mapped[bytes | None]
    return_reason = Sealed()
    episode_id: Mapped[UUID | None] = mapped_column(ForeignKey("episode.id"))
    version: Mapped[int]
