"""
Handing the business over to somebody who works in it.

It happens at once: the receiver is known to the business already, the giver has just proved who
they are, and both are told by mail, so a hand-over that nobody meant is noticed. The giver stays
as an admin; the new owner may change that, or give it back.
"""

from typing import Any

from sqlalchemy.orm import Session

from chatrigo.domain import audit, post
from chatrigo.domain.access import Actor, require
from chatrigo.domain.accounts import businesses, step_up
from chatrigo.domain.accounts.mailbox import Mail
from chatrigo.domain.settings import own_business
from chatrigo.domain.team.members import announce, lock_team, member_of, name_of
from chatrigo.errors import Forbidden, Invalid
from chatrigo.i18n import known, translate
from chatrigo.models.account import Account


def transfer_ownership(session: Session, actor: Actor, account_id: Any, locale: str = "id") -> str:
    """Make a member owner in the actor's place; returns their name."""
    require(actor, "own")
    step_up.require_recent(session, actor)
    team = lock_team(session, actor)
    receiver, giver = member_of(team, account_id), team.get(actor.account_id or 0)
    if giver is None or giver.role != "owner":
        raise Forbidden
    if receiver is giver:
        raise Invalid("team.transfer_to_yourself")
    before = receiver.role
    receiver.role, giver.role = "owner", "admin"
    session.flush()
    name = name_of(session, receiver.account_id)
    audit.note(
        session,
        actor,
        "team.ownership_transferred",
        name,
        before={"role": before},
        after={"role": "owner"},
    )
    for told in (receiver.account_id, giver.account_id):
        _tell(session, actor, told, name, known(locale))
        businesses.load_anew(session, actor, told)
    announce(session, actor)
    return name


def _tell(session: Session, actor: Actor, account_id: int, receiver: str, locale: str) -> None:
    told = session.get_one(Account, account_id)
    values = {
        "business": own_business(session, actor).name,
        "name": receiver,
        "giver": name_of(session, actor.account_id or 0),
    }
    subject = translate("team.mail_transfer_subject", locale, **values)
    text = translate("team.mail_transfer_text", locale, **values)
    post.send(session, Mail(told.email, subject, text))
