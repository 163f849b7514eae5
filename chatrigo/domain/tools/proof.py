"""
A customer proves in the chat that an e-mail address is theirs.

A code goes to the address; whoever answers it in the same conversation has read that mail. The
code has six digits, lasts ten minutes, is good once, and dies at the fifth wrong try. The proof
holds for the conversation and a day.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo import limits, security
from chatrigo.domain import post
from chatrigo.domain.access import Actor
from chatrigo.domain.accounts.addresses import address
from chatrigo.domain.accounts.mailbox import Mail
from chatrigo.domain.tools.tool import Arguments, Context, Refused, Tool
from chatrigo.domain.tools.written import require_written
from chatrigo.errors import Invalid, LimitReached
from chatrigo.i18n import known, translate
from chatrigo.models.business import Business
from chatrigo.models.columns import now as this_moment
from chatrigo.models.tools import ContactProof

LASTS = timedelta(minutes=10)
HOLDS = timedelta(days=1)
TRIES = 5


class Which(Arguments):
    email: str = Field(max_length=254, description="As the customer wrote it.")


class Code(Arguments):
    code: str = Field(max_length=40, description="The six digits that the customer wrote.")


def prove_email(
    session: Session, actor: Actor, context: Context, arguments: Which
) -> dict[str, Any]:
    """Send a code. An earlier one of this conversation is void from now on."""
    now = this_moment()
    try:
        email = address(arguments.email)
    except Invalid:
        raise Refused("That is not an e-mail address. Ask the customer again.") from None
    require_written(session, actor, context, email)
    try:
        limits.check(session, "code mails by e-mail", email, now)
        limits.check(session, "proofs by contact", str(context.contact_id), now)
    except LimitReached:
        raise Refused("Too many codes were sent. Hand over to a person.") from None
    for proof in _waiting(session, actor, context, now):
        session.delete(proof)
    code = f"{secrets.randbelow(1_000_000):06}"
    proof = ContactProof(
        business_id=actor.business_id,
        conversation_id=context.conversation_id,
        contact_id=context.contact_id,
        email=email,
        code_hash="",
        expires_at=now + LASTS,
    )
    session.add(proof)
    session.flush()
    proof.code_hash = _seal(proof, code)
    session.flush()
    post.send(session, _letter(session, actor, context, email, code), good_for=LASTS, now=now)
    return {"sent": True, "next": "Ask the customer for the code, then call confirm_code."}


def confirm_code(
    session: Session, actor: Actor, context: Context, arguments: Code
) -> dict[str, Any]:
    """A wrong code counts."""
    waiting = _waiting(session, actor, context, this_moment())
    if not waiting:
        raise Refused("No code is waiting. Call prove_email for a new one.")
    proof = waiting[0]
    digits = "".join(c for c in arguments.code if c in "0123456789")
    if proof.tries >= TRIES:
        raise Refused("Too many wrong tries. Call prove_email for a new code.")
    if not security.same(_seal(proof, digits), proof.code_hash):
        proof.tries += 1
        session.flush()
        return {"proved": False, "tries_left": TRIES - proof.tries}
    proof.proved_at = this_moment()
    session.flush()
    return {"proved": True}


def proved_email(
    session: Session, actor: Actor, context: Context, now: datetime | None = None
) -> str:
    """The address that the customer of this conversation has proved; empty for none."""
    if not context.conversation_id:
        return ""
    query = (
        select(ContactProof.email)
        .where(
            ContactProof.business_id == actor.business_id,
            ContactProof.conversation_id == context.conversation_id,
            ContactProof.contact_id == context.contact_id,
            col(ContactProof.proved_at) > (now or this_moment()) - HOLDS,
        )
        .order_by(col(ContactProof.id).desc())
    )
    return session.execute(query).scalar() or ""


def _waiting(session: Session, actor: Actor, context: Context, now: datetime) -> list[ContactProof]:
    """Codes that may still be answered, the newest first; held until the commit."""
    query = (
        select(ContactProof)
        .where(
            ContactProof.business_id == actor.business_id,
            ContactProof.conversation_id == context.conversation_id,
            col(ContactProof.proved_at).is_(None),
            col(ContactProof.expires_at) > now,
        )
        .order_by(col(ContactProof.id).desc())
    )
    return list(session.execute(query.with_for_update()).scalars())


def _letter(session: Session, actor: Actor, context: Context, email: str, code: str) -> Mail:
    shop = session.get_one(Business, actor.business_id).name
    locale = known(context.locale)
    values = {"code": code, "minutes": LASTS.seconds // 60, "shop": shop}
    return Mail(
        to=email,
        subject=translate("mail.proof_subject", locale, **values),
        text=translate("mail.proof_text", locale, **values),
    )


def _seal(proof: ContactProof, code: str) -> str:
    return security.seal("proof of an address", f"{proof.id}:{proof.email}:{code}")


PROVE = Tool(
    name="prove_email",
    description=(
        "Send a code to the customer's e-mail address, to prove that it is theirs. Only when "
        "another tool asks for it."
    ),
    arguments=Which,
    effect="outside",
    permission="inbox.write",
    run=prove_email,
)
CONFIRM = Tool(
    name="confirm_code",
    description="Check the code that the customer wrote after prove_email.",
    arguments=Code,
    effect="writes",
    permission="inbox.write",
    run=confirm_code,
)
