"""The catalogue; tools that the assistant calls, what it called, and what that left behind"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "product",
    "variant",
    "tool_call",
    "http_tool",
    "contact_field",
    "contact_proof",
    "follow_up",
)
CURRENT = "NULLIF(current_setting('chatrigo.business_id', true), '')::bigint"


def upgrade() -> None:
    op.create_table(
        "http_tool",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("method", sa.String(length=6), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("header_names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("headers", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("effect", sa.String(length=8), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("verified_only", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("business_id", "name", name="http_tool_name_once"),
    )
    op.create_table(
        "contact_field",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contact_id", "name", name="contact_field_once"),
    )
    op.create_index(
        op.f("ix_contact_field_business_id"), "contact_field", ["business_id"], unique=False
    )
    op.create_table(
        "product",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("description", sa.String(length=2000), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("sku", sa.String(length=60), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entry_id"], ["knowledge_entry.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_product_entry_id"), "product", ["entry_id"], unique=False)
    op.create_index("product_by_name", "product", ["business_id", "name", "id"], unique=False)
    op.create_index(
        "product_sku_once",
        "product",
        ["business_id", "sku"],
        unique=True,
        postgresql_where=sa.text("sku <> ''"),
    )
    op.create_table(
        "contact_proof",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_contact_proof_business_id"), "contact_proof", ["business_id"], unique=False
    )
    op.create_index(
        op.f("ix_contact_proof_contact_id"), "contact_proof", ["contact_id"], unique=False
    )
    op.create_index(
        op.f("ix_contact_proof_conversation_id"), "contact_proof", ["conversation_id"], unique=False
    )
    op.create_table(
        "variant",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("sku", sa.String(length=60), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("price >= 0", name="variant_price_not_negative"),
        sa.CheckConstraint("stock >= 0", name="variant_stock_not_negative"),
        sa.CheckConstraint("weight >= 0", name="variant_weight_not_negative"),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_variant_product_id"), "variant", ["product_id"], unique=False)
    op.create_index(
        "variant_sku_once",
        "variant",
        ["business_id", "sku"],
        unique=True,
        postgresql_where=sa.text("sku <> ''"),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["done_by"], ["account.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id", name="follow_up_once_per_message"),
    )
    op.create_index(
        "follow_up_by_time", "follow_up", ["business_id", "done_at", "due_at"], unique=False
    )
    op.create_index(
        op.f("ix_follow_up_conversation_id"), "follow_up", ["conversation_id"], unique=False
    )
    op.create_table(
        "tool_call",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("arguments_hash", sa.String(length=64), nullable=False),
        sa.Column("effect", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("result", sa.String(length=4100), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id", "name", "arguments_hash", name="tool_call_once"),
    )
    op.create_index(op.f("ix_tool_call_business_id"), "tool_call", ["business_id"], unique=False)
    op.create_index(
        "tool_call_by_conversation", "tool_call", ["conversation_id", "id"], unique=False
    )
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_of_business ON {table}"
            f" USING (business_id = {CURRENT}) WITH CHECK (business_id = {CURRENT})"
        )


def downgrade() -> None:
    op.drop_index("tool_call_by_conversation", table_name="tool_call")
    op.drop_index(op.f("ix_tool_call_business_id"), table_name="tool_call")
    op.drop_table("tool_call")
    op.drop_index(op.f("ix_follow_up_conversation_id"), table_name="follow_up")
    op.drop_index("follow_up_by_time", table_name="follow_up")
    op.drop_table("follow_up")
    op.drop_index("variant_sku_once", table_name="variant", postgresql_where=sa.text("sku <> ''"))
    op.drop_index(op.f("ix_variant_product_id"), table_name="variant")
    op.drop_table("variant")
    op.drop_index(op.f("ix_contact_proof_conversation_id"), table_name="contact_proof")
    op.drop_index(op.f("ix_contact_proof_contact_id"), table_name="contact_proof")
    op.drop_index(op.f("ix_contact_proof_business_id"), table_name="contact_proof")
    op.drop_table("contact_proof")
    op.drop_index("product_sku_once", table_name="product", postgresql_where=sa.text("sku <> ''"))
    op.drop_index("product_by_name", table_name="product")
    op.drop_index(op.f("ix_product_entry_id"), table_name="product")
    op.drop_table("product")
    op.drop_index(op.f("ix_contact_field_business_id"), table_name="contact_field")
    op.drop_table("contact_field")
    op.drop_table("http_tool")
