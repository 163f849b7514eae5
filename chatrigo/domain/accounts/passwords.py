"""Which passwords are good enough, and putting a new one in place."""

import unicodedata
from datetime import datetime

from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo import security
from chatrigo.domain.access import Actor, speaking_for
from chatrigo.domain.accounts import notices, trusted
from chatrigo.domain.accounts.guessable import is_guessable
from chatrigo.errors import Invalid
from chatrigo.models.account import Account, Membership
from chatrigo.models.business import Business

SHORTEST = 10
# Far beyond any passphrase, and short enough that hashing one is no work to speak of.
LONGEST = 200


def normal(typed: object) -> str:
    """
    The characters that are hashed: the same whatever keyboard composed them.

    Raises Invalid for what cannot be anybody's password.
    """
    if not isinstance(typed, str) or len(typed) > LONGEST:
        raise Invalid("auth.password_too_long", most=LONGEST)
    try:
        typed.encode()
    except UnicodeEncodeError:
        raise Invalid("auth.password_unreadable") from None
    return unicodedata.normalize("NFKC", typed)


def acceptable(typed: object, *, about: tuple[str, ...] = ()) -> str:
    """
    A new password, normal. Raises Invalid for one that is short or easily guessed.

    `about` is what a stranger would try first: the address, the business's name.
    """
    password = normal(typed)
    if len(password) < SHORTEST:
        raise Invalid("auth.password_too_short", least=SHORTEST)
    if is_guessable(password, about):
        raise Invalid("auth.password_common")
    return password


def about(session: Session, account: Account) -> tuple[str, ...]:
    """What a stranger would try first: the person's address and name, and their businesses'."""
    with speaking_for(session, account.id or 0):
        query = (
            select(Business.name)
            .join(Membership, col(Membership.business_id) == col(Business.id))
            .where(Membership.account_id == account.id)
        )
        names = session.execute(query).scalars().all()
    return account.email, account.name, *names


def replace(
    session: Session,
    account: Account,
    password: str,
    *,
    actor: Actor | None = None,
    told: str = "password_changed",
    locale: str = "id",
    now: datetime | None = None,
) -> None:
    """
    Store a password that is `acceptable`; no device is trusted from now on, and the person is
    `told` so by mail. Sessions are the caller's: a reset ends all, a change spares its own.
    """
    assert account.id
    account.password_hash = security.hash_password(password)
    session.flush()
    trusted.revoke_all(session, account.id)
    person = actor or Actor(account.id, 0, "public")
    notices.tell(session, person, told, locale=locale, now=now)
