"""Questions that nobody had taught yet, and what staff thought of an answer"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CURRENT = "NULLIF(current_setting('chatrigo.business_id', true), '')::bigint"


def upgrade() -> None:
    op.create_table(
        "unanswered_question",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column(
            "business_id",
            sa.BigInteger(),
            sa.ForeignKey("business.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "conversation_id",
            sa.BigInteger(),
            sa.ForeignKey("conversation.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "message_id",
            sa.BigInteger(),
            sa.ForeignKey("message.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Column("question", sa.String(1000), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column(
            "entry_id", sa.BigInteger(), sa.ForeignKey("knowledge_entry.id", ondelete="SET NULL")
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
    )
    for column in ("conversation_id", "entry_id"):
        op.create_index(f"ix_unanswered_question_{column}", "unanswered_question", [column])
    op.create_index(
        "unanswered_question_by_state", "unanswered_question", ["business_id", "state", "id"]
    )
    op.execute("ALTER TABLE unanswered_question ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY unanswered_question_of_business ON unanswered_question"
        f" USING (business_id = {CURRENT}) WITH CHECK (business_id = {CURRENT})"
    )
    op.add_column("message", sa.Column("verdict", sa.String(4), server_default="", nullable=False))
    op.create_index(
        "message_judged",
        "message",
        ["business_id", "id"],
        postgresql_where=sa.text("verdict <> ''"),
    )


def downgrade() -> None:
    op.drop_index("message_judged", "message")
    op.drop_column("message", "verdict")
    op.drop_table("unanswered_question")
