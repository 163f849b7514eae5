"""Browsers that are trusted, mails that are promised, and session tokens made anew"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ACCOUNT = "NULLIF(current_setting('chatrigo.account_id', true), '')::bigint"


def upgrade() -> None:
    op.create_table(
        "trusted_device",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column(
            "account_id",
            sa.BigInteger(),
            sa.ForeignKey("account.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("user_agent", sa.String(300), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        _moment("created_at"),
        _moment("last_used_at"),
        _moment("expires_at"),
    )
    op.create_index("ix_trusted_device_account_id", "trusted_device", ["account_id"])
    op.execute("ALTER TABLE trusted_device ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY trusted_device_of_account ON trusted_device"
        f" USING (account_id = {ACCOUNT}) WITH CHECK (account_id = {ACCOUNT})"
    )
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("locked", sa.String(), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
    )
    op.add_column("auth_session", sa.Column("rotated_by", sa.String(64), unique=True))


def downgrade() -> None:
    op.drop_column("auth_session", "rotated_by")
    op.drop_table("outgoing_mail")
    op.drop_table("trusted_device")


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
