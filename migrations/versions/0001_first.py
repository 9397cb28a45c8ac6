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
    """CREATE TRIGGER administration_refuse_update BEFORE UPDATE ON administration WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of administration are never changed'); END""",
    """CREATE TRIGGER administration_refuse_delete BEFORE DELETE ON administration WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of administration are never changed'); END""",
    """CREATE TRIGGER clinic_setting_refuse_update BEFORE UPDATE ON clinic_setting BEGIN SELECT RAISE(ABORT, 'rows of clinic_setting are never changed'); END""",
    """CREATE TRIGGER clinic_setting_refuse_delete BEFORE DELETE ON clinic_setting BEGIN SELECT RAISE(ABORT, 'rows of clinic_setting are never changed'); END""",
    """CREATE TRIGGER history_fact_refuse_update BEFORE UPDATE ON history_fact BEGIN SELECT RAISE(ABORT, 'rows of history_fact are never changed'); END""",
    """CREATE TRIGGER history_fact_refuse_delete BEFORE DELETE ON history_fact BEGIN SELECT RAISE(ABORT, 'rows of history_fact are never changed'); END""",
    """CREATE TRIGGER note_refuse_update BEFORE UPDATE ON note WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of note are never changed'); END""",
    """CREATE TRIGGER note_refuse_delete BEFORE DELETE ON note WHEN OLD.signed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of note are never changed'); END""",
    """CREATE TRIGGER on_call_shift_one_per_rung BEFORE INSERT ON on_call_shift WHEN EXISTS (SELECT 1 FROM on_call_shift WHERE cancelled_at IS NULL AND rung = NEW.rung AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'on_call_shift_one_per_rung'); END""",
    """CREATE TRIGGER substance_use_refuse_update BEFORE UPDATE ON substance_use BEGIN SELECT RAISE(ABORT, 'rows of substance_use are never changed'); END""",
    """CREATE TRIGGER substance_use_refuse_delete BEFORE DELETE ON substance_use BEGIN SELECT RAISE(ABORT, 'rows of substance_use are never changed'); END""",
    """CREATE TRIGGER consent_event_refuse_update BEFORE UPDATE ON consent_event BEGIN SELECT RAISE(ABORT, 'rows of consent_event are never changed'); END""",
    """CREATE TRIGGER consent_event_refuse_delete BEFORE DELETE ON consent_event BEGIN SELECT RAISE(ABORT, 'rows of consent_event are never changed'); END""",
    """CREATE TRIGGER work_event_refuse_update BEFORE UPDATE ON work_event BEGIN SELECT RAISE(ABORT, 'rows of work_event are never changed'); END""",
    """CREATE TRIGGER work_event_refuse_delete BEFORE DELETE ON work_event BEGIN SELECT RAISE(ABORT, 'rows of work_event are never changed'); END""",
]
POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER audit_entry_refuse_row BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER audit_entry_refuse_all BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER administration_refuse_row BEFORE UPDATE OR DELETE ON administration FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER clinic_setting_refuse_row BEFORE UPDATE OR DELETE ON clinic_setting FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER clinic_setting_refuse_all BEFORE TRUNCATE ON clinic_setting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER history_fact_refuse_row BEFORE UPDATE OR DELETE ON history_fact FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER history_fact_refuse_all BEFORE TRUNCATE ON history_fact FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER note_refuse_row BEFORE UPDATE OR DELETE ON note FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()""",
    """ALTER TABLE on_call_shift ADD CONSTRAINT on_call_shift_one_per_rung EXCLUDE USING gist (int4range(rung, rung, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE (cancelled_at IS NULL)""",
    """CREATE TRIGGER substance_use_refuse_row BEFORE UPDATE OR DELETE ON substance_use FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER substance_use_refuse_all BEFORE TRUNCATE ON substance_use FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER consent_event_refuse_row BEFORE UPDATE OR DELETE ON consent_event FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER consent_event_refuse_all BEFORE TRUNCATE ON consent_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER work_event_refuse_row BEFORE UPDATE OR DELETE ON work_event FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER work_event_refuse_all BEFORE TRUNCATE ON work_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
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
        "holiday",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("on_date", name=op.f("uq_holiday_on_date")),
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
        sa.CheckConstraint("length(record_number) = 8", name=op.f("ck_patient_record_number_length")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_patient_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("record_number", name=op.f("uq_patient_record_number")),
    )
    op.create_index(
        op.f("ix_patient_birth_date_family_sound"), "patient", ["birth_date", "family_sound"], unique=False
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
        sa.Column("context", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("scores", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("bands", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("band_set", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("flags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("respondent", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("amends_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(completed_at IS NULL) = (scores IS NULL)", name=op.f("ck_administration_completed_has_scores")
        ),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (signed_by IS NULL)", name=op.f("ck_administration_signed_by_somebody")
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administration")),
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
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_history_fact_patient_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff_user.id"], name=op.f("fk_history_fact_recorded_by")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["history_fact.id"], name=op.f("fk_history_fact_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_fact")),
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
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "amends_id IS NULL OR signed_at IS NOT NULL", name=op.f("ck_note_amendment_is_signed")
        ),
        sa.ForeignKeyConstraint(["amends_id"], ["note.id"], name=op.f("fk_note_amends_id")),
        sa.ForeignKeyConstraint(["author_id"], ["staff_user.id"], name=op.f("fk_note_author_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_note_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
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
    op.create_index(op.f("ix_note_amends_id"), "note", ["amends_id"], unique=False)
    op.create_index(
        op.f("ix_note_patient_id_happened_at"), "note", ["patient_id", "happened_at"], unique=False
    )
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
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_on_call_shift_ends_after_start")),
        sa.CheckConstraint("rung BETWEEN 1 AND 3", name=op.f("ck_on_call_shift_rung")),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_on_call_shift_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call_shift")),
        info={
            "statements": {
                "sqlite": [
                    "CREATE TRIGGER on_call_shift_one_per_rung BEFORE INSERT ON on_call_shift WHEN EXISTS (SELECT 1 FROM on_call_shift WHERE cancelled_at IS NULL AND rung = NEW.rung AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'on_call_shift_one_per_rung'); END"
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
        op.f("ix_work_item_owner_id_due_at"),
        "work_item",
        ["owner_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_work_item_patient_id"), "work_item", ["patient_id"], unique=False)
    op.create_table(
        "consent_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel_consent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=True),
        sa.Column(
            "event",
            sa.Enum("opt_in", "opt_out", "paused", name="consenteventkind", native_enum=False, length=32),
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
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_index(op.f("ix_work_event_item_id_at"), table_name="work_event")
    op.drop_table("work_event")
    op.drop_index(
        "uq_stay_open",
        table_name="stay",
        postgresql_where=sa.text("ends_at IS NULL"),
        sqlite_where=sa.text("ends_at IS NULL"),
    )
    op.drop_table("stay")
    op.drop_index(
        "uq_hand_over_open",
        table_name="hand_over",
        postgresql_where=sa.text("answered_at IS NULL"),
        sqlite_where=sa.text("answered_at IS NULL"),
    )
    op.drop_table("hand_over")
    op.drop_index(op.f("ix_consent_event_contact_point_id"), table_name="consent_event")
    op.drop_table("consent_event")
    op.drop_index(op.f("ix_work_item_patient_id"), table_name="work_item")
    op.drop_index(
        op.f("ix_work_item_owner_id_due_at"),
        table_name="work_item",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("work_item")
    op.drop_index(op.f("ix_support_person_patient_id"), table_name="support_person")
    op.drop_table("support_person")
    op.drop_index(op.f("ix_substance_use_patient_id_substance"), table_name="substance_use")
    op.drop_table("substance_use")
    op.drop_index(op.f("ix_sign_in_session_user_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index(
        "uq_relation_current",
        table_name="relation",
        sqlite_where=sa.text("ends_at IS NULL"),
        postgresql_where=sa.text("ends_at IS NULL"),
    )
    op.drop_index(op.f("ix_relation_subject_id_kind"), table_name="relation")
    op.drop_table("relation")
    op.drop_index(op.f("ix_on_call_shift_user_id"), table_name="on_call_shift")
    op.drop_index(op.f("ix_on_call_shift_ends_at"), table_name="on_call_shift")
    op.drop_table("on_call_shift")
    op.drop_index(op.f("ix_note_patient_id_happened_at"), table_name="note")
    op.drop_index(op.f("ix_note_amends_id"), table_name="note")
    op.drop_table("note")
    op.drop_index(op.f("ix_kept_form_user_id"), table_name="kept_form")
    op.drop_index(op.f("ix_kept_form_expires_at"), table_name="kept_form")
    op.drop_table("kept_form")
    op.drop_index(op.f("ix_history_fact_patient_id_kind"), table_name="history_fact")
    op.drop_table("history_fact")
    op.drop_index(
        "uq_episode_open",
        table_name="episode",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        op.f("ix_episode_owner_id"),
        table_name="episode",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("episode")
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
    op.drop_index(op.f("ix_patient_birth_date_family_sound"), table_name="patient")
    op.drop_table("patient")
    op.drop_table("submitted_form")
    op.drop_table("site")
    op.drop_table("sign_in_attempt")
    op.drop_table("holiday")
    op.drop_table("heartbeat")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_actor_id_at"), table_name="audit_entry")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS refuse_change")
