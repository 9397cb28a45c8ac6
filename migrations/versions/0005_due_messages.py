"""What is due is found whatever is known of the state when the plan is made.

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_message_due", table_name="message")
    op.create_index("ix_message_due", "message", ["state", "next_attempt_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_message_due", table_name="message")
    scheduled = sa.text("state = 'scheduled'")
    op.create_index(
        "ix_message_due",
        "message",
        ["next_attempt_at", "id"],
        unique=False,
        sqlite_where=scheduled,
        postgresql_where=scheduled,
    )
