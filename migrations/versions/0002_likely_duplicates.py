"""Former names, address and the key of another system; keys by which likely duplicates are looked up.

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patient", sa.Column("former_names", sa.Text(), nullable=True))
    op.add_column("patient", sa.Column("address_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("patient", sa.Column("external_id", sa.Text(), nullable=True))
    op.create_index("uq_patient_external_id", "patient", ["external_id"], unique=True)
    op.create_table(
        "blocking_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_blocking_key_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocking_key")),
        sa.UniqueConstraint("key", "patient_id", name=op.f("uq_blocking_key_key_patient_id")),
    )
    op.create_index(op.f("ix_blocking_key_patient_id"), "blocking_key", ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_blocking_key_patient_id"), table_name="blocking_key")
    op.drop_table("blocking_key")
    op.drop_index("uq_patient_external_id", table_name="patient")
    for column in ("external_id", "address_sealed", "former_names"):
        op.drop_column("patient", column)
