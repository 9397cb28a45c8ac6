"""Consents to treatment and to disclose, what ended them, and what was disclosed with them.

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQLITE = [
    """CREATE TRIGGER consent_refuse_update BEFORE UPDATE ON consent WHEN OLD.activated_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of consent are never changed'); END""",
    """CREATE TRIGGER consent_refuse_delete BEFORE DELETE ON consent WHEN OLD.activated_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'signed rows of consent are never changed'); END""",
    """CREATE TRIGGER consent_end_refuse_update BEFORE UPDATE ON consent_end BEGIN SELECT RAISE(ABORT, 'rows of consent_end are never changed'); END""",
    """CREATE TRIGGER consent_end_refuse_delete BEFORE DELETE ON consent_end BEGIN SELECT RAISE(ABORT, 'rows of consent_end are never changed'); END""",
    """CREATE TRIGGER disclosure_refuse_update BEFORE UPDATE ON disclosure BEGIN SELECT RAISE(ABORT, 'rows of disclosure are never changed'); END""",
    """CREATE TRIGGER disclosure_refuse_delete BEFORE DELETE ON disclosure BEGIN SELECT RAISE(ABORT, 'rows of disclosure are never changed'); END""",
    """CREATE TRIGGER disclosure_in_force BEFORE INSERT ON disclosure WHEN NOT EXISTS (SELECT 1 FROM consent WHERE id = NEW.consent_id AND patient_id = NEW.patient_id AND activated_at IS NOT NULL AND kind <> 'treatment') OR EXISTS (SELECT 1 FROM consent_end WHERE consent_id = NEW.consent_id) BEGIN SELECT RAISE(ABORT, 'disclosure without a consent in force'); END""",
]
POSTGRESQL = [
    """CREATE TRIGGER consent_refuse_row BEFORE UPDATE OR DELETE ON consent FOR EACH ROW WHEN (OLD.activated_at IS NOT NULL) EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER consent_end_refuse_row BEFORE UPDATE OR DELETE ON consent_end FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER consent_end_refuse_all BEFORE TRUNCATE ON consent_end FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER disclosure_refuse_row BEFORE UPDATE OR DELETE ON disclosure FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER disclosure_refuse_all BEFORE TRUNCATE ON disclosure FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE OR REPLACE FUNCTION disclosure_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM consent WHERE id = NEW.consent_id AND patient_id = NEW.patient_id AND activated_at IS NOT NULL AND kind <> 'treatment') OR EXISTS (SELECT 1 FROM consent_end WHERE consent_id = NEW.consent_id) THEN RAISE EXCEPTION 'disclosure without a consent in force'; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER disclosure_in_force BEFORE INSERT ON disclosure FOR EACH ROW EXECUTE FUNCTION disclosure_refuse()""",
]


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "treatment",
                "tpo",
                "counseling_notes",
                "proceedings",
                "specific",
                name="kind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("discloser_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "categories",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("recipients_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("intermediary_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("participants_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("to_covered_entity", sa.Boolean(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "treatment_payment_operations",
                "treatment",
                "payment",
                "operations",
                "patient_request",
                "family",
                "employment",
                "housing",
                "benefits",
                "monitoring",
                "proceedings",
                name="purpose",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "expires",
            sa.Enum("date", "treatment_end", "event", "none", name="way", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("expires_event_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("right_to_revoke", sa.Text(), nullable=True),
        sa.Column("redisclosure", sa.Text(), nullable=True),
        sa.Column("tpo_redisclosure", sa.Text(), nullable=True),
        sa.Column("tpo_refusal", sa.Text(), nullable=True),
        sa.Column("words_version", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column(
            "signer",
            sa.Enum("patient", "representative", name="signer", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("signed_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("authority_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("drawing_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("witness_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "activated_at IS NULL OR (expires IS NOT NULL AND (expires <> 'date' OR expires_on IS NOT NULL) AND (expires <> 'event' OR expires_event_sealed IS NOT NULL) AND (expires <> 'none' OR kind = 'tpo'))",
            name=op.f("ck_consent_active_with_expiry"),
        ),
        sa.CheckConstraint(
            "activated_at IS NULL OR (kind <> 'tpo' OR (tpo_redisclosure IS NOT NULL AND tpo_refusal IS NOT NULL))",
            name=op.f("ck_consent_active_with_tpo_statements"),
        ),
        sa.CheckConstraint(
            "activated_at IS NULL OR (kind = 'treatment' OR categories <> '[]')",
            name=op.f("ck_consent_active_with_scope"),
        ),
        sa.CheckConstraint(
            "activated_at IS NULL OR (kind = 'treatment' OR recipients_sealed IS NOT NULL)",
            name=op.f("ck_consent_active_with_recipients"),
        ),
        sa.CheckConstraint(
            "activated_at IS NULL OR (redisclosure IS NOT NULL OR NOT to_covered_entity OR purpose NOT IN ('treatment_payment_operations', 'treatment', 'payment', 'operations'))",
            name=op.f("ck_consent_active_with_redisclosure"),
        ),
        sa.CheckConstraint(
            "activated_at IS NULL OR (signer IS NOT NULL AND signed_name_sealed IS NOT NULL AND (signer = 'patient' OR authority_sealed IS NOT NULL))",
            name=op.f("ck_consent_active_with_signature"),
        ),
        sa.CheckConstraint(
            "activated_at IS NULL OR ((intermediary_sealed IS NULL) = (participants_sealed IS NULL))",
            name=op.f("ck_consent_active_with_intermediary"),
        ),
        sa.CheckConstraint(
            "activated_at IS NULL OR (activated_by IS NOT NULL)",
            name=op.f("ck_consent_active_with_who_activated"),
        ),
        sa.CheckConstraint(
            "activated_at IS NULL OR (discloser_sealed IS NOT NULL)",
            name=op.f("ck_consent_active_with_discloser"),
        ),
        sa.CheckConstraint(
            "activated_at IS NULL OR (purpose IS NOT NULL)", name=op.f("ck_consent_active_with_purpose")
        ),
        sa.CheckConstraint(
            "activated_at IS NULL OR (right_to_revoke IS NOT NULL)",
            name=op.f("ck_consent_active_with_right_to_revoke"),
        ),
        sa.CheckConstraint(
            "activated_at IS NULL OR (signed_at IS NOT NULL)", name=op.f("ck_consent_active_with_date_signed")
        ),
        sa.ForeignKeyConstraint(["activated_by"], ["staff_user.id"], name=op.f("fk_consent_activated_by")),
        sa.ForeignKeyConstraint(["drafted_by"], ["staff_user.id"], name=op.f("fk_consent_drafted_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_consent_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_patient_id"), "consent", ["patient_id"], unique=False)

    op.create_table(
        "consent_end",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("written", "oral", "event", "false", name="endkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_consent_end_consent_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff_user.id"], name=op.f("fk_consent_end_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_end")),
        sa.UniqueConstraint("consent_id", "kind", name=op.f("uq_consent_end_consent_id_kind")),
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "categories",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum(
                "treatment_payment_operations",
                "treatment",
                "payment",
                "operations",
                "patient_request",
                "family",
                "employment",
                "housing",
                "benefits",
                "monitoring",
                "proceedings",
                name="purpose",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contents_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("notice_version", sa.Text(), nullable=False),
        sa.Column("disclosed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disclosed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("categories <> '[]'", name=op.f("ck_disclosure_of_something")),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_disclosure_consent_id")),
        sa.ForeignKeyConstraint(["disclosed_by"], ["staff_user.id"], name=op.f("fk_disclosure_disclosed_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_disclosure_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index(op.f("ix_disclosure_consent_id"), "disclosure", ["consent_id"], unique=False)
    op.create_index(
        op.f("ix_disclosure_patient_id_disclosed_at"),
        "disclosure",
        ["patient_id", "disclosed_at"],
        unique=False,
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement))


def downgrade() -> None:
    op.drop_index(op.f("ix_disclosure_patient_id_disclosed_at"), table_name="disclosure")
    op.drop_index(op.f("ix_disclosure_consent_id"), table_name="disclosure")
    op.drop_table("disclosure")
    op.drop_table("consent_end")
    op.drop_index(op.f("ix_consent_patient_id"), table_name="consent")
    op.drop_table("consent")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS disclosure_refuse")
