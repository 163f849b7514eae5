"""A phone number of a person"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("phone", sa.String(16)))


def downgrade() -> None:
    op.drop_column("account", "phone")
