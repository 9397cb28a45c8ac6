"""Referrals: what each source gives, what decides who waits before whom, who follows one up and when.

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ANSWER = sa.Enum("yes", "no", "not_known", "declined", name="told", native_enum=False, length=32)
PLACE = (
    "(CASE WHEN pregnant = 'yes' AND injecting = 'yes' THEN 1 WHEN pregnant = 'yes' THEN 2 "
    "WHEN injecting = 'yes' THEN 3 WHEN pregnant = 'no' AND injecting = 'no' THEN 5 ELSE 4 END)"
)
OPEN = sa.text("state = 'open'")
UNREACHED = sa.text("state = 'open' AND first_reached_at IS NULL")


def upgrade() -> None:
    for name in ("pregnant", "injecting"):
        op.add_column("referral", sa.Column(name, ANSWER, nullable=True))
    op.add_column("referral", sa.Column("given_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("referral", sa.Column("language", sa.Text(), nullable=True))
    op.execute("UPDATE referral SET pregnant = 'yes' WHERE CAST(urgencies AS TEXT) LIKE '%\"pregnant\"%'")
    op.create_index(
        "ix_referral_waiting",
        "referral",
        ["site_id", sa.text(PLACE), "received_at", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_referral_unreached",
        "referral",
        ["site_id"],
        sqlite_where=UNREACHED,
        postgresql_where=UNREACHED,
    )
    op.create_index(op.f("ix_patient_name_folded_id"), "patient", ["name_folded", "id"])
    op.create_table(
        "referral_follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_time", sa.Time(), nullable=True),
        sa.Column("next_zone", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(next_at IS NULL) = (next_on IS NULL) AND (next_at IS NULL) = (next_time IS NULL)"
            " AND (next_at IS NULL) = (next_zone IS NULL)",
            name=op.f("ck_referral_follow_up_next_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_follow_up_referral_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["staff_user.id"], name=op.f("fk_referral_follow_up_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_follow_up")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_referral_follow_up_referral_id")),
    )


def downgrade() -> None:
    op.drop_table("referral_follow_up")
    op.drop_index(op.f("ix_patient_name_folded_id"), table_name="patient")
    op.drop_index("ix_referral_unreached", table_name="referral")
    op.drop_index("ix_referral_waiting", table_name="referral")
    for name in ("language", "given_sealed", "injecting", "pregnant"):
        op.drop_column("referral", name)
