"""Whose turn it is: the assistant's or a person's."""

from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo.domain.access import PERMISSIONS, Actor, as_id, owned, require
from chatrigo.domain.conversations.post import announce_change, event
from chatrigo.errors import Invalid, NotFound
from chatrigo.models.account import Account, Membership
from chatrigo.models.business import Assistant
from chatrigo.models.conversation import Conversation


def take_over(session: Session, actor: Actor, conversation_id: Any) -> None:
    """A person answers from here on; a draft of the assistant is thrown away."""
    require(actor, "inbox.write")
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    hand_to_person(session, actor, conversation)
    announce_change(session, actor, conversation.id)


def hand_to_person(session: Session, actor: Actor, conversation: Conversation) -> None:
    """The same without announcing it, for those who change more of the conversation."""
    if conversation.handler == "ai":
        event(session, actor, conversation, "took_over")
    conversation.handler = "human"
    conversation.needs_person = ""
    conversation.ai_turns = 0
    if conversation.assignee_id is None:
        conversation.assignee_id = actor.account_id
    if conversation.status != "open":
        conversation.status, conversation.resolved_at = "open", None
    session.flush()


def give_back(session: Session, actor: Actor, conversation_id: Any) -> None:
    """The assistant answers the customer's next message. Raises Invalid while it is off."""
    require(actor, "inbox.write")
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    if conversation.handler == "ai":
        return
    enabled = session.execute(
        select(Assistant.enabled).where(Assistant.business_id == actor.business_id)
    ).scalar()
    if not enabled:
        raise Invalid("errors.assistant_off")
    conversation.handler = "ai"
    conversation.needs_person = ""
    conversation.ai_turns = 0
    conversation.assignee_id = None
    session.flush()
    event(session, actor, conversation, "gave_back")
    announce_change(session, actor, conversation.id)


def assign(session: Session, actor: Actor, conversation_id: Any, account_id: Any) -> None:
    """Give the conversation to a colleague; 0 takes it from everybody. Raises NotFound."""
    require(actor, "inbox.write")
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    assignee = None if account_id in (0, "0", "", None) else as_id(account_id)
    name = _name_of_colleague(session, actor, assignee) if assignee else ""
    if conversation.assignee_id == assignee:
        return
    conversation.assignee_id = assignee
    session.flush()
    if assignee:
        event(session, actor, conversation, "assigned", generation={"to": name})
    else:
        event(session, actor, conversation, "unassigned")
    announce_change(session, actor, conversation.id)


def _name_of_colleague(session: Session, actor: Actor, account_id: int) -> str:
    """Raises NotFound for somebody who does not work here, or may only look on."""
    query = (
        select(Account.name, Account.email)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.business_id == actor.business_id,
            Membership.role.in_(PERMISSIONS["inbox.write"]),  # type: ignore[attr-defined]
            Account.id == account_id,
        )
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    return found.name or found.email
