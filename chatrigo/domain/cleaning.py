"""
Removing what has served its time: counts, codes, sessions, trusted devices, invitations, mails,
duties that are done, calls of models.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, text
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo import limits
from chatrigo.domain.access import Actor
from chatrigo.domain.accounts import challenges
from chatrigo.models.account import AuthSession, DemoMail, OutgoingMail
from chatrigo.models.columns import now as this_moment

# How long a session that is over stays in the list of a person's sessions.
SESSION_SHOWN = timedelta(days=30)
MAIL_KEPT = timedelta(days=7)

_FORGET_WHAT_IS_OVER = text("SELECT forget_what_is_over(), forget_model_calls()")


def clean(session: Session, actor: Actor, now: datetime | None = None) -> None:
    """Harmless to repeat. What accounts and businesses own is removed by the database itself."""
    now = now or this_moment()
    limits.forget_old(session, now)
    challenges.forget_old(session, now)
    past = now - SESSION_SHOWN
    session.execute(
        delete(AuthSession).where(
            or_(
                col(AuthSession.expires_at) < past,
                col(AuthSession.revoked_at) < past,
                col(AuthSession.last_seen_at) < past,
            )
        )
    )
    session.execute(delete(OutgoingMail).where(col(OutgoingMail.expires_at) < now - MAIL_KEPT))
    session.execute(delete(DemoMail).where(col(DemoMail.sent_at) < now - MAIL_KEPT))
    session.execute(_FORGET_WHAT_IS_OVER)
