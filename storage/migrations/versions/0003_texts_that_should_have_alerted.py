"""texts that should have raised an alert

Works with the code of the release before it. The table of texts is not written anew, as it would be on SQLite
for a constraint of its own: others refer to it, and it may be large.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_alerts_inbound_id", "alerts", ["inbound_id"])
    op.add_column("inbound_messages", sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "inbound_messages",
        sa.Column("missed_by_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=True),
        inline_references=True,
    )


def downgrade() -> None:
    op.drop_column("inbound_messages", "missed_by_id")
    op.drop_column("inbound_messages", "missed_at")
    op.drop_index("ix_alerts_inbound_id", "alerts")
