"""Which model a business uses, and every call of one"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TENANT_TABLES = ("model_setting", "model_call")
CURRENT = "NULLIF(current_setting('chatrigo.business_id', true), '')::bigint"


def upgrade() -> None:
    op.create_table(
        "model_setting",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("base_url", sa.String(length=500), nullable=False),
        sa.Column("api_key", sa.String(), nullable=False),
        sa.Column("sees", sa.Boolean(), nullable=False),
        sa.Column("input_rupiah", sa.Integer(), nullable=False),
        sa.Column("output_rupiah", sa.Integer(), nullable=False),
        sa.Column("fallback", sa.String(length=10), nullable=False),
        sa.Column("fallback_name", sa.String(length=120), nullable=False),
        sa.Column("fallback_base_url", sa.String(length=500), nullable=False),
        sa.Column("fallback_api_key", sa.String(), nullable=False),
        sa.Column("fallback_sees", sa.Boolean(), nullable=False),
        sa.Column("fallback_input_rupiah", sa.Integer(), nullable=False),
        sa.Column("fallback_output_rupiah", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("business_id", name="model_setting_once"),
    )
    op.create_table(
        "model_call",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("first_token_milliseconds", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fallback", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_model_call_conversation_id"), "model_call", ["conversation_id"], unique=False
    )
    op.create_index("model_call_by_time", "model_call", ["business_id", "created_at"], unique=False)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_of_business ON {table}"
            f" USING (business_id = {CURRENT}) WITH CHECK (business_id = {CURRENT})"
        )
    # As forget_what_is_over: a chore that acts for nobody sees no tenant row.
    op.execute(
        """
        CREATE FUNCTION forget_model_calls() RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        AS $$ DELETE FROM model_call WHERE created_at < now() - interval '90 days' $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION forget_model_calls() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION forget_model_calls() TO chatrigo_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION forget_model_calls()")
    op.drop_table("model_call")
    op.drop_table("model_setting")
