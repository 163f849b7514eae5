"""A channel that no longer works: it rests, and the owner hears of it in the app and by mail."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from chatrigo.config import settings
from chatrigo.domain import post as mails
from chatrigo.domain.access import Actor, owned
from chatrigo.domain.accounts.mailbox import Mail
from chatrigo.events import SettingsChanged, record
from chatrigo.i18n import translate
from chatrigo.models.account import Account, Membership
from chatrigo.models.business import Business
from chatrigo.models.conversation import Channel

TOPIC = "channels"


def mark_broken(session: Session, actor: Actor, channel_id: int, key: str) -> None:
    """What waits on it stays; told once, until it is live again."""
    channel = owned(session, actor, Channel, channel_id, lock=True)
    if channel.state != "live":
        return
    channel.state, channel.problem = "broken", key[:80]
    session.flush()
    record(session, SettingsChanged(actor.business_id, TOPIC))
    _mail_owners(session, actor, channel)


def _mail_owners(session: Session, actor: Actor, channel: Channel) -> None:
    business = session.execute(
        select(Business.name).where(Business.id == actor.business_id)
    ).scalar()
    owners = (
        select(Account.email)
        .join(Membership, Membership.account_id == Account.id)  # type: ignore[arg-type]
        .where(Membership.business_id == actor.business_id, Membership.role == "owner")
    )
    told = {
        "channel": channel.name or channel.kind,
        "business": business or "",
        "problem": translate(channel.problem, "id"),
        "address": f"{settings.origin}/settings/channels",
    }
    for email in session.execute(owners).scalars():
        if email:
            mails.send(
                session,
                Mail(
                    to=email,
                    subject=translate("mail.channel_broken_subject", "id", **told),
                    text=translate("mail.channel_broken_text", "id", **told),
                ),
            )
