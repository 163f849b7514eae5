"""The operator console: who operates, consent to support, suspension with its reason"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CURRENT = "NULLIF(current_setting('chatrigo.business_id', true), '')::bigint"
ACCOUNT = "NULLIF(current_setting('chatrigo.account_id', true), '')::bigint"

# Each runs with the rights of the tables' owner, whom row-level security does not bind. So each
# asks first whether the account of this transaction is an operator, and each gives away no more
# than it says: sums and standing data, never a message, a contact or a secret.
FUNCTIONS = (
    """
    CREATE FUNCTION operator_require() RETURNS void LANGUAGE plpgsql STABLE AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM operator WHERE account_id = {account}) THEN
            RAISE insufficient_privilege USING MESSAGE = 'not an operator';
        END IF;
    END $$
    """,
    """
    CREATE FUNCTION operator_businesses(
        wanted text, only_business bigint, skipped int, most int, since timestamptz
    ) RETURNS TABLE (
        id bigint, slug text, name text, created_at timestamptz,
        suspended_at timestamptz, suspension_reason text, owner_name text, owner_email text,
        members bigint, conversations bigint, last_activity timestamptz,
        messages bigint, answers bigint, tokens bigint, support_until timestamptz
    ) LANGUAGE plpgsql STABLE AS $$
    BEGIN
        PERFORM operator_require();
        RETURN QUERY
        WITH found AS (
            SELECT b.* FROM business b
            WHERE (only_business IS NULL OR b.id = only_business)
                AND (wanted = '' OR position(lower(wanted) IN lower(b.name || ' ' || b.slug)) > 0
                    OR EXISTS (
                        SELECT FROM membership m JOIN account a ON a.id = m.account_id
                        WHERE m.business_id = b.id
                            AND position(lower(wanted) IN a.email) > 0))
            ORDER BY b.id DESC OFFSET skipped LIMIT most
        )
        SELECT b.id, b.slug::text, b.name::text, b.created_at,
            b.suspended_at, b.suspension_reason::text, o.name::text, o.email::text,
            (SELECT count(*) FROM membership m WHERE m.business_id = b.id),
            c.conversations, c.last_activity, t.messages, t.answers, t.tokens,
            (SELECT max(g.expires_at) FROM support_grant g
                WHERE g.business_id = b.id AND g.revoked_at IS NULL AND g.expires_at > now())
        FROM found b
        LEFT JOIN LATERAL (
            SELECT a.name, a.email FROM membership m JOIN account a ON a.id = m.account_id
            WHERE m.business_id = b.id AND m.role = 'owner' ORDER BY m.id LIMIT 1
        ) o ON true
        CROSS JOIN LATERAL (
            SELECT count(*) AS conversations, max(v.last_message_at) AS last_activity
            FROM conversation v WHERE v.business_id = b.id
        ) c
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE u.kind IN ('text', 'image')) AS messages,
                count(*) FILTER (WHERE u.author = 'ai' AND u.kind = 'text') AS answers,
                COALESCE(sum({tokens}), 0)::bigint AS tokens
            FROM message u WHERE u.business_id = b.id AND u.created_at >= since
        ) t
        ORDER BY b.id DESC;
    END $$
    """,
    """
    CREATE FUNCTION operator_count(wanted text) RETURNS TABLE (
        found bigint, businesses bigint, suspended bigint, accounts bigint
    ) LANGUAGE plpgsql STABLE AS $$
    BEGIN
        PERFORM operator_require();
        RETURN QUERY SELECT
            (SELECT count(*) FROM business b
                WHERE wanted = ''
                    OR position(lower(wanted) IN lower(b.name || ' ' || b.slug)) > 0
                    OR EXISTS (
                        SELECT FROM membership m JOIN account a ON a.id = m.account_id
                        WHERE m.business_id = b.id
                            AND position(lower(wanted) IN a.email) > 0)),
            (SELECT count(*) FROM business),
            (SELECT count(*) FROM business b WHERE b.suspended_at IS NOT NULL),
            (SELECT count(*) FROM account);
    END $$
    """,
    """
    CREATE FUNCTION operator_usage(only_business bigint, zone text, days int) RETURNS TABLE (
        day date, messages bigint, answers bigint, tokens bigint, active bigint
    ) LANGUAGE plpgsql STABLE AS $$
    DECLARE
        today date := (now() AT TIME ZONE zone)::date;
    BEGIN
        PERFORM operator_require();
        RETURN QUERY
        SELECT d::date, count(u.id) FILTER (WHERE u.kind IN ('text', 'image')),
            count(u.id) FILTER (WHERE u.author = 'ai' AND u.kind = 'text'),
            COALESCE(sum({tokens}), 0)::bigint,
            count(DISTINCT u.business_id)
        FROM generate_series(today - days + 1, today, interval '1 day') d
        LEFT JOIN message u ON (only_business IS NULL OR u.business_id = only_business)
            AND u.created_at >= d AT TIME ZONE zone
            AND u.created_at < (d + interval '1 day') AT TIME ZONE zone
        GROUP BY d ORDER BY d;
    END $$
    """,
    """
    CREATE FUNCTION operator_last_failure() RETURNS TABLE (reason text, at timestamptz)
    LANGUAGE plpgsql STABLE AS $$
    BEGIN
        PERFORM operator_require();
        RETURN QUERY SELECT u.generation ->> 'reason', u.created_at FROM message u
        WHERE u.author = 'ai' AND u.generation ->> 'reason' IN ('model_failed', 'failure')
            AND u.created_at > now() - interval '30 days'
        ORDER BY u.created_at DESC LIMIT 1;
    END $$
    """,
    """
    CREATE FUNCTION operator_database() RETURNS TABLE (
        version text, revision text, bytes bigint, connections bigint
    ) LANGUAGE plpgsql STABLE AS $$
    BEGIN
        PERFORM operator_require();
        RETURN QUERY SELECT current_setting('server_version'),
            (SELECT v.version_num::text FROM alembic_version v),
            pg_database_size(current_database()),
            (SELECT count(*) FROM pg_stat_activity a WHERE a.datname = current_database());
    END $$
    """,
    """
    CREATE FUNCTION operator_duties() RETURNS TABLE (
        waiting bigint, running bigint, later bigint, oldest_waiting timestamptz,
        failed bigint, last_failed text, last_failed_at timestamptz
    ) LANGUAGE plpgsql STABLE AS $$
    BEGIN
        PERFORM operator_require();
        RETURN QUERY
        WITH failed_lately AS (
            SELECT w.name, to_timestamp(w.updated_at / 1000.0) AS at FROM dbos.workflow_status w
            WHERE w.status IN ('ERROR', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
                AND w.updated_at > extract(epoch FROM now() - interval '7 days') * 1000
        )
        SELECT count(*) FILTER (WHERE w.status = 'ENQUEUED'),
            count(*) FILTER (WHERE w.status = 'PENDING'),
            count(*) FILTER (WHERE w.status = 'DELAYED'),
            to_timestamp(min(w.created_at) FILTER (WHERE w.status = 'ENQUEUED') / 1000.0),
            (SELECT count(*) FROM failed_lately),
            (SELECT f.name FROM failed_lately f ORDER BY f.at DESC LIMIT 1),
            (SELECT max(f.at) FROM failed_lately f)
        FROM dbos.workflow_status w WHERE w.status IN ('ENQUEUED', 'PENDING', 'DELAYED');
    END $$
    """,
    """
    CREATE FUNCTION operator_suspend(which bigint, why text) RETURNS boolean
    LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM operator_require();
        UPDATE business SET suspended_at = CASE WHEN why = '' THEN NULL ELSE now() END,
            suspension_reason = why
        WHERE id = which AND (suspended_at IS NULL) = (why <> '');
        RETURN FOUND;
    END $$
    """,
)
SIGNATURES = (
    "operator_require()",
    "operator_businesses(text, bigint, int, int, timestamptz)",
    "operator_count(text)",
    "operator_usage(bigint, text, int)",
    "operator_last_failure()",
    "operator_database()",
    "operator_duties()",
    "operator_suspend(bigint, text)",
)
TOKENS = (
    "COALESCE((u.generation ->> 'input_tokens')::bigint, 0)"
    " + COALESCE((u.generation ->> 'output_tokens')::bigint, 0)"
)


def upgrade() -> None:
    op.create_table(
        "operator",
        sa.Column(
            "account_id",
            sa.BigInteger(),
            sa.ForeignKey("account.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON operator FROM chatrigo_app")
    op.execute("ALTER TABLE operator ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY operator_is_oneself ON operator USING (account_id = {ACCOUNT})")
    op.create_table(
        "support_grant",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column(
            "business_id",
            sa.BigInteger(),
            sa.ForeignKey("business.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("granted_by", sa.BigInteger(), sa.ForeignKey("account.id", ondelete="SET NULL")),
        sa.Column("granted_by_name", sa.String(254), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_support_grant_granted_by", "support_grant", ["granted_by"])
    op.create_index("support_grant_by_business", "support_grant", ["business_id", "expires_at"])
    op.execute("ALTER TABLE support_grant ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY support_grant_of_business ON support_grant"
        f" USING (business_id = {CURRENT}) WITH CHECK (business_id = {CURRENT})"
    )
    op.add_column("auth_session", sa.Column("support_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        "auth_session_support_id_fkey",
        "auth_session",
        "support_grant",
        ["support_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index("ix_auth_session_support_id", "auth_session", ["support_id"])
    op.add_column(
        "business",
        sa.Column("suspension_reason", sa.String(500), server_default="", nullable=False),
    )
    op.alter_column("business", "suspension_reason", server_default=None)
    for function in FUNCTIONS:
        op.execute(sa.text(function.format(account=ACCOUNT, tokens=TOKENS).replace(":", r"\:")))
    for signature in SIGNATURES:
        op.execute(
            sa.text(
                f"ALTER FUNCTION {signature} SECURITY DEFINER SET search_path = public, pg_temp"
            )
        )
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO chatrigo_app")
    _guard_suspension()


def _guard_suspension() -> None:
    """A business can't be suspended, or freed, by anything but `operator_suspend`."""
    op.execute(
        """
        CREATE FUNCTION suspension_is_the_operators() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_user = 'chatrigo_app' AND (
                NEW.suspended_at IS DISTINCT FROM OLD.suspended_at
                OR NEW.suspension_reason IS DISTINCT FROM OLD.suspension_reason
            ) THEN
                RAISE insufficient_privilege USING MESSAGE = 'only an operator suspends';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER suspension_is_the_operators BEFORE UPDATE ON business"
        " FOR EACH ROW EXECUTE FUNCTION suspension_is_the_operators()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER suspension_is_the_operators ON business")
    op.execute("DROP FUNCTION suspension_is_the_operators()")
    for signature in SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
    op.drop_column("business", "suspension_reason")
    op.drop_column("auth_session", "support_id")
    op.drop_table("support_grant")
    op.drop_table("operator")
