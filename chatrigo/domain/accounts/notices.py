"""Telling a person by mail that something about the safety of their account has changed."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain import post
from chatrigo.domain.access import Actor
from chatrigo.domain.accounts.devices import browser_of, system_of
from chatrigo.domain.accounts.mailbox import Mail
from chatrigo.errors import SignedOut
from chatrigo.i18n import known, translate
from chatrigo.models.account import Account, AuthSession
from chatrigo.models.business import Business
from chatrigo.models.columns import now as this_moment


def person(session: Session, actor: Actor) -> Account:
    """The actor's account. Raises SignedOut for whoever has none."""
    account = session.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        raise SignedOut
    return account


def tell(
    session: Session,
    actor: Actor,
    what: str,
    *,
    locale: str = "id",
    to: str = "",
    now: datetime | None = None,
    **values: Any,
) -> None:
    """
    Promise a mail to the actor's address (or `to`) that says `mail.told_<what>`, when and from
    which browser. It is sent once the transaction commits, and survives a crash.
    """
    now = now or this_moment()
    locale = known(locale)
    here = _from_where(session, actor)
    told = {
        "what": translate(f"mail.told_{what}", locale, **values),
        "when": _clock(session, actor, now),
        "device": device_in_words(here.user_agent if here else "", locale),
        "address": (here.address if here else "") or "-",
    }
    post.send(
        session,
        Mail(
            to=to or person(session, actor).email,
            subject=translate("mail.told_subject", locale, **told),
            text=translate("mail.told_text", locale, **told),
        ),
    )


def _clock(session: Session, actor: Actor, now: datetime) -> str:
    query = select(Business.zone).where(col(Business.id) == actor.business_id)
    here = now.astimezone(ZoneInfo(session.execute(query).scalar() or "Asia/Jakarta"))
    name = {7: "WIB", 8: "WITA", 9: "WIT"}[int(here.utcoffset().total_seconds() // 3600)]  # type: ignore[union-attr]
    return f"{here:%d/%m/%Y %H.%M} {name}"


def device_in_words(user_agent: str, locale: str) -> str:
    """ "Chrome di Android", or as much of it as is known."""
    browser, system = browser_of(user_agent), system_of(user_agent)
    if not (browser and system):
        return browser or system or translate("security.device_unknown", locale)
    return translate("security.device", locale, browser=browser, system=system)


def _from_where(session: Session, actor: Actor) -> AuthSession | None:
    return session.get(AuthSession, actor.session_id) if actor.session_id else None
