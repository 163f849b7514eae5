"""Removing what is over for accounts and businesses that nobody is acting for"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Row-level security hides these rows from a chore that acts for nobody. The function runs as
    # the tables' owner, takes no argument, returns nothing, and removes only what is long over.
    op.execute(
        """
        CREATE FUNCTION forget_what_is_over() RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
        AS $$
        BEGIN
            DELETE FROM trusted_device WHERE expires_at < now();
            DELETE FROM invitation
                WHERE expires_at < now() - interval '30 days'
                OR revoked_at < now() - interval '30 days'
                OR accepted_at < now() - interval '30 days';
            DELETE FROM contact_proof
                WHERE proved_at IS NULL AND expires_at < now() - interval '1 day';
            DELETE FROM dbos.workflow_status WHERE workflow_uuid IN (
                SELECT workflow_uuid FROM dbos.workflow_status
                WHERE status IN ('SUCCESS', 'ERROR', 'CANCELLED')
                    AND updated_at < extract(epoch FROM now() - interval '30 days') * 1000
                LIMIT 20000
            );
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION forget_what_is_over() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION forget_what_is_over() TO chatrigo_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION forget_what_is_over()")
