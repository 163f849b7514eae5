"""Vectors of knowledge; the full-text column that row-level security kept from being used goes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CURRENT = "NULLIF(current_setting('chatrigo.business_id', true), '')::bigint"


def upgrade() -> None:
    op.drop_index("knowledge_entry_lem", "knowledge_entry")
    op.drop_column("knowledge_entry", "lem")
    # Without pgvector the table is there all the same and stays empty: `chatrigo.db.migrate`
    # changes the column once the extension can be had.
    op.create_table(
        "knowledge_vector",
        sa.Column(
            "entry_id",
            sa.BigInteger(),
            sa.ForeignKey("knowledge_entry.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "business_id",
            sa.BigInteger(),
            sa.ForeignKey("business.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("model", sa.String(120), nullable=False),
        sa.Column("made_of", sa.String(32), nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.Column("vector", postgresql.ARRAY(sa.REAL()), nullable=False),
    )
    op.create_index("knowledge_vector_of_business", "knowledge_vector", ["business_id", "model"])
    op.execute("ALTER TABLE knowledge_vector ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY knowledge_vector_of_business ON knowledge_vector"
        f" USING (business_id = {CURRENT}) WITH CHECK (business_id = {CURRENT})"
    )


def downgrade() -> None:
    op.drop_table("knowledge_vector")
    op.add_column(
        "knowledge_entry",
        sa.Column(
            "lem",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple', lemmas)", persisted=True),
        ),
    )
    op.create_index("knowledge_entry_lem", "knowledge_entry", ["lem"], postgresql_using="gin")
