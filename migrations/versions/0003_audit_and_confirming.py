"""The audit log, to which one can only add; and when a person last proved who they are"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CURRENT = "NULLIF(current_setting('chatrigo.business_id', true), '')::bigint"


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column(
            "business_id",
            sa.BigInteger(),
            sa.ForeignKey("business.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id", ondelete="SET NULL")),
        sa.Column("actor_name", sa.String(254), nullable=False),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("user_agent", sa.String(300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_audit_entry_account_id", "audit_entry", ["account_id"])
    op.create_index("audit_entry_by_time", "audit_entry", ["business_id", "id"])
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM chatrigo_app")
    op.execute("ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY audit_entry_of_business ON audit_entry"
        f" USING (business_id = {CURRENT}) WITH CHECK (business_id = {CURRENT})"
    )
    op.add_column(
        "auth_session",
        sa.Column(
            "confirmed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.alter_column("auth_session", "confirmed_at", server_default=None)


def downgrade() -> None:
    op.drop_column("auth_session", "confirmed_at")
    op.drop_table("audit_entry")
