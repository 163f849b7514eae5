"""The face of a business: name, chat address, zone, greeting, quick questions."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, require
from chatrigo.domain.fields import choice_of, line_of, text_of
from chatrigo.domain.settings import own_business
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.business import Business

MAX_NAME = 120
MAX_GREETING = 500
MIN_SLUG, MAX_SLUG = 3, 60
MAX_QUICK_QUESTIONS = 6
MAX_QUICK_QUESTION = 80
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ProfileRow:
    name: str
    slug: str
    zone: str
    greeting: str
    quick_questions: list[str]


def get_profile(session: Session, actor: Actor) -> ProfileRow:
    require(actor, "configure")
    return _row(own_business(session, actor))


def change_profile(
    session: Session, actor: Actor, name: Any, zone: Any, greeting: Any
) -> ProfileRow:
    """Name, zone (one of ZONES) and the greeting of the chat page."""
    require(actor, "configure")
    business = own_business(session, actor, lock=True)
    before = _noted(business)
    business.name = line_of(name, "settings.name", most=MAX_NAME, least=1)
    business.zone = choice_of(zone, "settings.zone", ZONES)
    business.greeting = text_of(greeting, "settings.greeting", most=MAX_GREETING)
    _note(session, actor, "business.changed", before, _noted(business))
    return _changed(session, actor, business)


def change_slug(session: Session, actor: Actor, slug: Any) -> ProfileRow:
    """Move the chat page to another address; links to the old one stop working."""
    require(actor, "configure")
    business = own_business(session, actor, lock=True)
    wanted = line_of(slug, "settings.slug", most=MAX_SLUG, least=MIN_SLUG).lower()
    if not _SLUG.fullmatch(wanted):
        raise Invalid("settings.slug_shape")
    if wanted == business.slug:
        return _row(business)
    before = business.slug
    try:
        with session.begin_nested():
            business.slug = wanted
    except IntegrityError:
        raise Invalid("settings.slug_taken", slug=wanted) from None
    _note(session, actor, "business.address_changed", {"slug": before}, {"slug": wanted})
    return _changed(session, actor, business)


def change_quick_questions(session: Session, actor: Actor, questions: Any) -> ProfileRow:
    """The questions to tap on the chat page, in this order; empty and repeated ones are left out."""
    require(actor, "configure")
    business = own_business(session, actor, lock=True)
    listed = questions if isinstance(questions, list | tuple) else []
    lines = (
        line_of(each, "settings.quick_question", most=MAX_QUICK_QUESTION) for each in listed[:100]
    )
    kept = list(dict.fromkeys(line for line in lines if line))
    if len(kept) > MAX_QUICK_QUESTIONS:
        raise Invalid("settings.quick_questions_many", limit=MAX_QUICK_QUESTIONS)
    before, business.quick_questions = list(business.quick_questions), kept
    _note(
        session,
        actor,
        "business.questions_changed",
        {"quick_questions": before},
        {"quick_questions": kept},
    )
    return _changed(session, actor, business)


def _noted(business: Business) -> dict[str, str]:
    return {"name": business.name, "zone": business.zone, "greeting": business.greeting}


def _note(
    session: Session, actor: Actor, act: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Write down the fields that differ; nothing if none does."""
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        audit.note(
            session,
            actor,
            act,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )


def _changed(session: Session, actor: Actor, business: Business) -> ProfileRow:
    session.flush()
    record(session, SettingsChanged(actor.business_id, "profile"))
    return _row(business)


def _row(business: Business) -> ProfileRow:
    return ProfileRow(
        name=business.name,
        slug=business.slug,
        zone=business.zone,
        greeting=business.greeting,
        quick_questions=[str(each) for each in business.quick_questions],
    )
