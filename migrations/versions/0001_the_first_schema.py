"""The first schema"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    op.create_table(
        "business",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("greeting", sa.String(length=500), nullable=False),
        sa.Column("quick_questions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "demo_mail",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("to", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "rate_limit",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "assistant",
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("persona", sa.String(length=2000), nullable=False),
        sa.Column("tone", sa.String(length=500), nullable=False),
        sa.Column("do", sa.String(length=4000), nullable=False),
        sa.Column("dont", sa.String(length=4000), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("handover_line", sa.String(length=500), nullable=False),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("business_id"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=60), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_attachment_business_id"), "attachment", ["business_id"], unique=False)
    op.create_table(
        "auth_session",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index(
        op.f("ix_auth_session_account_id"), "auth_session", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_auth_session_business_id"), "auth_session", ["business_id"], unique=False
    )
    op.create_table(
        "canned_reply",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("shortcut", sa.String(length=40), nullable=False),
        sa.Column("body", sa.String(length=4000), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_canned_reply_business_id"), "canned_reply", ["business_id"], unique=False
    )
    op.create_table(
        "challenge",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticket_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_challenge_account_id"), "challenge", ["account_id"], unique=False)
    op.create_index(op.f("ix_challenge_email"), "challenge", ["email"], unique=False)
    op.create_index(op.f("ix_challenge_ticket_hash"), "challenge", ["ticket_hash"], unique=False)
    op.create_table(
        "channel",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_channel_business_id"), "channel", ["business_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_contact_business_id"), "contact", ["business_id"], unique=False)
    op.create_table(
        "knowledge_entry",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.String(length=4000), nullable=False),
        sa.Column("lemmas", sa.String(), nullable=False),
        sa.Column(
            "lem",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple', lemmas)", persisted=True),
            nullable=True,
        ),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_knowledge_entry_business_id"), "knowledge_entry", ["business_id"], unique=False
    )
    op.create_index(
        "knowledge_entry_lem", "knowledge_entry", ["lem"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "knowledge_term",
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("term", sa.String(length=80), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("business_id", "term"),
    )
    op.create_table(
        "label",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("colour", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_label_business_id"), "label", ["business_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("business_id", "account_id"),
    )
    op.create_index(op.f("ix_membership_account_id"), "membership", ["account_id"], unique=False)
    op.create_index(op.f("ix_membership_business_id"), "membership", ["business_id"], unique=False)
    op.create_table(
        "contact_identity",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel_id", "external_id"),
    )
    op.create_index(
        op.f("ix_contact_identity_business_id"), "contact_identity", ["business_id"], unique=False
    )
    op.create_index(
        op.f("ix_contact_identity_contact_id"), "contact_identity", ["contact_id"], unique=False
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("handler", sa.String(length=8), nullable=False),
        sa.Column("needs_person", sa.String(length=40), nullable=False),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("ai_turns", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("snippet", sa.String(length=160), nullable=False),
        sa.Column("snippet_author", sa.String(length=10), nullable=False),
        sa.Column("last_message_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["account.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "conversation_by_news",
        "conversation",
        ["business_id", "last_message_at", "id"],
        unique=False,
    )
    op.create_index(
        "conversation_by_status",
        "conversation",
        ["business_id", "status", "last_message_at"],
        unique=False,
    )
    op.create_index(
        "conversation_one_active",
        "conversation",
        ["channel_id", "contact_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'resolved'"),
    )
    op.create_index(
        op.f("ix_conversation_assignee_id"), "conversation", ["assignee_id"], unique=False
    )
    op.create_index(
        op.f("ix_conversation_contact_id"), "conversation", ["contact_id"], unique=False
    )
    op.create_table(
        "conversation_label",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("label_id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", "label_id"),
    )
    op.create_index(
        op.f("ix_conversation_label_business_id"),
        "conversation_label",
        ["business_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_conversation_label_label_id"), "conversation_label", ["label_id"], unique=False
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("attachment_id", sa.BigInteger(), nullable=True),
        sa.Column("provider_message_id", sa.String(length=128), nullable=True),
        sa.Column("in_reply_to", sa.BigInteger(), nullable=True),
        sa.Column("delivery", sa.String(length=12), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("generation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["in_reply_to"], ["message.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_message_account_id"), "message", ["account_id"], unique=False)
    op.create_index(op.f("ix_message_attachment_id"), "message", ["attachment_id"], unique=False)
    op.create_index(op.f("ix_message_business_id"), "message", ["business_id"], unique=False)
    op.create_index(
        "message_answered_once",
        "message",
        ["in_reply_to"],
        unique=True,
        postgresql_where=sa.text("in_reply_to IS NOT NULL"),
    )
    op.create_index("message_by_conversation", "message", ["conversation_id", "id"], unique=False)
    op.create_index(
        "message_once_per_channel",
        "message",
        ["channel_id", "provider_message_id"],
        unique=True,
        postgresql_where=sa.text("provider_message_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "message_once_per_channel",
        table_name="message",
        postgresql_where=sa.text("provider_message_id IS NOT NULL"),
    )
    op.drop_index("message_by_conversation", table_name="message")
    op.drop_index(
        "message_answered_once",
        table_name="message",
        postgresql_where=sa.text("in_reply_to IS NOT NULL"),
    )
    op.drop_index(op.f("ix_message_business_id"), table_name="message")
    op.drop_index(op.f("ix_message_attachment_id"), table_name="message")
    op.drop_index(op.f("ix_message_account_id"), table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("ix_conversation_label_label_id"), table_name="conversation_label")
    op.drop_index(op.f("ix_conversation_label_business_id"), table_name="conversation_label")
    op.drop_table("conversation_label")
    op.drop_index(op.f("ix_conversation_contact_id"), table_name="conversation")
    op.drop_index(op.f("ix_conversation_assignee_id"), table_name="conversation")
    op.drop_index(
        "conversation_one_active",
        table_name="conversation",
        postgresql_where=sa.text("status <> 'resolved'"),
    )
    op.drop_index("conversation_by_status", table_name="conversation")
    op.drop_index("conversation_by_news", table_name="conversation")
    op.drop_table("conversation")
    op.drop_index(op.f("ix_contact_identity_contact_id"), table_name="contact_identity")
    op.drop_index(op.f("ix_contact_identity_business_id"), table_name="contact_identity")
    op.drop_table("contact_identity")
    op.drop_index(op.f("ix_membership_business_id"), table_name="membership")
    op.drop_index(op.f("ix_membership_account_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_label_business_id"), table_name="label")
    op.drop_table("label")
    op.drop_table("knowledge_term")
    op.drop_index("knowledge_entry_lem", table_name="knowledge_entry", postgresql_using="gin")
    op.drop_index(op.f("ix_knowledge_entry_business_id"), table_name="knowledge_entry")
    op.drop_table("knowledge_entry")
    op.drop_index(op.f("ix_contact_business_id"), table_name="contact")
    op.drop_table("contact")
    op.drop_index(op.f("ix_channel_business_id"), table_name="channel")
    op.drop_table("channel")
    op.drop_index(op.f("ix_challenge_ticket_hash"), table_name="challenge")
    op.drop_index(op.f("ix_challenge_email"), table_name="challenge")
    op.drop_index(op.f("ix_challenge_account_id"), table_name="challenge")
    op.drop_table("challenge")
    op.drop_index(op.f("ix_canned_reply_business_id"), table_name="canned_reply")
    op.drop_table("canned_reply")
    op.drop_index(op.f("ix_auth_session_business_id"), table_name="auth_session")
    op.drop_index(op.f("ix_auth_session_account_id"), table_name="auth_session")
    op.drop_table("auth_session")
    op.drop_index(op.f("ix_attachment_business_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_table("assistant")
    op.drop_table("rate_limit")
    op.drop_table("demo_mail")
    op.drop_table("business")
    op.drop_table("account")
