"""A new business, with all that it needs to answer its first customer."""

import re
import unicodedata
from itertools import count
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, system
from chatrigo.errors import Invalid
from chatrigo.i18n import DEFAULT, translate
from chatrigo.models.account import Membership
from chatrigo.models.business import Assistant, Business, Label
from chatrigo.models.columns import now
from chatrigo.models.conversation import Channel
from chatrigo.models.instructions import InstructionVersion

ZONE = "Asia/Jakarta"
LONGEST_NAME = 80
LONGEST_SLUG = 40
LABELS = (("order", "teal"), ("complaint", "red"), ("question", "blue"), ("regular", "amber"))
# Names that a visitor would take for ours, or that our own addresses need.
RESERVED = frozenset(
    {
        "admin",
        "api",
        "app",
        "assets",
        "auth",
        "bantuan",
        "billing",
        "c",
        "chatrigo",
        "demo",
        "files",
        "help",
        "login",
        "new",
        "official",
        "resmi",
        "security",
        "sign-in",
        "sign-up",
        "support",
        "system",
        "test",
        "widget",
        "www",
    }
)


def business_name(typed: Any) -> str:
    """The name on one line. Raises Invalid."""
    name = " ".join(typed.split()) if isinstance(typed, str) else ""
    if not any(character.isalnum() for character in name) or not name.isprintable():
        raise Invalid("auth.business_invalid")
    if len(name) > LONGEST_NAME:
        raise Invalid("auth.business_too_long", most=LONGEST_NAME)
    return name


def found_business(
    session: Session,
    name: str,
    *,
    owner_id: int | None = None,
    slug: str | None = None,
    locale: str = DEFAULT,
) -> Actor:
    """
    Create a business with its web channel, assistant and labels; returns its system actor.

    The rest of the transaction acts for that business. `slug` is made of the name unless given.
    """
    id = _take_slug(session, name, slug or slug_of(name), locale)
    founder = system(id)
    session.execute(text("SELECT set_config('chatrigo.business_id', :id, true)"), {"id": str(id)})
    if owner_id is not None:
        session.add(Membership(business_id=id, account_id=owner_id, role="owner"))
    session.add(Channel(business_id=id, kind="web", name=name))
    session.add(Assistant(business_id=id))
    session.add(_instructions(id, name, locale, owner_id))
    for label, colour in LABELS:
        session.add(
            Label(business_id=id, name=translate(f"founding.label_{label}", locale), colour=colour)
        )
    session.flush()
    return founder


def slug_of(name: str) -> str:
    """The name as it looks in an address: "Kopi Tuku & Teman" is kopi-tuku-teman."""
    ascii = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii.replace("'", "")).strip("-")
    slug = words[:LONGEST_SLUG].strip("-")
    return slug if len(slug) > 1 and slug not in RESERVED else f"toko-{slug}".strip("-")


def _take_slug(session: Session, name: str, slug: str, locale: str) -> int:
    """Add the business under the first address that is free: kopi, kopi-2, kopi-3, …"""
    greeting = translate("founding.greeting", locale, business=name)
    for number in count(1):
        taken = insert(Business).values(
            name=name,
            slug=slug if number == 1 else f"{slug}-{number}",
            greeting=greeting,
            zone=ZONE,
            quick_questions=[],
            created_at=now(),
        )
        added = session.execute(
            taken.on_conflict_do_nothing(index_elements=["slug"]).returning(Business.id)
        ).scalar_one_or_none()
        if added is not None:
            return added
    raise AssertionError("numbers do not end")


def _instructions(
    business_id: int, name: str, locale: str, owner_id: int | None
) -> InstructionVersion:
    def default(part: str) -> str:
        return translate(f"founding.assistant_{part}", locale, business=name)

    return InstructionVersion(
        business_id=business_id,
        state="published",
        note=default("note"),
        author_id=owner_id,
        changed_by=owner_id,
        published_by=owner_id,
        published_at=now(),
        name=default("name"),
        persona=default("persona"),
        tone=default("tone"),
        do=default("do"),
        dont=default("dont"),
        handover_line=default("handover"),
    )
