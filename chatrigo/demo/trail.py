"""What the demo shop's people have done that is written down, and somebody who is asked in."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from chatrigo import security
from chatrigo.demo.shop import TeamMember
from chatrigo.domain.access import Actor
from chatrigo.models.audit import AuditEntry
from chatrigo.models.team import Invitation

ASKED = "ratri@kopisenandika.example"
ADDRESS = "103.10.66.7"
# Days ago, whose act it was, the act, its subject, before, after.
ACTS: tuple[tuple[float, str, str, str, dict[str, Any], dict[str, Any]], ...] = (
    (41, "sekar", "team.invited", "laras@kopisenandika.example", {}, {"role": "agent"}),
    (40, "laras", "team.joined", "laras@kopisenandika.example", {}, {"role": "agent"}),
    (33, "sekar", "team.role_changed", "Laras Wicaksono", {"role": "agent"}, {"role": "admin"}),
    (19, "laras", "labels.deleted", "Promo Agustus", {"conversations": 12}, {}),
    (
        12,
        "laras",
        "business.changed",
        "",
        {"greeting": "Halo! Ada yang bisa dibantu?"},
        {"greeting": "Halo, selamat datang di Kopi Senandika!"},
    ),
    (6, "sekar", "knowledge.exported", "", {}, {"entries": 48}),
    (
        2,
        "laras",
        "knowledge.deleted",
        "Promo beli 2 gratis 1",
        {"answer": "Sampai 31 Oktober."},
        {},
    ),
    (1.2, "sekar", "team.invited", ASKED, {}, {"role": "agent"}),
)


def store_trail(
    session: Session,
    actor: Actor,
    team: tuple[TeamMember, ...],
    people: dict[str, int],
    now: datetime,
) -> None:
    """`people` are the accounts of the team by key."""
    emails = {member.key: member.email for member in team}
    for days, who, act, subject, before, after in ACTS:
        session.add(
            AuditEntry(
                business_id=actor.business_id,
                account_id=people[who],
                actor_name=emails[who],
                act=act,
                subject=subject,
                before=before,
                after=after,
                address=ADDRESS,
                created_at=now - timedelta(days=days),
            )
        )
        session.flush()
    asked = now - timedelta(days=ACTS[-1][0])
    session.add(
        Invitation(
            business_id=actor.business_id,
            email=ASKED,
            role="agent",
            # Nobody knows the token: in the demo it is sent again to be tried.
            token_hash=security.digest(security.token()),
            inviter_id=people["sekar"],
            delivery="sent",
            created_at=asked,
            sent_at=asked,
            expires_at=asked + timedelta(days=7),
        )
    )
    session.flush()
