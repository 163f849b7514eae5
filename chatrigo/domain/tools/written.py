"""
Whether a customer wrote something: what is kept of them, or mailed to them, comes from themselves.

A document or a server may tell a model to note another address; a tool that keeps what "the customer
told" asks here first.
"""

import re
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain.access import Actor
from chatrigo.domain.tools.tool import Context, Refused
from chatrigo.models.conversation import Message

LOOKED_AT = 50
NOT_WRITTEN = "The customer did not write that. Keep only what they wrote themselves."


def require_written(session: Session, actor: Actor, context: Context, value: str) -> None:
    """
    Raises Refused unless the customer wrote `value`: all of its numbers and addresses, and half of
    its words, since a note may be put in other words.
    """
    said = "\n".join(_bubbles(session, actor, context)).lower()
    digits = re.sub(r"(?<=\d)[\s().-]+(?=\d)", "", said)
    words = re.findall(r"[\w.+-]+@[\w.-]+|\w+", value.lower())
    exact = [word for word in words if "@" in word or any(c.isdecimal() for c in word)]
    loose = [word for word in words if word not in exact]
    found = sum(bool(re.search(rf"\b{re.escape(word)}", said)) for word in loose)
    if all(_stands(word, said, digits) for word in exact) and 2 * found >= len(loose):
        return
    raise Refused(NOT_WRITTEN)


def _stands(word: str, said: str, digits: str) -> bool:
    """+62812… and 0812… are one number."""
    bare = re.sub(r"^(?:62|0)", "", word) if len(word) > 8 and word.isdecimal() else word
    return bare in said or bare in digits


def _bubbles(session: Session, actor: Actor, context: Context) -> list[Any]:
    query = (
        select(Message.body)
        .where(
            Message.business_id == actor.business_id,
            Message.conversation_id == context.conversation_id,
            Message.author == "contact",
        )
        .order_by(col(Message.id).desc())
        .limit(LOOKED_AT)
    )
    return list(session.execute(query).scalars())
