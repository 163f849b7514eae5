"""Channels beside our own chat: accounts, what comes in, what goes out, templates, API keys"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CURRENT = "NULLIF(current_setting('chatrigo.business_id', true), '')::bigint"
MOMENT = sa.DateTime(timezone=True)
TABLES = ("inbound_event", "outbox_message", "message_template", "api_key")


def upgrade() -> None:
    _channel()
    op.create_table(
        "inbound_event",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _of("business.id", "business_id"),
        _of("channel.id", "channel_id"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.UniqueConstraint("channel_id", "digest"),
    )
    op.create_index(
        "inbound_event_waiting",
        "inbound_event",
        ["id"],
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _of("business.id", "business_id"),
        _of("channel.id", "channel_id"),
        _of("conversation.id", "conversation_id"),
        _of("message.id", "message_id", nullable=True),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("to", sa.String(254), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", MOMENT),
        sa.Column("provider_message_id", sa.String(200), nullable=False),
        sa.Column("advice", sa.String(12), nullable=False),
        sa.Column("error_code", sa.String(40), nullable=False),
        sa.Column("error_key", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *(sa.Column(name, MOMENT) for name in ("sent_at", "delivered_at", "read_at", "failed_at")),
        sa.UniqueConstraint("channel_id", "key"),
    )
    op.create_index("outbox_message_by_conversation", "outbox_message", ["conversation_id", "id"])
    op.create_index("ix_outbox_message_message_id", "outbox_message", ["message_id"])
    op.create_index(
        "outbox_message_by_provider",
        "outbox_message",
        ["channel_id", "provider_message_id"],
        postgresql_where=sa.text("provider_message_id <> ''"),
    )
    op.create_index(
        "outbox_message_on_its_way",
        "outbox_message",
        ["channel_id", "id"],
        postgresql_where=sa.text("state IN ('queued', 'sending', 'unknown')"),
    )
    op.create_table(
        "message_template",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _of("business.id", "business_id"),
        _of("channel.id", "channel_id"),
        sa.Column("provider_id", sa.String(60), nullable=False),
        sa.Column("name", sa.String(512), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("components", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("synced_at", MOMENT, nullable=False),
        sa.UniqueConstraint("channel_id", "name", "language"),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _of("business.id", "business_id"),
        _of("channel.id", "channel_id", nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("hint", sa.String(12), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
        _of("account.id", "created_by", nullable=True, on_delete="SET NULL"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
    )
    for column in ("channel_id", "created_by"):
        op.create_index(f"ix_api_key_{column}", "api_key", [column])
    for table in TABLES:
        op.create_index(f"ix_{table}_business_id", table, ["business_id"])
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_of_business ON {table}"
            f" USING (business_id = {CURRENT}) WITH CHECK (business_id = {CURRENT})"
        )
    _found_by_whoever_knows()


def _channel() -> None:
    empty = sa.text("''")
    op.add_column(
        "channel", sa.Column("external_id", sa.String(254), server_default=empty, nullable=False)
    )
    op.add_column(
        "channel",
        sa.Column("state", sa.String(12), server_default=sa.text("'live'"), nullable=False),
    )
    op.add_column(
        "channel", sa.Column("problem", sa.String(80), server_default=empty, nullable=False)
    )
    op.add_column(
        "channel", sa.Column("secrets", sa.String(), server_default=empty, nullable=False)
    )
    op.add_column(
        "channel",
        sa.Column(
            "settings",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("channel", sa.Column("hook", sa.String(64), server_default=empty, nullable=False))
    for name in ("checked_at", "last_in_at", "last_out_at"):
        op.add_column("channel", sa.Column(name, MOMENT))
    op.create_index(
        "channel_account",
        "channel",
        ["kind", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id <> ''"),
    )
    op.create_index(
        "channel_by_hook",
        "channel",
        ["hook"],
        unique=True,
        postgresql_where=sa.text("hook <> ''"),
    )


def _found_by_whoever_knows() -> None:
    """A vendor's call and an API key name no business: they show the one row they know."""
    op.execute(
        "CREATE POLICY channel_of_hook ON channel FOR SELECT USING"
        " (hook <> '' AND hook = current_setting('chatrigo.hook', true))"
    )
    op.execute(
        "CREATE POLICY api_key_of_holder ON api_key FOR SELECT USING"
        " (key_hash = NULLIF(current_setting('chatrigo.api_key', true), ''))"
    )


def _of(target: str, name: str, *, nullable: bool = False, on_delete: str = "CASCADE") -> sa.Column:
    return sa.Column(
        name, sa.BigInteger(), sa.ForeignKey(target, ondelete=on_delete), nullable=nullable
    )


def downgrade() -> None:
    op.execute("DROP POLICY channel_of_hook ON channel")
    for table in reversed(TABLES):
        op.drop_table(table)
    for index in ("channel_by_hook", "channel_account"):
        op.drop_index(index, "channel")
    for name in (
        *("last_out_at", "last_in_at", "checked_at", "hook", "settings", "secrets", "problem"),
        *("state", "external_id"),
    ):
        op.drop_column("channel", name)
