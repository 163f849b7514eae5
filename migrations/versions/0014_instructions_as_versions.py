"""Instructions as versions, and the owner's own tests of them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CURRENT = "NULLIF(current_setting('chatrigo.business_id', true), '')::bigint"
TABLES = ("instruction_version", "test_case", "test_run", "test_result")
# What moves from the one row of a business to its versions.
TEXTS = {
    "name": 60,
    "persona": 2000,
    "tone": 500,
    "do": 4000,
    "dont": 4000,
    "language": 20,
    "handover_line": 500,
}


def upgrade() -> None:
    _create_versions()
    _create_tests()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_of_business ON {table}"
            f" USING (business_id = {CURRENT}) WITH CHECK (business_id = {CURRENT})"
        )
    columns = ", ".join(f'"{name}"' for name in TEXTS)
    op.execute(  # names of our own
        f"INSERT INTO instruction_version (business_id, number, state, revision, {columns}, hours,"  # noqa: S608
        " more, topics, note, created_at, updated_at, published_at, failures, reason)"
        f" SELECT business_id, 1, 'published', 1, {columns}, hours,"
        " '', '{}', '', updated_at, updated_at, updated_at, 0, '' FROM assistant"
    )
    for name in (*TEXTS, "hours"):
        op.drop_column("assistant", name)


def downgrade() -> None:
    for name, length in TEXTS.items():
        default = "customer" if name == "language" else ""
        column = sa.Column(name, sa.String(length), nullable=False, server_default=default)
        op.add_column("assistant", column)
        op.alter_column("assistant", name, server_default=None)
    hours = sa.Column("hours", postgresql.JSONB(), nullable=False, server_default="{}")
    op.add_column("assistant", hours)
    op.alter_column("assistant", "hours", server_default=None)
    taken = ", ".join(f'"{name}" = v."{name}"' for name in (*TEXTS, "hours"))
    op.execute(
        f"UPDATE assistant a SET {taken} FROM instruction_version v"  # noqa: S608
        " WHERE v.business_id = a.business_id AND v.state = 'published'"
    )
    for table in reversed(TABLES):
        op.drop_table(table)


def _business() -> sa.Column:
    return sa.Column(
        "business_id",
        sa.BigInteger(),
        sa.ForeignKey("business.id", ondelete="CASCADE"),
        nullable=False,
    )


def _reference(name: str, target: str, *, nullable: bool) -> sa.Column:
    lost = "SET NULL" if nullable else "CASCADE"
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target, ondelete=lost), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_versions() -> None:
    op.create_table(
        "instruction_version",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _business(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in TEXTS.items()),
        sa.Column("more", sa.String(4000), nullable=False),
        sa.Column("hours", postgresql.JSONB(), nullable=False),
        sa.Column("topics", postgresql.JSONB(), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("from_number", sa.Integer()),
        _reference("author_id", "account.id", nullable=True),
        _moment("created_at"),
        _reference("changed_by", "account.id", nullable=True),
        _moment("updated_at"),
        _reference("published_by", "account.id", nullable=True),
        _moment("published_at", nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.UniqueConstraint("business_id", "number"),
    )
    for state in ("draft", "published"):
        op.create_index(
            f"instruction_version_one_{state}",
            "instruction_version",
            ["business_id"],
            unique=True,
            postgresql_where=sa.text(f"state = '{state}'"),
        )


def _create_tests() -> None:
    op.create_table(
        "test_case",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _business(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("turns", postgresql.JSONB(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("forbidden", postgresql.JSONB(), nullable=False),
        sa.Column("expected", sa.String(10), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
    )
    op.create_index("ix_test_case_business_id", "test_case", ["business_id"])
    op.create_table(
        "test_run",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _business(),
        _reference("draft_id", "instruction_version.id", nullable=True),
        sa.Column("draft_number", sa.Integer(), nullable=False),
        sa.Column("draft_revision", sa.Integer(), nullable=False),
        _reference("published_id", "instruction_version.id", nullable=True),
        sa.Column("published_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(120), nullable=False),
        _reference("started_by", "account.id", nullable=True),
        _moment("created_at"),
        _moment("finished_at", nullable=True),
    )
    op.create_index("test_run_by_business", "test_run", ["business_id", "id"])
    op.create_table(
        "test_result",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        _business(),
        _reference("run_id", "test_run.id", nullable=False),
        _reference("case_id", "test_case.id", nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("problems", postgresql.JSONB(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("run_id", "case_id", "side"),
    )
    for column in ("business_id", "case_id"):
        op.create_index(f"ix_test_result_{column}", "test_result", [column])
