"""Authenticator app, recovery codes and passkeys, each seen by its own account alone"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ACCOUNT = "NULLIF(current_setting('chatrigo.account_id', true), '')::bigint"
TABLES = ("totp", "recovery_code", "passkey")


def upgrade() -> None:
    op.create_table(
        "totp",
        _account(primary_key=True),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _moment("created_at"),
        _moment("confirmed_at", nullable=True),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _account(),
        sa.Column("code_hash", sa.String(), nullable=False),
        _moment("created_at"),
        _moment("used_at", nullable=True),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _account(),
        sa.Column("credential_id", sa.String(1400), nullable=False, unique=True),
        sa.Column("user_handle", sa.String(90), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", postgresql.JSONB(), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        _moment("created_at"),
        _moment("last_used_at", nullable=True),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"])
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_of_account ON {table}"
            f" USING (account_id = {ACCOUNT}) WITH CHECK (account_id = {ACCOUNT})"
        )
    # Whoever signs in with a passkey has not said who they are: the key tells. The function runs
    # as the tables' owner, and tells of a key that is known exactly nothing but its account.
    op.execute(
        """
        CREATE FUNCTION passkey_account(credential text) RETURNS bigint
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        AS 'SELECT account_id FROM passkey WHERE credential_id = credential'
        """
    )
    op.execute("REVOKE ALL ON FUNCTION passkey_account(text) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION passkey_account(text) TO chatrigo_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION passkey_account(text)")
    for table in TABLES:
        op.drop_table(table)


def _account(*, primary_key: bool = False) -> sa.Column:
    return sa.Column(
        "account_id",
        sa.BigInteger(),
        sa.ForeignKey("account.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
