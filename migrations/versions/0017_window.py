"""Until when a customer of a channel may be answered freely"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversation", sa.Column("window_closes_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("conversation", "window_closes_at")
