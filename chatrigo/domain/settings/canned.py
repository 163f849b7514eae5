"""Canned replies: texts that staff insert by typing `/` and a shortcut."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, func, select

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.fields import line_of, text_of
from chatrigo.domain.settings import own_business
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.business import CannedReply

MAX_SHORTCUT = 40
MAX_BODY = 4_000
MAX_REPLIES = 200

_SHORTCUT = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class CannedRow:
    """`shortcut` without its slash."""

    id: int
    shortcut: str
    body: str


def list_canned_replies(session: Session, actor: Actor) -> list[CannedRow]:
    """All of them (at most MAX_REPLIES), by shortcut; everyone who answers may use them."""
    require(actor, "inbox.read")
    query = (
        select(CannedReply)
        .where(CannedReply.business_id == actor.business_id)
        .order_by(col(CannedReply.shortcut), col(CannedReply.id))
        .limit(MAX_REPLIES)
    )
    return [_row(reply) for reply in session.execute(query).scalars()]


def add_canned_reply(session: Session, actor: Actor, shortcut: Any, body: Any) -> CannedRow:
    require(actor, "configure")
    own_business(session, actor, lock=True)
    count = select(func.count()).where(CannedReply.business_id == actor.business_id)
    if session.execute(count).scalar_one() >= MAX_REPLIES:
        raise Invalid("settings.canned_many", limit=MAX_REPLIES)
    reply = CannedReply(
        business_id=actor.business_id,
        shortcut=_free_shortcut(session, actor, shortcut),
        body=text_of(body, "settings.canned_body", most=MAX_BODY, least=1),
    )
    session.add(reply)
    return _changed(session, actor, reply)


def change_canned_reply(
    session: Session, actor: Actor, reply_id: Any, shortcut: Any, body: Any
) -> CannedRow:
    require(actor, "configure")
    own_business(session, actor, lock=True)
    reply = owned(session, actor, CannedReply, reply_id)
    reply.shortcut = _free_shortcut(session, actor, shortcut, of=reply.id)
    reply.body = text_of(body, "settings.canned_body", most=MAX_BODY, least=1)
    return _changed(session, actor, reply)


def delete_canned_reply(session: Session, actor: Actor, reply_id: Any) -> CannedRow:
    """The row as it was, so that it can be added again."""
    require(actor, "configure")
    reply = owned(session, actor, CannedReply, reply_id)
    session.delete(reply)
    audit.note(
        session, actor, "replies.deleted", f"/{reply.shortcut}", before={"text": reply.body[:500]}
    )
    return _changed(session, actor, reply)


def _free_shortcut(session: Session, actor: Actor, value: Any, of: int | None = None) -> str:
    """The shortcut, if it is well written and no other reply of the business has it."""
    written = line_of(value, "settings.shortcut", most=MAX_SHORTCUT + 1).lstrip("/").lower()
    shortcut = line_of(written, "settings.shortcut", most=MAX_SHORTCUT, least=1)
    if not _SHORTCUT.fullmatch(shortcut):
        raise Invalid("settings.shortcut_shape")
    taken = select(CannedReply.id).where(
        CannedReply.business_id == actor.business_id, CannedReply.shortcut == shortcut
    )
    if set(session.execute(taken).scalars()) - {of}:
        raise Invalid("settings.shortcut_taken", shortcut=shortcut)
    return shortcut


def _changed(session: Session, actor: Actor, reply: CannedReply) -> CannedRow:
    session.flush()
    record(session, SettingsChanged(actor.business_id, "canned"))
    return _row(reply)


def _row(reply: CannedReply) -> CannedRow:
    assert reply.id
    return CannedRow(reply.id, reply.shortcut, reply.body)
