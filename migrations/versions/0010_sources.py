"""Sources of knowledge with their pieces, and proposals that wait for approval"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CURRENT = "NULLIF(current_setting('chatrigo.business_id', true), '')::bigint"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "knowledge_source",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _of("business.id", "business_id", nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("address", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(80), nullable=False),
        sa.Column("error_values", postgresql.JSONB(), nullable=False),
        sa.Column("format", sa.String(12), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("schedule", sa.String(8), nullable=False),
        sa.Column("wake", sa.Integer(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        _of("account.id", "created_by", on_delete="SET NULL"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("checked_at", MOMENT),
        sa.Column("indexed_at", MOMENT),
    )
    _index("knowledge_source", "business_id")
    _index("knowledge_source", "created_by")
    op.create_index("knowledge_source_by_file", "knowledge_source", ["business_id", "sha256"])
    op.add_column("knowledge_entry", _of("knowledge_source.id", "source_id"))
    op.add_column("knowledge_entry", sa.Column("position", sa.Integer()))
    op.add_column("knowledge_entry", _new("place", sa.String(300), "''"))
    op.add_column("knowledge_entry", _new("origin", sa.String(64), "''"))
    op.add_column("knowledge_entry", _new("withheld", sa.Boolean(), "false"))
    for column in ("place", "origin", "withheld"):
        op.alter_column("knowledge_entry", column, server_default=None)
    op.create_unique_constraint(
        "knowledge_entry_place",
        "knowledge_entry",
        ["source_id", "position"],
        deferrable=True,
        initially="DEFERRED",
    )
    op.create_table(
        "knowledge_proposal",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _of("business.id", "business_id", nullable=False),
        _of("knowledge_source.id", "source_id"),
        sa.Column("origin_kind", sa.String(12), nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("question", sa.String(300), nullable=False),
        sa.Column("answer", sa.String(4000), nullable=False),
        sa.Column("same", sa.String(300), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        _of("knowledge_entry.id", "entry_id", on_delete="SET NULL"),
        _of("account.id", "decided_by", on_delete="SET NULL"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.UniqueConstraint("source_id", "same", name="knowledge_proposal_once"),
    )
    _index("knowledge_proposal", "entry_id")
    _index("knowledge_proposal", "decided_by")
    op.create_index(
        "knowledge_proposal_by_state", "knowledge_proposal", ["business_id", "state", "id"]
    )
    for table in ("knowledge_source", "knowledge_proposal"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_of_business ON {table}"
            f" USING (business_id = {CURRENT}) WITH CHECK (business_id = {CURRENT})"
        )


def downgrade() -> None:
    op.drop_table("knowledge_proposal")
    op.execute("DELETE FROM knowledge_entry WHERE source_id IS NOT NULL")
    op.drop_constraint("knowledge_entry_place", "knowledge_entry")
    for column in ("withheld", "origin", "place", "position", "source_id"):
        op.drop_column("knowledge_entry", column)
    op.drop_table("knowledge_source")


def _of(target: str, name: str, *, nullable: bool = True, on_delete: str = "CASCADE") -> sa.Column:
    key = sa.ForeignKey(target, ondelete=on_delete)
    return sa.Column(name, sa.BigInteger(), key, nullable=nullable)


def _new(name: str, kind: sa.types.TypeEngine, filled_with: str) -> sa.Column:
    """A column for a table that has rows already."""
    return sa.Column(name, kind, nullable=False, server_default=sa.text(filled_with))


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column])
