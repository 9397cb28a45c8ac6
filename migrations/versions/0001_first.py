"""The first tables of every room, with their triggers and exclusion constraints.

Revision: 0001
After: nothing
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE = [
    """CREATE TRIGGER audit_entry_refuse_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'rows of audit_entry are never changed'); END""",
    """CREATE TRIGGER audit_entry_refuse_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'rows of audit_entry are never changed'); END""",
    """CREATE TRIGGER instrument_wording_refuse_update BEFORE UPDATE ON instrument_wording BEGIN SELECT RAISE(ABORT, 'rows of instrument_wording are never changed'); END""",
    """CREATE TRIGGER instrument_wording_refuse_delete BEFORE DELETE ON instrument_wording BEGIN SELECT RAISE(ABORT, 'rows of instrument_wording are never changed'); END""",
    """CREATE TRIGGER administration_refuse_update BEFORE UPDATE ON administration WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of administration are never changed'); END""",
    """CREATE TRIGGER administration_refuse_delete BEFORE DELETE ON administration WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of administration are never changed'); END""",
    """CREATE TRIGGER assessment_refuse_signed_update BEFORE UPDATE ON assessment WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of assessment are never changed'); END""",
    """CREATE TRIGGER assessment_refuse_signed_delete BEFORE DELETE ON assessment WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of assessment are never changed'); END""",
    """CREATE TRIGGER clinic_setting_refuse_update BEFORE UPDATE ON clinic_setting BEGIN SELECT RAISE(ABORT, 'rows of clinic_setting are never changed'); END""",
    """CREATE TRIGGER clinic_setting_refuse_delete BEFORE DELETE ON clinic_setting BEGIN SELECT RAISE(ABORT, 'rows of clinic_setting are never changed'); END""",
    """CREATE TRIGGER details_correction_refuse_update BEFORE UPDATE ON details_correction BEGIN SELECT RAISE(ABORT, 'rows of details_correction are never changed'); END""",
    """CREATE TRIGGER details_correction_refuse_delete BEFORE DELETE ON details_correction BEGIN SELECT RAISE(ABORT, 'rows of details_correction are never changed'); END""",
    """CREATE TRIGGER history_fact_refuse_update BEFORE UPDATE ON history_fact BEGIN SELECT RAISE(ABORT, 'rows of history_fact are never changed'); END""",
    """CREATE TRIGGER history_fact_refuse_delete BEFORE DELETE ON history_fact BEGIN SELECT RAISE(ABORT, 'rows of history_fact are never changed'); END""",
    """CREATE TRIGGER on_call_shift_one_per_rung_insert BEFORE INSERT ON on_call_shift WHEN NEW.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM on_call_shift WHERE cancelled_at IS NULL AND rung = NEW.rung AND id <> NEW.id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'on_call_shift_one_per_rung'); END""",
    """CREATE TRIGGER on_call_shift_one_per_rung_update BEFORE UPDATE ON on_call_shift WHEN NEW.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM on_call_shift WHERE cancelled_at IS NULL AND rung = NEW.rung AND id <> NEW.id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'on_call_shift_one_per_rung'); END""",
    """CREATE TRIGGER own_words_refuse_update BEFORE UPDATE ON own_words BEGIN SELECT RAISE(ABORT, 'rows of own_words are never changed'); END""",
    """CREATE TRIGGER own_words_refuse_delete BEFORE DELETE ON own_words BEGIN SELECT RAISE(ABORT, 'rows of own_words are never changed'); END""",
    """CREATE TRIGGER relapse_plan_refuse_update BEFORE UPDATE ON relapse_plan BEGIN SELECT RAISE(ABORT, 'rows of relapse_plan are never changed'); END""",
    """CREATE TRIGGER relapse_plan_refuse_delete BEFORE DELETE ON relapse_plan BEGIN SELECT RAISE(ABORT, 'rows of relapse_plan are never changed'); END""",
    """CREATE TRIGGER safety_plan_refuse_update BEFORE UPDATE ON safety_plan WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of safety_plan are never changed'); END""",
    """CREATE TRIGGER safety_plan_refuse_delete BEFORE DELETE ON safety_plan WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of safety_plan are never changed'); END""",
    """CREATE TRIGGER site_decision_refuse_update BEFORE UPDATE ON site_decision BEGIN SELECT RAISE(ABORT, 'rows of site_decision are never changed'); END""",
    """CREATE TRIGGER site_decision_refuse_delete BEFORE DELETE ON site_decision BEGIN SELECT RAISE(ABORT, 'rows of site_decision are never changed'); END""",
    """CREATE TRIGGER staff_hours_refuse_update BEFORE UPDATE ON staff_hours BEGIN SELECT RAISE(ABORT, 'rows of staff_hours are never changed'); END""",
    """CREATE TRIGGER staff_hours_refuse_delete BEFORE DELETE ON staff_hours BEGIN SELECT RAISE(ABORT, 'rows of staff_hours are never changed'); END""",
    """CREATE TRIGGER staff_leave_no_overlap_insert BEFORE INSERT ON staff_leave WHEN NEW.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM staff_leave WHERE cancelled_at IS NULL AND user_id = NEW.user_id AND id <> NEW.id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'staff_leave_no_overlap'); END""",
    """CREATE TRIGGER staff_leave_no_overlap_update BEFORE UPDATE ON staff_leave WHEN NEW.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM staff_leave WHERE cancelled_at IS NULL AND user_id = NEW.user_id AND id <> NEW.id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'staff_leave_no_overlap'); END""",
    """CREATE TRIGGER substance_use_refuse_update BEFORE UPDATE ON substance_use BEGIN SELECT RAISE(ABORT, 'rows of substance_use are never changed'); END""",
    """CREATE TRIGGER substance_use_refuse_delete BEFORE DELETE ON substance_use BEGIN SELECT RAISE(ABORT, 'rows of substance_use are never changed'); END""",
    """CREATE TRIGGER assessment_section_refuse_update BEFORE UPDATE ON assessment_section WHEN EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id AND signed_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'sections of a signed assessment are never changed'); END""",
    """CREATE TRIGGER assessment_section_refuse_delete BEFORE DELETE ON assessment_section WHEN EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id AND signed_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'sections of a signed assessment are never changed'); END""",
    """CREATE TRIGGER consent_event_refuse_update BEFORE UPDATE ON consent_event BEGIN SELECT RAISE(ABORT, 'rows of consent_event are never changed'); END""",
    """CREATE TRIGGER consent_event_refuse_delete BEFORE DELETE ON consent_event BEGIN SELECT RAISE(ABORT, 'rows of consent_event are never changed'); END""",
    """CREATE TRIGGER placement_refuse_update BEFORE UPDATE ON placement BEGIN SELECT RAISE(ABORT, 'rows of placement are never changed'); END""",
    """CREATE TRIGGER placement_refuse_delete BEFORE DELETE ON placement BEGIN SELECT RAISE(ABORT, 'rows of placement are never changed'); END""",
    """CREATE TRIGGER referral_call_refuse_update BEFORE UPDATE ON referral_call BEGIN SELECT RAISE(ABORT, 'rows of referral_call are never changed'); END""",
    """CREATE TRIGGER referral_call_refuse_delete BEFORE DELETE ON referral_call BEGIN SELECT RAISE(ABORT, 'rows of referral_call are never changed'); END""",
    """CREATE TRIGGER safety_plan_copy_refuse_update BEFORE UPDATE ON safety_plan_copy BEGIN SELECT RAISE(ABORT, 'rows of safety_plan_copy are never changed'); END""",
    """CREATE TRIGGER safety_plan_copy_refuse_delete BEFORE DELETE ON safety_plan_copy BEGIN SELECT RAISE(ABORT, 'rows of safety_plan_copy are never changed'); END""",
    """CREATE TRIGGER work_event_refuse_update BEFORE UPDATE ON work_event BEGIN SELECT RAISE(ABORT, 'rows of work_event are never changed'); END""",
    """CREATE TRIGGER work_event_refuse_delete BEFORE DELETE ON work_event BEGIN SELECT RAISE(ABORT, 'rows of work_event are never changed'); END""",
    """CREATE TRIGGER attendance_refuse_update BEFORE UPDATE ON attendance BEGIN SELECT RAISE(ABORT, 'rows of attendance are never changed'); END""",
    """CREATE TRIGGER attendance_refuse_delete BEFORE DELETE ON attendance BEGIN SELECT RAISE(ABORT, 'rows of attendance are never changed'); END""",
    """CREATE TRIGGER booking_no_overlap_insert BEFORE INSERT ON booking WHEN EXISTS (SELECT 1 FROM booking WHERE resource_kind = NEW.resource_kind AND resource_id = NEW.resource_id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at AND id <> NEW.id) BEGIN SELECT RAISE(ABORT, 'booking_no_overlap'); END""",
    """CREATE TRIGGER booking_no_overlap_update BEFORE UPDATE ON booking WHEN EXISTS (SELECT 1 FROM booking WHERE resource_kind = NEW.resource_kind AND resource_id = NEW.resource_id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at AND id <> NEW.id) BEGIN SELECT RAISE(ABORT, 'booking_no_overlap'); END""",
    """CREATE TRIGGER discharge_refuse_update BEFORE UPDATE ON discharge BEGIN SELECT RAISE(ABORT, 'rows of discharge are never changed'); END""",
    """CREATE TRIGGER discharge_refuse_delete BEFORE DELETE ON discharge BEGIN SELECT RAISE(ABORT, 'rows of discharge are never changed'); END""",
    """CREATE TRIGGER note_refuse_update BEFORE UPDATE ON note WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of note are never changed'); END""",
    """CREATE TRIGGER note_refuse_delete BEFORE DELETE ON note WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of note are never changed'); END""",
    """CREATE TRIGGER check_in_answer_refuse_update BEFORE UPDATE ON check_in_answer BEGIN SELECT RAISE(ABORT, 'rows of check_in_answer are never changed'); END""",
    """CREATE TRIGGER check_in_answer_refuse_delete BEFORE DELETE ON check_in_answer BEGIN SELECT RAISE(ABORT, 'rows of check_in_answer are never changed'); END""",
]
POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER audit_entry_refuse_row BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER audit_entry_refuse_all BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER instrument_wording_refuse_row BEFORE UPDATE OR DELETE ON instrument_wording FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER instrument_wording_refuse_all BEFORE TRUNCATE ON instrument_wording FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER administration_refuse_row BEFORE UPDATE OR DELETE ON administration FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER assessment_refuse_signed BEFORE UPDATE OR DELETE ON assessment FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER clinic_setting_refuse_row BEFORE UPDATE OR DELETE ON clinic_setting FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER clinic_setting_refuse_all BEFORE TRUNCATE ON clinic_setting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER details_correction_refuse_row BEFORE UPDATE OR DELETE ON details_correction FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER details_correction_refuse_all BEFORE TRUNCATE ON details_correction FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER history_fact_refuse_row BEFORE UPDATE OR DELETE ON history_fact FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER history_fact_refuse_all BEFORE TRUNCATE ON history_fact FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """ALTER TABLE on_call_shift ADD CONSTRAINT on_call_shift_one_per_rung EXCLUDE USING gist (int4range(rung, rung, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE (cancelled_at IS NULL)""",
    """CREATE TRIGGER own_words_refuse_row BEFORE UPDATE OR DELETE ON own_words FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER own_words_refuse_all BEFORE TRUNCATE ON own_words FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER relapse_plan_refuse_row BEFORE UPDATE OR DELETE ON relapse_plan FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER relapse_plan_refuse_all BEFORE TRUNCATE ON relapse_plan FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER safety_plan_refuse_row BEFORE UPDATE OR DELETE ON safety_plan FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER site_decision_refuse_row BEFORE UPDATE OR DELETE ON site_decision FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER site_decision_refuse_all BEFORE TRUNCATE ON site_decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER staff_hours_refuse_row BEFORE UPDATE OR DELETE ON staff_hours FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER staff_hours_refuse_all BEFORE TRUNCATE ON staff_hours FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE EXTENSION IF NOT EXISTS btree_gist""",
    """ALTER TABLE staff_leave ADD CONSTRAINT staff_leave_no_overlap EXCLUDE USING gist (user_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (cancelled_at IS NULL)""",
    """CREATE TRIGGER substance_use_refuse_row BEFORE UPDATE OR DELETE ON substance_use FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER substance_use_refuse_all BEFORE TRUNCATE ON substance_use FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE OR REPLACE FUNCTION assessment_section_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id AND signed_at IS NOT NULL) THEN RAISE EXCEPTION 'sections of a signed assessment are never changed'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER assessment_section_refuse_row BEFORE UPDATE OR DELETE ON assessment_section FOR EACH ROW EXECUTE FUNCTION assessment_section_refuse()""",
    """CREATE TRIGGER consent_event_refuse_row BEFORE UPDATE OR DELETE ON consent_event FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER consent_event_refuse_all BEFORE TRUNCATE ON consent_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER placement_refuse_row BEFORE UPDATE OR DELETE ON placement FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER placement_refuse_all BEFORE TRUNCATE ON placement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER referral_call_refuse_row BEFORE UPDATE OR DELETE ON referral_call FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER referral_call_refuse_all BEFORE TRUNCATE ON referral_call FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER safety_plan_copy_refuse_row BEFORE UPDATE OR DELETE ON safety_plan_copy FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER safety_plan_copy_refuse_all BEFORE TRUNCATE ON safety_plan_copy FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER work_event_refuse_row BEFORE UPDATE OR DELETE ON work_event FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER work_event_refuse_all BEFORE TRUNCATE ON work_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER attendance_refuse_row BEFORE UPDATE OR DELETE ON attendance FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER attendance_refuse_all BEFORE TRUNCATE ON attendance FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """ALTER TABLE booking ADD CONSTRAINT booking_no_overlap EXCLUDE USING gist (resource_kind WITH =, resource_id WITH =, tstzrange(starts_at, ends_at) WITH &&)""",
    """CREATE TRIGGER discharge_refuse_row BEFORE UPDATE OR DELETE ON discharge FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER discharge_refuse_all BEFORE TRUNCATE ON discharge FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER note_refuse_row BEFORE UPDATE OR DELETE ON note FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER check_in_answer_refuse_row BEFORE UPDATE OR DELETE ON check_in_answer FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER check_in_answer_refuse_all BEFORE TRUNCATE ON check_in_answer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
]


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "user",
                "patient_link",
                "public",
                "provider",
                "command",
                "task",
                name="actorkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("patient_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("changes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER audit_entry_refuse_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'rows of audit_entry are never changed'); END",
                    "CREATE TRIGGER audit_entry_refuse_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'rows of audit_entry are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER audit_entry_refuse_row BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER audit_entry_refuse_all BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(op.f("ix_audit_entry_actor_id_at"), "audit_entry", ["actor_id", "at"], unique=False)
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_table(
        "engine_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_count")),
        sa.UniqueConstraint("name", name=op.f("uq_engine_count_name")),
    )
    op.create_table(
        "flood_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flood_count")),
        sa.UniqueConstraint("place", name=op.f("uq_flood_count_place")),
    )
    op.create_index(op.f("ix_flood_count_window_at"), "flood_count", ["window_at"], unique=False)
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
        sa.UniqueConstraint("name", name=op.f("uq_heartbeat_name")),
    )
    op.create_table(
        "inbound_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("provider_message_id", sa.Text(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("patient_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handler", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (handler IS NULL)", name=op.f("ck_inbound_message_applied_by_handler")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_message")),
        sa.UniqueConstraint(
            "provider", "provider_message_id", name=op.f("uq_inbound_message_provider_provider_message_id")
        ),
    )
    op.create_index(
        op.f("ix_inbound_message_number_index"), "inbound_message", ["number_index"], unique=False
    )
    op.create_index(
        "ix_inbound_message_waiting",
        "inbound_message",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("applied_at IS NULL"),
        postgresql_where=sa.text("applied_at IS NULL"),
    )
    op.create_table(
        "instrument_wording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_wording")),
        sa.UniqueConstraint(
            "instrument_id", "version", name=op.f("uq_instrument_wording_instrument_id_version")
        ),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER instrument_wording_refuse_update BEFORE UPDATE ON instrument_wording BEGIN SELECT RAISE(ABORT, 'rows of instrument_wording are never changed'); END",
                    "CREATE TRIGGER instrument_wording_refuse_delete BEFORE DELETE ON instrument_wording BEGIN SELECT RAISE(ABORT, 'rows of instrument_wording are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER instrument_wording_refuse_row BEFORE UPDATE OR DELETE ON instrument_wording FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER instrument_wording_refuse_all BEFORE TRUNCATE ON instrument_wording FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_table(
        "provider_health",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column(
            "family",
            sa.Enum(
                "connection", "throttle", "server", "account", name="family", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("closed", "open", "half_open", name="breaker", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state = 'closed' OR retry_at IS NOT NULL", name=op.f("ck_provider_health_open_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_health")),
        sa.UniqueConstraint("provider", "family", name=op.f("uq_provider_health_provider_family")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("provider_message_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("error", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_applied", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "not_applied IS NULL OR handled_at IS NOT NULL", name=op.f("ck_receipt_reason_when_handled")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("provider", "dedupe_key", name=op.f("uq_receipt_provider_dedupe_key")),
    )
    op.create_index(op.f("ix_receipt_message_id"), "receipt", ["message_id"], unique=False)
    op.create_index(
        "ix_receipt_waiting",
        "receipt",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("handled_at IS NULL"),
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("account", "address", name="counted", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_sign_in_attempt_kind_key")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("name", name=op.f("uq_site_name")),
    )
    op.create_table(
        "submitted_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submitted_form")),
    )
    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_number", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("called_name", sa.Text(), nullable=True),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("family_sound", sa.Text(), nullable=False),
        sa.Column("pronouns", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("female", "male", "unknown", name="sex", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deceased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("birth_date >= '1900-01-01'", name=op.f("ck_patient_birth_date_possible")),
        sa.CheckConstraint(
            "length(family_name) BETWEEN 1 AND 120", name=op.f("ck_patient_family_name_length")
        ),
        sa.CheckConstraint("length(given_name) BETWEEN 1 AND 120", name=op.f("ck_patient_given_name_length")),
        sa.CheckConstraint("length(record_number) = 8", name=op.f("ck_patient_record_number_length")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_patient_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("record_number", name=op.f("uq_patient_record_number")),
    )
    op.create_index(
        op.f("ix_patient_birth_date_family_sound"), "patient", ["birth_date", "family_sound"], unique=False
    )
    op.create_index(op.f("ix_patient_family_sound_id"), "patient", ["family_sound", "id"], unique=False)
    op.create_table(
        "room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_room_capacity")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_room_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_room_site_id_name")),
    )
    op.create_table(
        "staff_user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sign_in_name", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "coordinator",
                "nurse",
                "therapist",
                "prescriber",
                "supervisor",
                "desk",
                "privacy",
                "administrator",
                "peer",
                name="role",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("charge_nurse", sa.Boolean(), nullable=False),
        sa.Column("trainee", sa.Boolean(), nullable=False),
        sa.Column("facilitator", sa.Boolean(), nullable=False),
        sa.Column("manager", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "sign_in_name = lower(sign_in_name) AND sign_in_name <> ''",
            name=op.f("ck_staff_user_sign_in_name_lower"),
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["staff_user.id"], name=op.f("fk_staff_user_changed_by")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_staff_user_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_user")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_staff_user_sign_in_name")),
    )
    op.create_index(
        op.f("ix_staff_user_phone_index"),
        "staff_user",
        ["phone_index"],
        unique=True,
        sqlite_where=sa.text("disabled_at IS NULL"),
        postgresql_where=sa.text("disabled_at IS NULL"),
    )
    op.create_index(op.f("ix_staff_user_site_id"), "staff_user", ["site_id"], unique=False)
    op.create_table(
        "administration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Text(), nullable=False),
        sa.Column("instrument_version", sa.Text(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("measured_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("occasion_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("context", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "scores",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "bands",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "band_set",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("flags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("respondent", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("wording_id", sa.Uuid(), nullable=True),
        sa.Column("amends_id", sa.Uuid(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(amends_id IS NULL) = (edition = 1)", name=op.f("ck_administration_amendment_has_edition")
        ),
        sa.CheckConstraint(
            "(amends_id IS NULL) = (reason_sealed IS NULL)",
            name=op.f("ck_administration_amendment_has_reason"),
        ),
        sa.CheckConstraint(
            "(completed_at IS NULL) = (scores IS NULL)", name=op.f("ck_administration_completed_has_scores")
        ),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (signed_by IS NULL)", name=op.f("ck_administration_signed_by_somebody")
        ),
        sa.CheckConstraint(
            "amends_id IS NULL OR signed_at IS NOT NULL", name=op.f("ck_administration_amendment_is_signed")
        ),
        sa.CheckConstraint(
            "signed_at IS NULL OR completed_at IS NOT NULL",
            name=op.f("ck_administration_signed_is_completed"),
        ),
        sa.ForeignKeyConstraint(
            ["amends_id"], ["administration.id"], name=op.f("fk_administration_amends_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_administration_patient_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["staff_user.id"], name=op.f("fk_administration_recorded_by")
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["staff_user.id"], name=op.f("fk_administration_signed_by")),
        sa.ForeignKeyConstraint(
            ["wording_id"], ["instrument_wording.id"], name=op.f("fk_administration_wording_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administration")),
        sa.UniqueConstraint("amends_id", "edition", name=op.f("uq_administration_amends_id_edition")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER administration_refuse_update BEFORE UPDATE ON administration WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of administration are never changed'); END",
                    "CREATE TRIGGER administration_refuse_delete BEFORE DELETE ON administration WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of administration are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER administration_refuse_row BEFORE UPDATE OR DELETE ON administration FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(
        op.f("ix_administration_patient_id_instrument_id_observed_at"),
        "administration",
        ["patient_id", "instrument_id", "observed_at"],
        unique=False,
    )
    op.create_index(
        "uq_administration_open",
        "administration",
        ["patient_id", "instrument_id"],
        unique=True,
        sqlite_where=sa.text("signed_at IS NULL"),
        postgresql_where=sa.text("signed_at IS NULL"),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("amends_id", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(amends_id IS NULL) = (reason_sealed IS NULL)", name=op.f("ck_assessment_amendment_has_reason")
        ),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (signed_by IS NULL)", name=op.f("ck_assessment_signed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["amends_id"], ["assessment.id"], name=op.f("fk_assessment_amends_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_assessment_patient_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["staff_user.id"], name=op.f("fk_assessment_signed_by")),
        sa.ForeignKeyConstraint(["started_by"], ["staff_user.id"], name=op.f("fk_assessment_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("amends_id", name=op.f("uq_assessment_amends_id")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER assessment_refuse_signed_update BEFORE UPDATE ON assessment WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of assessment are never changed'); END",
                    "CREATE TRIGGER assessment_refuse_signed_delete BEFORE DELETE ON assessment WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of assessment are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER assessment_refuse_signed BEFORE UPDATE OR DELETE ON assessment FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(
        op.f("ix_assessment_patient_id_started_at"), "assessment", ["patient_id", "started_at"], unique=False
    )
    op.create_index(
        "uq_assessment_open",
        "assessment",
        ["patient_id"],
        unique=True,
        sqlite_where=sa.text("signed_at IS NULL"),
        postgresql_where=sa.text("signed_at IS NULL"),
    )
    op.create_table(
        "channel_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel", sa.Enum("sms", "email", name="channel", native_enum=False, length=32), nullable=False
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_channel_consent_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_consent")),
        sa.UniqueConstraint("patient_id", "channel", name=op.f("uq_channel_consent_patient_id_channel")),
    )
    op.create_table(
        "clinic_setting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_clinic_setting_version")),
        sa.ForeignKeyConstraint(["changed_by"], ["staff_user.id"], name=op.f("fk_clinic_setting_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_setting")),
        sa.UniqueConstraint("version", name=op.f("uq_clinic_setting_version")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER clinic_setting_refuse_update BEFORE UPDATE ON clinic_setting BEGIN SELECT RAISE(ABORT, 'rows of clinic_setting are never changed'); END",
                    "CREATE TRIGGER clinic_setting_refuse_delete BEFORE DELETE ON clinic_setting BEGIN SELECT RAISE(ABORT, 'rows of clinic_setting are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER clinic_setting_refuse_row BEFORE UPDATE OR DELETE ON clinic_setting FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER clinic_setting_refuse_all BEFORE TRUNCATE ON clinic_setting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(op.f("ix_clinic_setting_key"), "clinic_setting", ["key"], unique=False)
    op.create_table(
        "contact_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind", sa.Enum("phone", "email", name="pointkind", native_enum=False, length=32), nullable=False
        ),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("value_index", sa.LargeBinary(), nullable=False),
        sa.Column("may_voicemail", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_contact_point_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_contact_point_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
    )
    op.create_index(op.f("ix_contact_point_patient_id"), "contact_point", ["patient_id"], unique=False)
    op.create_index(op.f("ix_contact_point_value_index"), "contact_point", ["value_index"], unique=False)
    op.create_index(
        "uq_contact_point_in_use",
        "contact_point",
        ["patient_id", "value_index"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "details_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changes_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("corrected_by", sa.Uuid(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrected_by"], ["staff_user.id"], name=op.f("fk_details_correction_corrected_by")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_details_correction_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_details_correction")),
        sa.UniqueConstraint("patient_id", "version", name=op.f("uq_details_correction_patient_id_version")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER details_correction_refuse_update BEFORE UPDATE ON details_correction BEGIN SELECT RAISE(ABORT, 'rows of details_correction are never changed'); END",
                    "CREATE TRIGGER details_correction_refuse_delete BEFORE DELETE ON details_correction BEGIN SELECT RAISE(ABORT, 'rows of details_correction are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER details_correction_refuse_row BEFORE UPDATE OR DELETE ON details_correction FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER details_correction_refuse_all BEFORE TRUNCATE ON details_correction FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_table(
        "episode",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_contact_on", sa.Date(), nullable=True),
        sa.Column("next_contact_time", sa.Time(), nullable=True),
        sa.Column("next_contact_zone", sa.Text(), nullable=True),
        sa.Column(
            "next_contact_kind",
            sa.Enum("visit", "call", "session", "check_in", name="contactkind", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "closed_at IS NOT NULL OR (next_contact_at IS NOT NULL AND next_contact_on IS NOT NULL AND next_contact_time IS NOT NULL AND next_contact_zone IS NOT NULL AND next_contact_kind IS NOT NULL)",
            name=op.f("ck_episode_open_has_next_contact"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["staff_user.id"], name=op.f("fk_episode_owner_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_episode_patient_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_episode_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
    )
    op.create_index(
        op.f("ix_episode_owner_id"),
        "episode",
        ["owner_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_episode_patient_id"), "episode", ["patient_id"], unique=False)
    op.create_index(
        "uq_episode_open",
        "episode",
        ["patient_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "history_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pregnancy",
                "allergy",
                "naloxone",
                "seizure_history",
                name="factkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("detail_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(replaces_id IS NULL) = (reason_sealed IS NULL)",
            name=op.f("ck_history_fact_correction_has_reason"),
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_history_fact_patient_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff_user.id"], name=op.f("fk_history_fact_recorded_by")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["history_fact.id"], name=op.f("fk_history_fact_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_fact")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_history_fact_replaces_id")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER history_fact_refuse_update BEFORE UPDATE ON history_fact BEGIN SELECT RAISE(ABORT, 'rows of history_fact are never changed'); END",
                    "CREATE TRIGGER history_fact_refuse_delete BEFORE DELETE ON history_fact BEGIN SELECT RAISE(ABORT, 'rows of history_fact are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER history_fact_refuse_row BEFORE UPDATE OR DELETE ON history_fact FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER history_fact_refuse_all BEFORE TRUNCATE ON history_fact FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(
        op.f("ix_history_fact_patient_id_kind"), "history_fact", ["patient_id", "kind"], unique=False
    )
    op.create_table(
        "kept_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("fields_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_kept_draft_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_draft")),
        sa.UniqueConstraint("user_id", "address", name=op.f("uq_kept_draft_user_id_address")),
    )
    op.create_index(op.f("ix_kept_draft_expires_at"), "kept_draft", ["expires_at"], unique=False)
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("fields_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_kept_form_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_expires_at"), "kept_form", ["expires_at"], unique=False)
    op.create_index(op.f("ix_kept_form_user_id"), "kept_form", ["user_id"], unique=False)
    op.create_table(
        "on_call_shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends_date", sa.Date(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by", sa.Uuid(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_by", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_on_call_shift_ends_after_start")),
        sa.CheckConstraint("rung BETWEEN 1 AND 3", name=op.f("ck_on_call_shift_rung")),
        sa.ForeignKeyConstraint(
            ["cancelled_by"], ["staff_user.id"], name=op.f("fk_on_call_shift_cancelled_by")
        ),
        sa.ForeignKeyConstraint(["planned_by"], ["staff_user.id"], name=op.f("fk_on_call_shift_planned_by")),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_on_call_shift_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call_shift")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER on_call_shift_one_per_rung_insert BEFORE INSERT ON on_call_shift WHEN NEW.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM on_call_shift WHERE cancelled_at IS NULL AND rung = NEW.rung AND id <> NEW.id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'on_call_shift_one_per_rung'); END",
                    "CREATE TRIGGER on_call_shift_one_per_rung_update BEFORE UPDATE ON on_call_shift WHEN NEW.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM on_call_shift WHERE cancelled_at IS NULL AND rung = NEW.rung AND id <> NEW.id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'on_call_shift_one_per_rung'); END",
                ],
                "postgresql": [
                    "ALTER TABLE on_call_shift ADD CONSTRAINT on_call_shift_one_per_rung EXCLUDE USING gist (int4range(rung, rung, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE (cancelled_at IS NULL)"
                ],
            }
        },
    )
    op.create_index(op.f("ix_on_call_shift_ends_at"), "on_call_shift", ["ends_at"], unique=False)
    op.create_index(op.f("ix_on_call_shift_user_id"), "on_call_shift", ["user_id"], unique=False)
    op.create_table(
        "own_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel", sa.Enum("sms", "email", name="channel", native_enum=False, length=32), nullable=False
        ),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("link_words", sa.Text(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(subject IS NOT NULL) = (channel = 'email' AND text IS NOT NULL)",
            name=op.f("ck_own_words_letter_has_subject"),
        ),
        sa.CheckConstraint(
            "link_words IS NULL OR subject IS NOT NULL", name=op.f("ck_own_words_link_words_of_letter")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["staff_user.id"], name=op.f("fk_own_words_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_words")),
        sa.UniqueConstraint(
            "channel",
            "template",
            "language",
            "version",
            name=op.f("uq_own_words_channel_template_language_version"),
        ),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER own_words_refuse_update BEFORE UPDATE ON own_words BEGIN SELECT RAISE(ABORT, 'rows of own_words are never changed'); END",
                    "CREATE TRIGGER own_words_refuse_delete BEFORE DELETE ON own_words BEGIN SELECT RAISE(ABORT, 'rows of own_words are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER own_words_refuse_row BEFORE UPDATE OR DELETE ON own_words FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER own_words_refuse_all BEFORE TRUNCATE ON own_words FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("person", "relative", "professional", name="source", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("person_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("texts_safe", sa.Boolean(), nullable=False),
        sa.Column("voicemail_safe", sa.Boolean(), nullable=False),
        sa.Column("urgencies", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.LargeBinary(), nullable=True),
        sa.Column("first_reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum("open", "registered", "closed", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "close_reason",
            sa.Enum(
                "not_wanted",
                "elsewhere",
                "not_reached",
                "double",
                name="closereason",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (close_reason IS NOT NULL)", name=op.f("ck_referral_closed_has_reason")
        ),
        sa.CheckConstraint(
            "(state = 'registered') = (patient_id IS NOT NULL)",
            name=op.f("ck_referral_registered_has_patient"),
        ),
        sa.CheckConstraint("due_at >= received_at", name=op.f("ck_referral_due_after_received")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff_user.id"], name=op.f("fk_referral_ended_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_referral_patient_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_referral_site_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff_user.id"], name=op.f("fk_referral_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(
        op.f("ix_referral_origin_received_at"), "referral", ["origin", "received_at"], unique=False
    )
    op.create_index(op.f("ix_referral_patient_id"), "referral", ["patient_id"], unique=False)
    op.create_index(
        op.f("ix_referral_site_id_due_at"),
        "referral",
        ["site_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "relapse_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("parts_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(n = 1) = (reason_sealed IS NULL)", name=op.f("ck_relapse_plan_revision_has_reason")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_relapse_plan_patient_id")),
        sa.ForeignKeyConstraint(["written_by"], ["staff_user.id"], name=op.f("fk_relapse_plan_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relapse_plan")),
        sa.UniqueConstraint("patient_id", "n", name=op.f("uq_relapse_plan_patient_id_n")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER relapse_plan_refuse_update BEFORE UPDATE ON relapse_plan BEGIN SELECT RAISE(ABORT, 'rows of relapse_plan are never changed'); END",
                    "CREATE TRIGGER relapse_plan_refuse_delete BEFORE DELETE ON relapse_plan BEGIN SELECT RAISE(ABORT, 'rows of relapse_plan are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER relapse_plan_refuse_row BEFORE UPDATE OR DELETE ON relapse_plan FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER relapse_plan_refuse_all BEFORE TRUNCATE ON relapse_plan FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_table(
        "relation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "intake",
                "owner",
                "supervision",
                "unit",
                "care",
                "desk",
                "group",
                "countersign",
                name="relationkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_relation_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_relation_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
    )
    op.create_index(
        op.f("ix_relation_patient_id_subject_id_kind"),
        "relation",
        ["patient_id", "subject_id", "kind"],
        unique=False,
    )
    op.create_index(op.f("ix_relation_subject_id_kind"), "relation", ["subject_id", "kind"], unique=False)
    op.create_index(
        "uq_relation_current",
        "relation",
        ["patient_id", "kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("ends_at IS NULL"),
        postgresql_where=sa.text("ends_at IS NULL"),
    )
    op.create_table(
        "safety_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "means",
            sa.Enum("filled", "declined", "open", name="means", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("means_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "agreement",
            sa.Enum("agreed", "refused", name="agreement", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("signed_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("refusal_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "agreement <> 'agreed' OR signed_name_sealed IS NOT NULL",
            name=op.f("ck_safety_plan_agreed_with_name"),
        ),
        sa.CheckConstraint(
            "agreement <> 'refused' OR refusal_sealed IS NOT NULL",
            name=op.f("ck_safety_plan_refused_with_reason"),
        ),
        sa.CheckConstraint(
            "signed_at IS NULL OR means <> 'declined' OR means_reason_sealed IS NOT NULL",
            name=op.f("ck_safety_plan_declined_with_reason"),
        ),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (signed_by IS NULL) AND (signed_at IS NULL) = (agreement IS NULL)",
            name=op.f("ck_safety_plan_signed_by_both"),
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_safety_plan_patient_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["staff_user.id"], name=op.f("fk_safety_plan_signed_by")),
        sa.ForeignKeyConstraint(["written_by"], ["staff_user.id"], name=op.f("fk_safety_plan_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_plan")),
        sa.UniqueConstraint("patient_id", "n", name=op.f("uq_safety_plan_patient_id_n")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER safety_plan_refuse_update BEFORE UPDATE ON safety_plan WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of safety_plan are never changed'); END",
                    "CREATE TRIGGER safety_plan_refuse_delete BEFORE DELETE ON safety_plan WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of safety_plan are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER safety_plan_refuse_row BEFORE UPDATE OR DELETE ON safety_plan FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0 AND minutes BETWEEN 5 AND 480", name=op.f("ck_series_size")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_series_weekday")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_series_room_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_series_site_id")),
        sa.ForeignKeyConstraint(["therapist_id"], ["staff_user.id"], name=op.f("fk_series_therapist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_site_id"), "series", ["site_id"], unique=False)
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "signed_out",
                "idle",
                "limit",
                "disabled",
                "by_administrator",
                "changed",
                name="end",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_sign_in_session_end_has_reason")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_sign_in_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_session_user_id"), "sign_in_session", ["user_id"], unique=False)
    op.create_table(
        "site_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["staff_user.id"], name=op.f("fk_site_decision_changed_by")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_decision_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_decision")),
        sa.UniqueConstraint("site_id", "version", name=op.f("uq_site_decision_site_id_version")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER site_decision_refuse_update BEFORE UPDATE ON site_decision BEGIN SELECT RAISE(ABORT, 'rows of site_decision are never changed'); END",
                    "CREATE TRIGGER site_decision_refuse_delete BEFORE DELETE ON site_decision BEGIN SELECT RAISE(ABORT, 'rows of site_decision are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER site_decision_refuse_row BEFORE UPDATE OR DELETE ON site_decision FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER site_decision_refuse_all BEFORE TRUNCATE ON site_decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_table(
        "staff_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hours", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["staff_user.id"], name=op.f("fk_staff_hours_changed_by")),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_staff_hours_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_hours")),
        sa.UniqueConstraint("user_id", "version", name=op.f("uq_staff_hours_user_id_version")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER staff_hours_refuse_update BEFORE UPDATE ON staff_hours BEGIN SELECT RAISE(ABORT, 'rows of staff_hours are never changed'); END",
                    "CREATE TRIGGER staff_hours_refuse_delete BEFORE DELETE ON staff_hours BEGIN SELECT RAISE(ABORT, 'rows of staff_hours are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER staff_hours_refuse_row BEFORE UPDATE OR DELETE ON staff_hours FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER staff_hours_refuse_all BEFORE TRUNCATE ON staff_hours FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_table(
        "staff_leave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("cover_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by", sa.Uuid(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_by", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cover_id <> user_id", name=op.f("ck_staff_leave_cover_is_another")),
        sa.CheckConstraint(
            "ends_on >= starts_on AND ends_at > starts_at", name=op.f("ck_staff_leave_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["cancelled_by"], ["staff_user.id"], name=op.f("fk_staff_leave_cancelled_by")
        ),
        sa.ForeignKeyConstraint(["cover_id"], ["staff_user.id"], name=op.f("fk_staff_leave_cover_id")),
        sa.ForeignKeyConstraint(["planned_by"], ["staff_user.id"], name=op.f("fk_staff_leave_planned_by")),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_staff_leave_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_leave")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER staff_leave_no_overlap_insert BEFORE INSERT ON staff_leave WHEN NEW.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM staff_leave WHERE cancelled_at IS NULL AND user_id = NEW.user_id AND id <> NEW.id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'staff_leave_no_overlap'); END",
                    "CREATE TRIGGER staff_leave_no_overlap_update BEFORE UPDATE ON staff_leave WHEN NEW.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM staff_leave WHERE cancelled_at IS NULL AND user_id = NEW.user_id AND id <> NEW.id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'staff_leave_no_overlap'); END",
                ],
                "postgresql": [
                    "CREATE EXTENSION IF NOT EXISTS btree_gist",
                    "ALTER TABLE staff_leave ADD CONSTRAINT staff_leave_no_overlap EXCLUDE USING gist (user_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (cancelled_at IS NULL)",
                ],
            }
        },
    )
    op.create_index(op.f("ix_staff_leave_cover_id"), "staff_leave", ["cover_id"], unique=False)
    op.create_index(op.f("ix_staff_leave_ends_at"), "staff_leave", ["ends_at"], unique=False)
    op.create_index(op.f("ix_staff_leave_user_id"), "staff_leave", ["user_id"], unique=False)
    op.create_table(
        "substance_use",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "substance",
            sa.Enum(
                "heroin",
                "fentanyl",
                "short_acting_opioid",
                "long_acting_opioid",
                "methadone",
                "buprenorphine",
                "alcohol",
                "benzodiazepine",
                "cocaine",
                "methamphetamine",
                "cannabis",
                "other",
                name="substance",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "route",
            sa.Enum(
                "swallowed",
                "smoked",
                "snorted",
                "injected",
                "under_tongue",
                "patch",
                "depot",
                "not_known",
                name="route",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("last_use_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "precision",
            sa.Enum("exact", "about", "unknown", name="precision", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(last_use_at IS NULL) = (precision = 'unknown')", name=op.f("ck_substance_use_time_or_unknown")
        ),
        sa.CheckConstraint(
            "last_use_at IS NULL OR last_use_at <= recorded_at",
            name=op.f("ck_substance_use_not_in_the_future"),
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_substance_use_patient_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["staff_user.id"], name=op.f("fk_substance_use_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substance_use")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER substance_use_refuse_update BEFORE UPDATE ON substance_use BEGIN SELECT RAISE(ABORT, 'rows of substance_use are never changed'); END",
                    "CREATE TRIGGER substance_use_refuse_delete BEFORE DELETE ON substance_use BEGIN SELECT RAISE(ABORT, 'rows of substance_use are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER substance_use_refuse_row BEFORE UPDATE OR DELETE ON substance_use FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER substance_use_refuse_all BEFORE TRUNCATE ON substance_use FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(
        op.f("ix_substance_use_patient_id_substance"),
        "substance_use",
        ["patient_id", "substance"],
        unique=False,
    )
    op.create_table(
        "support_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("relationship", sa.Text(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("may_be_told", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("agreed_until", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_support_person_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_person")),
    )
    op.create_index(op.f("ix_support_person_patient_id"), "support_person", ["patient_id"], unique=False)
    op.create_table(
        "work_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("acute", "high", "moderate", "low", "none", name="level", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "reached",
                "no_answer",
                "voicemail",
                "wrong_number",
                "emergency",
                "done",
                "not_needed",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_work_item_closed_with_outcome")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["staff_user.id"], name=op.f("fk_work_item_closed_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff_user.id"], name=op.f("fk_work_item_owner_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_work_item_patient_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_work_item_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
        sa.UniqueConstraint(
            "kind", "subject_kind", "subject_id", name=op.f("uq_work_item_kind_subject_kind_subject_id")
        ),
    )
    op.create_index(
        op.f("ix_work_item_kind_site_id_owner_id"),
        "work_item",
        ["kind", "site_id", "owner_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        op.f("ix_work_item_owner_id_due_at"),
        "work_item",
        ["owner_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_work_item_patient_id"), "work_item", ["patient_id"], unique=False)
    op.create_index(
        op.f("ix_work_item_site_id"),
        "work_item",
        ["site_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "assessment_section",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "section",
            sa.Enum("safety", "substances", "cows", "phq9", name="section", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("administration_id", sa.Uuid(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_assessment_section_administration_id")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_section_assessment_id")
        ),
        sa.ForeignKeyConstraint(["saved_by"], ["staff_user.id"], name=op.f("fk_assessment_section_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_section")),
        sa.UniqueConstraint(
            "assessment_id", "section", name=op.f("uq_assessment_section_assessment_id_section")
        ),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER assessment_section_refuse_update BEFORE UPDATE ON assessment_section WHEN EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id AND signed_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'sections of a signed assessment are never changed'); END",
                    "CREATE TRIGGER assessment_section_refuse_delete BEFORE DELETE ON assessment_section WHEN EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id AND signed_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'sections of a signed assessment are never changed'); END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION assessment_section_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id AND signed_at IS NOT NULL) THEN RAISE EXCEPTION 'sections of a signed assessment are never changed'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
                    "CREATE TRIGGER assessment_section_refuse_row BEFORE UPDATE OR DELETE ON assessment_section FOR EACH ROW EXECUTE FUNCTION assessment_section_refuse()",
                ],
            }
        },
    )
    op.create_table(
        "check_in_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=True),
        sa.Column("discharged_on", sa.Date(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("cadence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("settings_version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("materialised_until", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_reason IS NULL)", name=op.f("ck_check_in_plan_ended_with_reason")
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_check_in_plan_episode_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_check_in_plan_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_plan")),
    )
    op.create_index(
        op.f("ix_check_in_plan_materialised_until"),
        "check_in_plan",
        ["materialised_until"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_check_in_plan_active",
        "check_in_plan",
        ["patient_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "clinic_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("series_date", sa.Date(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "held", "cancelled", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "cancel_reason",
            sa.Enum(
                "patient_asked",
                "staff_away",
                "clinic_closed",
                "mistake",
                name="cancelreason",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)",
            name=op.f("ck_clinic_session_cancelled_with_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'held') = (signed_at IS NOT NULL)", name=op.f("ck_clinic_session_held_is_signed")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_clinic_session_ends_after_start")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_clinic_session_room_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_clinic_session_series_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["staff_user.id"], name=op.f("fk_clinic_session_signed_by")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_clinic_session_site_id")),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["staff_user.id"], name=op.f("fk_clinic_session_therapist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_session")),
        sa.UniqueConstraint("series_id", "series_date", name=op.f("uq_clinic_session_series_id_series_date")),
    )
    op.create_index(
        op.f("ix_clinic_session_site_id_starts_at"), "clinic_session", ["site_id", "starts_at"], unique=False
    )
    op.create_index(
        op.f("ix_clinic_session_therapist_id_starts_at"),
        "clinic_session",
        ["therapist_id", "starts_at"],
        unique=False,
    )
    op.create_table(
        "consent_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel_consent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=True),
        sa.Column(
            "event",
            sa.Enum(
                "opt_in",
                "narrowed",
                "opt_out",
                "paused",
                "wrong_contact",
                name="consenteventkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("kinds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("words_shown", sa.Text(), nullable=True),
        sa.Column("words_version", sa.Text(), nullable=True),
        sa.Column("safe_from", sa.Time(), nullable=True),
        sa.Column("safe_until", sa.Time(), nullable=True),
        sa.Column("may_use_first_name", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "in_person",
                "phone_call",
                "written",
                "text",
                "email",
                "patient_page",
                "provider",
                name="source",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "event <> 'opt_in' OR (contact_point_id IS NOT NULL AND words_shown IS NOT NULL AND safe_from IS NOT NULL AND safe_until IS NOT NULL AND safe_from < safe_until)",
            name=op.f("ck_consent_event_opt_in_complete"),
        ),
        sa.ForeignKeyConstraint(
            ["channel_consent_id"], ["channel_consent.id"], name=op.f("fk_consent_event_channel_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_point_id"], ["contact_point.id"], name=op.f("fk_consent_event_contact_point_id")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["staff_user.id"], name=op.f("fk_consent_event_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
        sa.UniqueConstraint(
            "channel_consent_id", "position", name=op.f("uq_consent_event_channel_consent_id_position")
        ),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER consent_event_refuse_update BEFORE UPDATE ON consent_event BEGIN SELECT RAISE(ABORT, 'rows of consent_event are never changed'); END",
                    "CREATE TRIGGER consent_event_refuse_delete BEFORE DELETE ON consent_event BEGIN SELECT RAISE(ABORT, 'rows of consent_event are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER consent_event_refuse_row BEFORE UPDATE OR DELETE ON consent_event FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER consent_event_refuse_all BEFORE TRUNCATE ON consent_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(
        op.f("ix_consent_event_contact_point_id"), "consent_event", ["contact_point_id"], unique=False
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_enrolment_patient_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_enrolment_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    op.create_index(op.f("ix_enrolment_patient_id"), "enrolment", ["patient_id"], unique=False)
    op.create_index(
        "uq_enrolment_open",
        "enrolment",
        ["series_id", "patient_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_hand_over_answered_with_answer")
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_hand_over_episode_id")),
        sa.ForeignKeyConstraint(["from_id"], ["staff_user.id"], name=op.f("fk_hand_over_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["staff_user.id"], name=op.f("fk_hand_over_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    op.create_index(
        "uq_hand_over_open",
        "hand_over",
        ["episode_id"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL"),
        sqlite_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column(
            "channel", sa.Enum("sms", "email", name="channel", native_enum=False, length=32), nullable=False
        ),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("own_words_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("fill_ins_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("link_key_version", sa.Text(), nullable=True),
        sa.Column("link_hash", sa.LargeBinary(), nullable=True),
        sa.Column("link_dies_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "claimed",
                "sending",
                "unknown",
                "accepted",
                "delivered",
                "failed",
                "skipped",
                "cancelled",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_count", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('claimed', 'sending') OR (lease_token IS NOT NULL AND lease_until IS NOT NULL)",
            name=op.f("ck_message_leased"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('failed', 'skipped', 'cancelled') OR reason IS NOT NULL",
            name=op.f("ck_message_end_has_reason"),
        ),
        sa.CheckConstraint(
            "(link_hash IS NULL) = (link_key_version IS NULL)", name=op.f("ck_message_link_complete")
        ),
        sa.CheckConstraint("expires_at >= not_before", name=op.f("ck_message_expires_after_start")),
        sa.CheckConstraint("patient_id IS NULL OR staff_id IS NULL", name=op.f("ck_message_one_recipient")),
        sa.ForeignKeyConstraint(["own_words_id"], ["own_words.id"], name=op.f("fk_message_own_words_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_message_patient_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_user.id"], name=op.f("fk_message_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_message_link_hash")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "purpose",
            "channel",
            name=op.f("uq_message_subject_kind_subject_id_purpose_channel"),
        ),
    )
    op.create_index(
        "ix_message_due",
        "message",
        ["next_attempt_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'scheduled'"),
        postgresql_where=sa.text("state = 'scheduled'"),
    )
    op.create_index(
        op.f("ix_message_patient_id_not_before"), "message", ["patient_id", "not_before"], unique=False
    )
    op.create_index("ix_message_state", "message", ["state", "lease_until"], unique=False)
    op.create_table(
        "on_call_page",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("work_item_id", sa.Uuid(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("paged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column(
            "how",
            sa.Enum("reply", "screen", "answer", name="how", native_enum=False, length=32),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL) AND (acknowledged_at IS NULL) = (how IS NULL)",
            name=op.f("ck_on_call_page_acknowledged_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["staff_user.id"], name=op.f("fk_on_call_page_acknowledged_by")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_on_call_page_user_id")),
        sa.ForeignKeyConstraint(
            ["work_item_id"], ["work_item.id"], name=op.f("fk_on_call_page_work_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call_page")),
        sa.UniqueConstraint("work_item_id", "rung", name=op.f("uq_on_call_page_work_item_id_rung")),
    )
    op.create_index(op.f("ix_on_call_page_user_id"), "on_call_page", ["user_id"], unique=False)
    op.create_table(
        "placement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("recommended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "emergency",
                "hospital",
                "detox",
                "inpatient",
                "outpatient",
                "clinician_review",
                "incomplete",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "then",
            sa.Enum(
                "emergency",
                "hospital",
                "detox",
                "inpatient",
                "outpatient",
                "clinician_review",
                "incomplete",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "medication",
            sa.Enum("agonist", "naltrexone", name="medication", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("settings_version", sa.Integer(), nullable=False),
        sa.Column("findings_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recommendation_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_placement_assessment_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_placement_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_placement_assessment_id")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER placement_refuse_update BEFORE UPDATE ON placement BEGIN SELECT RAISE(ABORT, 'rows of placement are never changed'); END",
                    "CREATE TRIGGER placement_refuse_delete BEFORE DELETE ON placement BEGIN SELECT RAISE(ABORT, 'rows of placement are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER placement_refuse_row BEFORE UPDATE OR DELETE ON placement FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER placement_refuse_all BEFORE TRUNCATE ON placement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(
        op.f("ix_placement_patient_id_recommended_at"),
        "placement",
        ["patient_id", "recommended_at"],
        unique=False,
    )
    op.create_table(
        "referral_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "reached",
                "no_answer",
                "voicemail",
                "wrong_number",
                "emergency",
                "done",
                "not_needed",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["staff_user.id"], name=op.f("fk_referral_call_by_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_call_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_call")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER referral_call_refuse_update BEFORE UPDATE ON referral_call BEGIN SELECT RAISE(ABORT, 'rows of referral_call are never changed'); END",
                    "CREATE TRIGGER referral_call_refuse_delete BEFORE DELETE ON referral_call BEGIN SELECT RAISE(ABORT, 'rows of referral_call are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER referral_call_refuse_row BEFORE UPDATE OR DELETE ON referral_call FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER referral_call_refuse_all BEFORE TRUNCATE ON referral_call FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(
        op.f("ix_referral_call_referral_id_at"), "referral_call", ["referral_id", "at"], unique=False
    )
    op.create_table(
        "safety_need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "phq9",
                "cssrs",
                "harm",
                "overdose",
                "answer",
                "level_of_care",
                "discharge",
                name="cause",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("arose_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(met_at IS NULL) = (met_by IS NULL)", name=op.f("ck_safety_need_met_by_a_plan")),
        sa.ForeignKeyConstraint(["met_by"], ["safety_plan.id"], name=op.f("fk_safety_need_met_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_safety_need_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_need")),
        sa.UniqueConstraint("cause", "subject_id", name=op.f("uq_safety_need_cause_subject_id")),
    )
    op.create_index(
        op.f("ix_safety_need_patient_id"),
        "safety_need",
        ["patient_id"],
        unique=False,
        postgresql_where=sa.text("met_at IS NULL"),
        sqlite_where=sa.text("met_at IS NULL"),
    )
    op.create_table(
        "safety_plan_copy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["staff_user.id"], name=op.f("fk_safety_plan_copy_given_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["safety_plan.id"], name=op.f("fk_safety_plan_copy_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_plan_copy")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER safety_plan_copy_refuse_update BEFORE UPDATE ON safety_plan_copy BEGIN SELECT RAISE(ABORT, 'rows of safety_plan_copy are never changed'); END",
                    "CREATE TRIGGER safety_plan_copy_refuse_delete BEFORE DELETE ON safety_plan_copy BEGIN SELECT RAISE(ABORT, 'rows of safety_plan_copy are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER safety_plan_copy_refuse_row BEFORE UPDATE OR DELETE ON safety_plan_copy FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER safety_plan_copy_refuse_all BEFORE TRUNCATE ON safety_plan_copy FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(op.f("ix_safety_plan_copy_plan_id"), "safety_plan_copy", ["plan_id"], unique=False)
    op.create_table(
        "stay",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column(
            "track",
            sa.Enum(
                "detox", "inpatient", "outpatient", "aftercare", name="track", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "medication",
            sa.Enum("agonist", "naltrexone", "none", name="medication", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_stay_ends_after_start")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_stay_episode_id")),
        sa.ForeignKeyConstraint(["started_by"], ["staff_user.id"], name=op.f("fk_stay_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
    )
    op.create_index(op.f("ix_stay_episode_id"), "stay", ["episode_id"], unique=False)
    op.create_index(
        "uq_stay_open",
        "stay",
        ["episode_id"],
        unique=True,
        postgresql_where=sa.text("ends_at IS NULL"),
        sqlite_where=sa.text("ends_at IS NULL"),
    )
    op.create_table(
        "work_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column(
            "event",
            sa.Enum(
                "raised",
                "paged",
                "acknowledged",
                "attempt",
                "outcome",
                "closed",
                "reassigned",
                name="event",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("told_id", sa.Uuid(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "reached",
                "no_answer",
                "voicemail",
                "wrong_number",
                "emergency",
                "done",
                "not_needed",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_work_event_item_id")),
        sa.ForeignKeyConstraint(["told_id"], ["staff_user.id"], name=op.f("fk_work_event_told_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_event")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER work_event_refuse_update BEFORE UPDATE ON work_event BEGIN SELECT RAISE(ABORT, 'rows of work_event are never changed'); END",
                    "CREATE TRIGGER work_event_refuse_delete BEFORE DELETE ON work_event BEGIN SELECT RAISE(ABORT, 'rows of work_event are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER work_event_refuse_row BEFORE UPDATE OR DELETE ON work_event FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER work_event_refuse_all BEFORE TRUNCATE ON work_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(op.f("ix_work_event_item_id_at"), "work_event", ["item_id", "at"], unique=False)
    op.create_index(op.f("ix_work_event_told_id"), "work_event", ["told_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=True),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("body_index", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "accepted",
                "not_sent",
                "rejected",
                "ambiguous",
                "proved_not_sent",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "family",
            sa.Enum(
                "connection", "throttle", "server", "account", name="family", native_enum=False, length=32
            ),
            nullable=True,
        ),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("provider_message_id", sa.Text(), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_empty_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (outcome IS NULL)", name=op.f("ck_attempt_finished_with_outcome")
        ),
        sa.CheckConstraint("n >= 1", name=op.f("ck_attempt_counted_from_one")),
        sa.ForeignKeyConstraint(
            ["contact_point_id"], ["contact_point.id"], name=op.f("fk_attempt_contact_point_id")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_attempt_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("message_id", "n", name=op.f("uq_attempt_message_id_n")),
        sa.UniqueConstraint(
            "provider", "provider_message_id", name=op.f("uq_attempt_provider_provider_message_id")
        ),
    )
    op.create_index(op.f("ix_attempt_body_index"), "attempt", ["body_index"], unique=False)
    op.create_index(op.f("ix_attempt_finished_at"), "attempt", ["finished_at"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "mark",
            sa.Enum(
                "present",
                "late",
                "left_early",
                "excused",
                "no_show",
                "cancelled_by_clinic",
                name="mark",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amends_id", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(amends_id IS NULL) = (reason_sealed IS NULL)", name=op.f("ck_attendance_amendment_has_reason")
        ),
        sa.CheckConstraint(
            "minutes IS NULL OR minutes BETWEEN 1 AND 480", name=op.f("ck_attendance_minutes")
        ),
        sa.ForeignKeyConstraint(["amends_id"], ["attendance.id"], name=op.f("fk_attendance_amends_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_attendance_patient_id")),
        sa.ForeignKeyConstraint(["session_id"], ["clinic_session.id"], name=op.f("fk_attendance_session_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["staff_user.id"], name=op.f("fk_attendance_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("amends_id", name=op.f("uq_attendance_amends_id")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER attendance_refuse_update BEFORE UPDATE ON attendance BEGIN SELECT RAISE(ABORT, 'rows of attendance are never changed'); END",
                    "CREATE TRIGGER attendance_refuse_delete BEFORE DELETE ON attendance BEGIN SELECT RAISE(ABORT, 'rows of attendance are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER attendance_refuse_row BEFORE UPDATE OR DELETE ON attendance FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER attendance_refuse_all BEFORE TRUNCATE ON attendance FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(
        op.f("ix_attendance_patient_id_signed_at"), "attendance", ["patient_id", "signed_at"], unique=False
    )
    op.create_index(
        "uq_attendance_first",
        "attendance",
        ["session_id", "patient_id"],
        unique=True,
        sqlite_where=sa.text("amends_id IS NULL"),
        postgresql_where=sa.text("amends_id IS NULL"),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "resource_kind",
            sa.Enum("therapist", "room", "patient", name="resource", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_booking_ends_after_start")),
        sa.ForeignKeyConstraint(["session_id"], ["clinic_session.id"], name=op.f("fk_booking_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER booking_no_overlap_insert BEFORE INSERT ON booking WHEN EXISTS (SELECT 1 FROM booking WHERE resource_kind = NEW.resource_kind AND resource_id = NEW.resource_id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at AND id <> NEW.id) BEGIN SELECT RAISE(ABORT, 'booking_no_overlap'); END",
                    "CREATE TRIGGER booking_no_overlap_update BEFORE UPDATE ON booking WHEN EXISTS (SELECT 1 FROM booking WHERE resource_kind = NEW.resource_kind AND resource_id = NEW.resource_id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at AND id <> NEW.id) BEGIN SELECT RAISE(ABORT, 'booking_no_overlap'); END",
                ],
                "postgresql": [
                    "CREATE EXTENSION IF NOT EXISTS btree_gist",
                    "ALTER TABLE booking ADD CONSTRAINT booking_no_overlap EXCLUDE USING gist (resource_kind WITH =, resource_id WITH =, tstzrange(starts_at, ends_at) WITH &&)",
                ],
            }
        },
    )
    op.create_index(
        op.f("ix_booking_resource_kind_resource_id_starts_at"),
        "booking",
        ["resource_kind", "resource_id", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_booking_session_id"), "booking", ["session_id"], unique=False)
    op.create_table(
        "check_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column(
            "slot", sa.Enum("planned", "extra", name="slot", native_enum=False, length=32), nullable=False
        ),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nudge_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "level",
            sa.Enum("acute", "high", "moderate", "low", "none", name="level", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("settings_version", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "answered",
                "did_not_answer",
                "not_reached",
                "skipped",
                "cancelled",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("outcome_reason", sa.Text(), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (outcome IS NULL OR outcome <> 'answered')",
            name=op.f("ck_check_in_answered_with_time"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (outcome_at IS NULL)", name=op.f("ck_check_in_outcome_with_time")
        ),
        sa.CheckConstraint(
            "completed_at IS NULL OR answered_at IS NOT NULL", name=op.f("ck_check_in_completed_is_answered")
        ),
        sa.CheckConstraint(
            "due_at < nudge_at AND due_at < closes_at", name=op.f("ck_check_in_window_in_order")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_check_in_patient_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["check_in_plan.id"], name=op.f("fk_check_in_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    op.create_index(
        "ix_check_in_open_close",
        "check_in",
        ["closes_at"],
        unique=False,
        postgresql_where=sa.text("outcome IS NULL"),
        sqlite_where=sa.text("outcome IS NULL"),
    )
    op.create_index(
        "ix_check_in_open_nudge",
        "check_in",
        ["nudge_at"],
        unique=False,
        postgresql_where=sa.text("outcome IS NULL"),
        sqlite_where=sa.text("outcome IS NULL"),
    )
    op.create_index(op.f("ix_check_in_patient_id_due_at"), "check_in", ["patient_id", "due_at"], unique=False)
    op.create_index(
        "uq_check_in_standing",
        "check_in",
        ["plan_id", "local_date", "slot"],
        unique=True,
        postgresql_where=sa.text("outcome IS NULL OR outcome <> 'cancelled'"),
        sqlite_where=sa.text("outcome IS NULL OR outcome <> 'cancelled'"),
    )
    op.create_table(
        "discharge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("stay_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("relapse_plan_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "completed",
                "left_against_advice",
                "ended_by_clinic",
                "transferred",
                "incarcerated",
                "other",
                name="reason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "naloxone",
            sa.Enum("given", "declined", "has", name="naloxone", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("naloxone_expires_on", sa.Date(), nullable=True),
        sa.Column("medication", sa.Text(), nullable=False),
        sa.Column("medication_note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("appointment_on", sa.Date(), nullable=True),
        sa.Column("appointment_at", sa.Time(), nullable=True),
        sa.Column("appointment_place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("discharged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discharged_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "naloxone <> 'given' OR naloxone_expires_on IS NOT NULL",
            name=op.f("ck_discharge_naloxone_expiry"),
        ),
        sa.CheckConstraint(
            "(appointment_on IS NULL) = (appointment_at IS NULL)",
            name=op.f("ck_discharge_appointment_complete"),
        ),
        sa.ForeignKeyConstraint(
            ["discharged_by"], ["staff_user.id"], name=op.f("fk_discharge_discharged_by")
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_discharge_episode_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_discharge_patient_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["check_in_plan.id"], name=op.f("fk_discharge_plan_id")),
        sa.ForeignKeyConstraint(
            ["relapse_plan_id"], ["relapse_plan.id"], name=op.f("fk_discharge_relapse_plan_id")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_discharge_stay_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discharge")),
        sa.UniqueConstraint("stay_id", name=op.f("uq_discharge_stay_id")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER discharge_refuse_update BEFORE UPDATE ON discharge BEGIN SELECT RAISE(ABORT, 'rows of discharge are never changed'); END",
                    "CREATE TRIGGER discharge_refuse_delete BEFORE DELETE ON discharge BEGIN SELECT RAISE(ABORT, 'rows of discharge are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER discharge_refuse_row BEFORE UPDATE OR DELETE ON discharge FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER discharge_refuse_all BEFORE TRUNCATE ON discharge FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(op.f("ix_discharge_patient_id"), "discharge", ["patient_id"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "session", "group", "call", "visit", "other", name="notekind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("amends_id", sa.Uuid(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(amends_id IS NULL) = (n = 0)", name=op.f("ck_note_amendment_has_number")),
        sa.CheckConstraint(
            "(amends_id IS NULL) = (reason_sealed IS NULL)", name=op.f("ck_note_amendment_has_reason")
        ),
        sa.CheckConstraint(
            "amends_id IS NULL OR signed_at IS NOT NULL", name=op.f("ck_note_amendment_is_signed")
        ),
        sa.ForeignKeyConstraint(["amends_id"], ["note.id"], name=op.f("fk_note_amends_id")),
        sa.ForeignKeyConstraint(["author_id"], ["staff_user.id"], name=op.f("fk_note_author_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_note_patient_id")),
        sa.ForeignKeyConstraint(["session_id"], ["clinic_session.id"], name=op.f("fk_note_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("amends_id", "n", name=op.f("uq_note_amends_id_n")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER note_refuse_update BEFORE UPDATE ON note WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of note are never changed'); END",
                    "CREATE TRIGGER note_refuse_delete BEFORE DELETE ON note WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of note are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER note_refuse_row BEFORE UPDATE OR DELETE ON note FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_index(
        "ix_note_draft",
        "note",
        ["author_id"],
        unique=False,
        postgresql_where=sa.text("signed_at IS NULL"),
        sqlite_where=sa.text("signed_at IS NULL"),
    )
    op.create_index(
        op.f("ix_note_patient_id_happened_at"), "note", ["patient_id", "happened_at"], unique=False
    )
    op.create_table(
        "placement_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "accepted", "other", "declined", "acted", name="decisionkind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "track",
            sa.Enum(
                "emergency",
                "hospital",
                "detox",
                "inpatient",
                "outpatient",
                "clinician_review",
                "incomplete",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "then",
            sa.Enum(
                "emergency",
                "hospital",
                "detox",
                "inpatient",
                "outpatient",
                "clinician_review",
                "incomplete",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "medication",
            sa.Enum("agonist", "naltrexone", name="medication", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column(
            "comparison",
            sa.Enum("same", "more", "less", "open", name="comparison", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("needs_countersign", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "standing",
                "returned",
                "replaced",
                name="decisionstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_role", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("countersigned_by", sa.Uuid(), nullable=True),
        sa.Column("countersigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("episode_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT (needs_countersign AND state = 'standing' AND countersigned_by IS NULL)",
            name=op.f("ck_placement_decision_stands_when_countersigned"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR return_reason_sealed IS NOT NULL",
            name=op.f("ck_placement_decision_returned_why"),
        ),
        sa.CheckConstraint(
            "(countersigned_by IS NULL) = (countersigned_at IS NULL)",
            name=op.f("ck_placement_decision_countersigned_at"),
        ),
        sa.CheckConstraint(
            "countersigned_by IS NULL OR countersigned_by <> decided_by",
            name=op.f("ck_placement_decision_another_person"),
        ),
        sa.ForeignKeyConstraint(
            ["countersigned_by"], ["staff_user.id"], name=op.f("fk_placement_decision_countersigned_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff_user.id"], name=op.f("fk_placement_decision_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episode.id"], name=op.f("fk_placement_decision_episode_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_placement_decision_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_decision")),
    )
    op.create_index(
        op.f("ix_placement_decision_placement_id"), "placement_decision", ["placement_id"], unique=False
    )
    op.create_index(
        "uq_placement_decision_current",
        "placement_decision",
        ["placement_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'standing')"),
        postgresql_where=sa.text("state IN ('proposed', 'standing')"),
    )
    op.create_table(
        "planned_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_planned_call_patient_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["check_in_plan.id"], name=op.f("fk_planned_call_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_call")),
    )
    op.create_index(op.f("ix_planned_call_due_at"), "planned_call", ["due_at"], unique=False)
    op.create_index(
        "uq_planned_call_standing",
        "planned_call",
        ["plan_id", "local_date"],
        unique=True,
        postgresql_where=sa.text("cancelled_at IS NULL"),
        sqlite_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seat BETWEEN 1 AND capacity", name=op.f("ck_seat_within_capacity")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_seat_patient_id")),
        sa.ForeignKeyConstraint(["session_id"], ["clinic_session.id"], name=op.f("fk_seat_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("session_id", "patient_id", name=op.f("uq_seat_session_id_patient_id")),
        sa.UniqueConstraint("session_id", "seat", name=op.f("uq_seat_session_id_seat")),
    )
    op.create_index(op.f("ix_seat_patient_id"), "seat", ["patient_id"], unique=False)
    op.create_table(
        "session_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("lead", sa.Enum("day_before", name="lead", native_enum=False, length=32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withheld_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withheld_reason", sa.Text(), nullable=True),
        sa.Column(
            "reply", sa.Enum("confirm", "change", name="reply", native_enum=False, length=32), nullable=True
        ),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(replied_at IS NULL) = (reply IS NULL)", name=op.f("ck_session_reminder_reply_with_time")
        ),
        sa.CheckConstraint(
            "(withheld_at IS NULL) = (withheld_reason IS NULL)",
            name=op.f("ck_session_reminder_withheld_with_reason"),
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_session_reminder_patient_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["clinic_session.id"], name=op.f("fk_session_reminder_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_reminder")),
        sa.UniqueConstraint(
            "session_id",
            "patient_id",
            "session_version",
            "lead",
            name=op.f("uq_session_reminder_session_id_patient_id_session_version_lead"),
        ),
    )
    op.create_index(op.f("ix_session_reminder_due_at"), "session_reminder", ["due_at"], unique=False)
    op.create_index(
        op.f("ix_session_reminder_patient_id_due_at"),
        "session_reminder",
        ["patient_id", "due_at"],
        unique=False,
    )
    op.create_table(
        "check_in_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column(
            "page",
            sa.Enum("1", "2", "3", "4", "4b", "5", "5b", "W", name="pagecode", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("via", sa.Enum("link", "text", name="via", native_enum=False, length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_in.id"], name=op.f("fk_check_in_answer_check_in_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_answer")),
        sa.UniqueConstraint("check_in_id", "page", "n", name=op.f("uq_check_in_answer_check_in_id_page_n")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER check_in_answer_refuse_update BEFORE UPDATE ON check_in_answer BEGIN SELECT RAISE(ABORT, 'rows of check_in_answer are never changed'); END",
                    "CREATE TRIGGER check_in_answer_refuse_delete BEFORE DELETE ON check_in_answer BEGIN SELECT RAISE(ABORT, 'rows of check_in_answer are never changed'); END",
                ],
                "postgresql": [
                    "\nCREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$\n",
                    "CREATE TRIGGER check_in_answer_refuse_row BEFORE UPDATE OR DELETE ON check_in_answer FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    "CREATE TRIGGER check_in_answer_refuse_all BEFORE TRUNCATE ON check_in_answer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                ],
            }
        },
    )
    op.create_table(
        "silence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("early", sa.Boolean(), nullable=False),
        sa.Column("missed_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("settings_version", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_reason IS NULL)", name=op.f("ck_silence_ended_with_reason")
        ),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name=op.f("fk_silence_check_in_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_silence_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
        sa.UniqueConstraint("check_in_id", name=op.f("uq_silence_check_in_id")),
    )
    op.create_index(
        "uq_silence_open",
        "silence",
        ["patient_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "silence_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("silence_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "call",
                "second_call",
                "support_person",
                "letter",
                "review",
                name="action",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "outreach",
                "welfare_check",
                "keep_waiting",
                "close",
                name="decision",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_silence_step_decided_whole"),
        ),
        sa.CheckConstraint(
            "(raised_at IS NULL) = (item_id IS NULL)", name=op.f("ck_silence_step_raised_as_work")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff_user.id"], name=op.f("fk_silence_step_decided_by")),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_silence_step_item_id")),
        sa.ForeignKeyConstraint(["silence_id"], ["silence.id"], name=op.f("fk_silence_step_silence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence_step")),
        sa.UniqueConstraint("silence_id", "position", name=op.f("uq_silence_step_silence_id_position")),
    )
    op.create_index(
        op.f("ix_silence_step_due_at"),
        "silence_step",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("raised_at IS NULL"),
        sqlite_where=sa.text("raised_at IS NULL"),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_index(
        op.f("ix_silence_step_due_at"),
        table_name="silence_step",
        postgresql_where=sa.text("raised_at IS NULL"),
        sqlite_where=sa.text("raised_at IS NULL"),
    )
    op.drop_table("silence_step")
    op.drop_index(
        "uq_silence_open",
        table_name="silence",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("silence")
    op.drop_table("check_in_answer")
    op.drop_index(op.f("ix_session_reminder_patient_id_due_at"), table_name="session_reminder")
    op.drop_index(op.f("ix_session_reminder_due_at"), table_name="session_reminder")
    op.drop_table("session_reminder")
    op.drop_index(op.f("ix_seat_patient_id"), table_name="seat")
    op.drop_table("seat")
    op.drop_index(
        "uq_planned_call_standing",
        table_name="planned_call",
        postgresql_where=sa.text("cancelled_at IS NULL"),
        sqlite_where=sa.text("cancelled_at IS NULL"),
    )
    op.drop_index(op.f("ix_planned_call_due_at"), table_name="planned_call")
    op.drop_table("planned_call")
    op.drop_index(
        "uq_placement_decision_current",
        table_name="placement_decision",
        sqlite_where=sa.text("state IN ('proposed', 'standing')"),
        postgresql_where=sa.text("state IN ('proposed', 'standing')"),
    )
    op.drop_index(op.f("ix_placement_decision_placement_id"), table_name="placement_decision")
    op.drop_table("placement_decision")
    op.drop_index(op.f("ix_note_patient_id_happened_at"), table_name="note")
    op.drop_index(
        "ix_note_draft",
        table_name="note",
        postgresql_where=sa.text("signed_at IS NULL"),
        sqlite_where=sa.text("signed_at IS NULL"),
    )
    op.drop_table("note")
    op.drop_index(op.f("ix_discharge_patient_id"), table_name="discharge")
    op.drop_table("discharge")
    op.drop_index(
        "uq_check_in_standing",
        table_name="check_in",
        postgresql_where=sa.text("outcome IS NULL OR outcome <> 'cancelled'"),
        sqlite_where=sa.text("outcome IS NULL OR outcome <> 'cancelled'"),
    )
    op.drop_index(op.f("ix_check_in_patient_id_due_at"), table_name="check_in")
    op.drop_index(
        "ix_check_in_open_nudge",
        table_name="check_in",
        postgresql_where=sa.text("outcome IS NULL"),
        sqlite_where=sa.text("outcome IS NULL"),
    )
    op.drop_index(
        "ix_check_in_open_close",
        table_name="check_in",
        postgresql_where=sa.text("outcome IS NULL"),
        sqlite_where=sa.text("outcome IS NULL"),
    )
    op.drop_table("check_in")
    op.drop_index(op.f("ix_booking_session_id"), table_name="booking")
    op.drop_index(op.f("ix_booking_resource_kind_resource_id_starts_at"), table_name="booking")
    op.drop_table("booking")
    op.drop_index(
        "uq_attendance_first",
        table_name="attendance",
        sqlite_where=sa.text("amends_id IS NULL"),
        postgresql_where=sa.text("amends_id IS NULL"),
    )
    op.drop_index(op.f("ix_attendance_patient_id_signed_at"), table_name="attendance")
    op.drop_table("attendance")
    op.drop_index(op.f("ix_attempt_finished_at"), table_name="attempt")
    op.drop_index(op.f("ix_attempt_body_index"), table_name="attempt")
    op.drop_table("attempt")
    op.drop_index(op.f("ix_work_event_told_id"), table_name="work_event")
    op.drop_index(op.f("ix_work_event_item_id_at"), table_name="work_event")
    op.drop_table("work_event")
    op.drop_index(
        "uq_stay_open",
        table_name="stay",
        postgresql_where=sa.text("ends_at IS NULL"),
        sqlite_where=sa.text("ends_at IS NULL"),
    )
    op.drop_index(op.f("ix_stay_episode_id"), table_name="stay")
    op.drop_table("stay")
    op.drop_index(op.f("ix_safety_plan_copy_plan_id"), table_name="safety_plan_copy")
    op.drop_table("safety_plan_copy")
    op.drop_index(
        op.f("ix_safety_need_patient_id"),
        table_name="safety_need",
        postgresql_where=sa.text("met_at IS NULL"),
        sqlite_where=sa.text("met_at IS NULL"),
    )
    op.drop_table("safety_need")
    op.drop_index(op.f("ix_referral_call_referral_id_at"), table_name="referral_call")
    op.drop_table("referral_call")
    op.drop_index(op.f("ix_placement_patient_id_recommended_at"), table_name="placement")
    op.drop_table("placement")
    op.drop_index(op.f("ix_on_call_page_user_id"), table_name="on_call_page")
    op.drop_table("on_call_page")
    op.drop_index("ix_message_state", table_name="message")
    op.drop_index(op.f("ix_message_patient_id_not_before"), table_name="message")
    op.drop_index(
        "ix_message_due",
        table_name="message",
        sqlite_where=sa.text("state = 'scheduled'"),
        postgresql_where=sa.text("state = 'scheduled'"),
    )
    op.drop_table("message")
    op.drop_index(
        "uq_hand_over_open",
        table_name="hand_over",
        postgresql_where=sa.text("answered_at IS NULL"),
        sqlite_where=sa.text("answered_at IS NULL"),
    )
    op.drop_table("hand_over")
    op.drop_index(
        "uq_enrolment_open",
        table_name="enrolment",
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.drop_index(op.f("ix_enrolment_patient_id"), table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_index(op.f("ix_consent_event_contact_point_id"), table_name="consent_event")
    op.drop_table("consent_event")
    op.drop_index(op.f("ix_clinic_session_therapist_id_starts_at"), table_name="clinic_session")
    op.drop_index(op.f("ix_clinic_session_site_id_starts_at"), table_name="clinic_session")
    op.drop_table("clinic_session")
    op.drop_index(
        "uq_check_in_plan_active",
        table_name="check_in_plan",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(
        op.f("ix_check_in_plan_materialised_until"),
        table_name="check_in_plan",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("check_in_plan")
    op.drop_table("assessment_section")
    op.drop_index(
        op.f("ix_work_item_site_id"),
        table_name="work_item",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_work_item_patient_id"), table_name="work_item")
    op.drop_index(
        op.f("ix_work_item_owner_id_due_at"),
        table_name="work_item",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        op.f("ix_work_item_kind_site_id_owner_id"),
        table_name="work_item",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("work_item")
    op.drop_index(op.f("ix_support_person_patient_id"), table_name="support_person")
    op.drop_table("support_person")
    op.drop_index(op.f("ix_substance_use_patient_id_substance"), table_name="substance_use")
    op.drop_table("substance_use")
    op.drop_index(op.f("ix_staff_leave_user_id"), table_name="staff_leave")
    op.drop_index(op.f("ix_staff_leave_ends_at"), table_name="staff_leave")
    op.drop_index(op.f("ix_staff_leave_cover_id"), table_name="staff_leave")
    op.drop_table("staff_leave")
    op.drop_table("staff_hours")
    op.drop_table("site_decision")
    op.drop_index(op.f("ix_sign_in_session_user_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index(op.f("ix_series_site_id"), table_name="series")
    op.drop_table("series")
    op.drop_table("safety_plan")
    op.drop_index(
        "uq_relation_current",
        table_name="relation",
        sqlite_where=sa.text("ends_at IS NULL"),
        postgresql_where=sa.text("ends_at IS NULL"),
    )
    op.drop_index(op.f("ix_relation_subject_id_kind"), table_name="relation")
    op.drop_index(op.f("ix_relation_patient_id_subject_id_kind"), table_name="relation")
    op.drop_table("relation")
    op.drop_table("relapse_plan")
    op.drop_index(
        op.f("ix_referral_site_id_due_at"),
        table_name="referral",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_referral_patient_id"), table_name="referral")
    op.drop_index(op.f("ix_referral_origin_received_at"), table_name="referral")
    op.drop_table("referral")
    op.drop_table("own_words")
    op.drop_index(op.f("ix_on_call_shift_user_id"), table_name="on_call_shift")
    op.drop_index(op.f("ix_on_call_shift_ends_at"), table_name="on_call_shift")
    op.drop_table("on_call_shift")
    op.drop_index(op.f("ix_kept_form_user_id"), table_name="kept_form")
    op.drop_index(op.f("ix_kept_form_expires_at"), table_name="kept_form")
    op.drop_table("kept_form")
    op.drop_index(op.f("ix_kept_draft_expires_at"), table_name="kept_draft")
    op.drop_table("kept_draft")
    op.drop_index(op.f("ix_history_fact_patient_id_kind"), table_name="history_fact")
    op.drop_table("history_fact")
    op.drop_index(
        "uq_episode_open",
        table_name="episode",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_episode_patient_id"), table_name="episode")
    op.drop_index(
        op.f("ix_episode_owner_id"),
        table_name="episode",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("episode")
    op.drop_table("details_correction")
    op.drop_index(
        "uq_contact_point_in_use",
        table_name="contact_point",
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.drop_index(op.f("ix_contact_point_value_index"), table_name="contact_point")
    op.drop_index(op.f("ix_contact_point_patient_id"), table_name="contact_point")
    op.drop_table("contact_point")
    op.drop_index(op.f("ix_clinic_setting_key"), table_name="clinic_setting")
    op.drop_table("clinic_setting")
    op.drop_table("channel_consent")
    op.drop_index(
        "uq_assessment_open",
        table_name="assessment",
        sqlite_where=sa.text("signed_at IS NULL"),
        postgresql_where=sa.text("signed_at IS NULL"),
    )
    op.drop_index(op.f("ix_assessment_patient_id_started_at"), table_name="assessment")
    op.drop_table("assessment")
    op.drop_index(
        "uq_administration_open",
        table_name="administration",
        sqlite_where=sa.text("signed_at IS NULL"),
        postgresql_where=sa.text("signed_at IS NULL"),
    )
    op.drop_index(op.f("ix_administration_patient_id_instrument_id_observed_at"), table_name="administration")
    op.drop_table("administration")
    op.drop_index(op.f("ix_staff_user_site_id"), table_name="staff_user")
    op.drop_index(
        op.f("ix_staff_user_phone_index"),
        table_name="staff_user",
        sqlite_where=sa.text("disabled_at IS NULL"),
        postgresql_where=sa.text("disabled_at IS NULL"),
    )
    op.drop_table("staff_user")
    op.drop_table("room")
    op.drop_index(op.f("ix_patient_family_sound_id"), table_name="patient")
    op.drop_index(op.f("ix_patient_birth_date_family_sound"), table_name="patient")
    op.drop_table("patient")
    op.drop_table("submitted_form")
    op.drop_table("site")
    op.drop_table("sign_in_attempt")
    op.drop_index(
        "ix_receipt_waiting",
        table_name="receipt",
        sqlite_where=sa.text("handled_at IS NULL"),
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.drop_index(op.f("ix_receipt_message_id"), table_name="receipt")
    op.drop_table("receipt")
    op.drop_table("provider_health")
    op.drop_table("instrument_wording")
    op.drop_index(
        "ix_inbound_message_waiting",
        table_name="inbound_message",
        sqlite_where=sa.text("applied_at IS NULL"),
        postgresql_where=sa.text("applied_at IS NULL"),
    )
    op.drop_index(op.f("ix_inbound_message_number_index"), table_name="inbound_message")
    op.drop_table("inbound_message")
    op.drop_table("heartbeat")
    op.drop_index(op.f("ix_flood_count_window_at"), table_name="flood_count")
    op.drop_table("flood_count")
    op.drop_table("engine_count")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_actor_id_at"), table_name="audit_entry")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS refuse_change")
