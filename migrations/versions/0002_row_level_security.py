"""Row-level security: the app's role owns nothing and sees one business at a time"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "assistant",
    "canned_reply",
    "label",
    "channel",
    "contact",
    "contact_identity",
    "conversation",
    "conversation_label",
    "attachment",
    "message",
    "knowledge_entry",
    "knowledge_term",
)
CURRENT = "NULLIF(current_setting('chatrigo.business_id', true), '')::bigint"
ACCOUNT = "NULLIF(current_setting('chatrigo.account_id', true), '')::bigint"


def upgrade() -> None:
    op.execute(
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'chatrigo_app') THEN
                CREATE ROLE chatrigo_app NOLOGIN NOBYPASSRLS;
            END IF;
            EXECUTE format('GRANT chatrigo_app TO %I', current_user);
        END $$
        """
    )
    op.execute("GRANT USAGE ON SCHEMA public TO chatrigo_app")
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO chatrigo_app"
    )
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO chatrigo_app")
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO chatrigo_app"
    )
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO chatrigo_app")
    op.execute("REVOKE ALL ON alembic_version FROM chatrigo_app")
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_of_business ON {table}"
            f" USING (business_id = {CURRENT}) WITH CHECK (business_id = {CURRENT})"
        )
    # A person may see in which businesses they work before one of them is chosen.
    op.execute("ALTER TABLE membership ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY membership_of_business ON membership"
        f" USING (business_id = {CURRENT} OR account_id = {ACCOUNT})"
        f" WITH CHECK (business_id = {CURRENT})"
    )
    # A shop's name and greeting are public (its chat page shows them); only it may change them.
    op.execute("ALTER TABLE business ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY business_is_public ON business FOR SELECT USING (true)")
    op.execute("CREATE POLICY business_founded ON business FOR INSERT WITH CHECK (true)")
    op.execute(
        f"CREATE POLICY business_changes_itself ON business FOR UPDATE USING (id = {CURRENT})"
    )


def downgrade() -> None:
    for table in (*TENANT_TABLES, "membership", "business"):
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in TENANT_TABLES:
        op.execute(f"DROP POLICY {table}_of_business ON {table}")
    op.execute("DROP POLICY membership_of_business ON membership")
    for policy in ("business_is_public", "business_founded", "business_changes_itself"):
        op.execute(f"DROP POLICY {policy} ON business")
