"""Invitations; whoever holds the token of one may read it before a business is chosen"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CURRENT = "NULLIF(current_setting('chatrigo.business_id', true), '')::bigint"


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column(
            "business_id",
            sa.BigInteger(),
            sa.ForeignKey("business.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("inviter_id", sa.BigInteger(), sa.ForeignKey("account.id", ondelete="SET NULL")),
        sa.Column("locale", sa.String(5), nullable=False),
        sa.Column("delivery", sa.String(12), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_invitation_inviter_id", "invitation", ["inviter_id"])
    op.create_index(
        "invitation_one_open",
        "invitation",
        ["business_id", "email"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )
    op.execute("ALTER TABLE invitation ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY invitation_of_business ON invitation"
        f" USING (business_id = {CURRENT}) WITH CHECK (business_id = {CURRENT})"
    )
    op.execute(
        "CREATE POLICY invitation_of_holder ON invitation FOR SELECT"
        " USING (token_hash = current_setting('chatrigo.invitation', true))"
    )


def downgrade() -> None:
    op.drop_table("invitation")
