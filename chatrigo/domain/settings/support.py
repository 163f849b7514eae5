"""An owner's consent that our team looks at the business: for a while, and taken back at will."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo import duties
from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.accounts.step_up import require_recent
from chatrigo.domain.audit import note
from chatrigo.domain.conversations.rows import business_zone
from chatrigo.errors import Invalid
from chatrigo.events import NOBODY, SessionsChanged, SettingsChanged, record
from chatrigo.models.account import Account, AuthSession
from chatrigo.models.audit import AuditEntry
from chatrigo.models.columns import now
from chatrigo.models.operator import SupportGrant

HOURS = (1, 24, 72)
SHOWN = 20
TOPIC = "support"


@dataclass(frozen=True, slots=True)
class ConsentRow:
    id: int
    granted_by: str
    hours: int
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """Something our team did in the business."""

    id: int
    who: str
    act: str
    subject: str
    at: str


@dataclass(frozen=True, slots=True)
class SupportView:
    consents: list[ConsentRow]
    visits: list[VisitRow]


def get_support(session: Session, actor: Actor) -> SupportView:
    """What stands, and what was done under it lately."""
    require(actor, "own")
    zone = business_zone(session, actor.business_id)
    standing = (
        select(SupportGrant)
        .where(
            col(SupportGrant.business_id) == actor.business_id,
            col(SupportGrant.revoked_at).is_(None),
            col(SupportGrant.expires_at) > now(),
        )
        .order_by(col(SupportGrant.expires_at))
    )
    acts = (
        select(AuditEntry)
        .where(
            col(AuditEntry.business_id) == actor.business_id,
            col(AuditEntry.act).startswith("support."),
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(SHOWN)
    )
    form = "%d/%m/%Y %H.%M"
    return SupportView(
        consents=[
            ConsentRow(
                id=row.id or 0,
                granted_by=row.granted_by_name,
                hours=row.hours,
                since=row.created_at.astimezone(zone).strftime(form),
                until=row.expires_at.astimezone(zone).strftime(form),
            )
            for row in session.execute(standing).scalars()
        ],
        visits=[
            VisitRow(
                id=row.id or 0,
                who=row.actor_name,
                act=row.act.partition(".")[2],
                subject=row.subject,
                at=row.created_at.astimezone(zone).strftime(form),
            )
            for row in session.execute(acts).scalars()
        ],
    )


def allow_support(session: Session, actor: Actor, hours: Any) -> None:
    """Raises Forbidden, ConfirmItsYou, Invalid for a time that is not offered."""
    require(actor, "own")
    require_recent(session, actor)
    try:
        asked = int(hours)
    except (TypeError, ValueError):
        asked = 0
    if asked not in HOURS:
        raise Invalid("support.hours_unknown")
    email = select(Account.email).where(col(Account.id) == actor.account_id)
    consent = SupportGrant(
        business_id=actor.business_id,
        granted_by=actor.account_id,
        granted_by_name=session.execute(email).scalar() or "",
        hours=asked,
        expires_at=now() + timedelta(hours=asked),
    )
    session.add(consent)
    session.flush()
    duties.enqueue(
        session,
        "end_support",
        actor.business_id,
        consent.id or 0,
        key=f"end_support:{consent.id}",
        queue="answers",
        partition=f"support:{consent.id}",
        not_before=consent.expires_at,
    )
    note(session, actor, "support.allowed", after={"hours": asked})
    record(session, SettingsChanged(actor.business_id, TOPIC))


def end_support(session: Session, actor: Actor, consent_id: Any) -> None:
    """Take the consent back; whoever is inside is out at once. Raises Forbidden, NotFound."""
    require(actor, "own")
    consent = owned(session, actor, SupportGrant, consent_id, lock=True)
    if consent.revoked_at is not None:
        return
    consent.revoked_at = now()
    note(session, actor, "support.revoked", after={"hours": consent.hours})
    over(session, actor, consent.id or 0)


def over(session: Session, actor: Actor, consent_id: int) -> None:
    """The consent stands no more: whoever is inside under it connects anew, and is outside."""
    inside = select(AuthSession.token_hash).where(col(AuthSession.support_id) == consent_id)
    if hashes := tuple(session.execute(inside).scalars()):
        record(session, SessionsChanged(NOBODY, hashes))
    record(session, SettingsChanged(actor.business_id, TOPIC))
