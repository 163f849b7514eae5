"""Who is asking, and what they may touch."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, Text, bindparam, cast, func, text
from sqlalchemy import select as select_columns
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, select

from chatrigo.errors import Forbidden, NotFound, SignedOut

M = TypeVar("M", bound=SQLModel)

# Every permission, and which people have it. `system` is our own workflows and seeds: it may all.
PERMISSIONS: dict[str, frozenset[str]] = {
    "inbox.read": frozenset({"owner", "admin", "agent", "viewer"}),
    "inbox.write": frozenset({"owner", "admin", "agent"}),
    "teach": frozenset({"owner", "admin"}),
    "configure": frozenset({"owner", "admin"}),
    "export": frozenset({"owner", "admin"}),
    "keys": frozenset({"owner", "admin"}),
    "team": frozenset({"owner", "admin"}),
    "audit": frozenset({"owner", "admin"}),
    "billing": frozenset({"owner", "admin"}),
    "own": frozenset({"owner"}),
}
ROLES = ("owner", "admin", "agent", "viewer")


def may(role: str, permission: str) -> bool:
    """Whether a role has a permission; KeyError for a permission that does not exist."""
    return role in PERMISSIONS[permission] or role == "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Somebody who acts for one business: a person, a visitor, or a workflow.

    `business_id` 0 is nobody's: row-level security then shows no tenant row. `session_id` is the
    `auth_session` of a person in a browser; 0 for everybody else. `support_id` is the owner's consent
    under which one of our operators looks at the business: such an actor's transactions are
    read-only.
    """

    account_id: int | None
    business_id: int
    role: str
    session_id: int = 0
    support_id: int = 0


PUBLIC = Actor(None, 0, "public")

_ACCOUNT = text("SELECT current_setting('chatrigo.account_id', true)")
_SPEAK_FOR = text("SELECT set_config('chatrigo.account_id', :account, true)")


def system(business_id: int) -> Actor:
    """Our own work on behalf of a business."""
    return Actor(None, business_id, "system")


def enter(session: Session, business_id: int, role: str) -> Actor:
    """Act for this business from here on in this transaction: a shop's chat page, a sign-up."""
    session.execute(
        text("SELECT set_config('chatrigo.business_id', :id, true)"), {"id": str(business_id)}
    )
    return Actor(None, business_id, role)


@contextmanager
def speaking_for(session: Session, account_id: int) -> Iterator[None]:
    """
    See what is this account's own inside the block: its factors, its memberships.

    For those who are still proving who they are; whose transaction it is stays as it was.
    """
    before = session.execute(_ACCOUNT).scalar() or ""
    session.execute(_SPEAK_FOR, {"account": str(account_id)})
    yield
    session.flush()
    session.execute(_SPEAK_FOR, {"account": before})


def entering(business: Any) -> Select[*tuple[Any, ...]]:
    """A query of the table of businesses that also acts for the one it finds, as `enter` does."""
    id = cast(business.id, Text)
    return select_columns(business, func.set_config("chatrigo.business_id", id, True))


def require(actor: Actor, permission: str) -> None:
    """Raises SignedOut for nobody, Forbidden for a role without the permission."""
    if not actor.business_id:
        raise SignedOut
    if not may(actor.role, permission):
        raise Forbidden


def owned(session: Session, actor: Actor, model: type[M], id: Any, *, lock: bool = False) -> M:
    """
    The row, if the actor's business owns it; otherwise it does not exist.

    `id` may be anything a browser sends. `lock` holds the row until the commit.
    """
    asked = {"owned": as_id(id), "owner": actor.business_id}
    row = session.execute(_owned(model, lock), asked).scalars().first()
    if row is None:
        raise NotFound
    return row


# Here and on the way of a customer's message, statements are made once: putting one together
# costs about as much as running it.
@cache
def _owned(model: Any, lock: bool) -> Any:
    query = select(model).where(
        model.id == bindparam("owned"), model.business_id == bindparam("owner")
    )
    return query.with_for_update() if lock else query


def as_id(value: Any) -> int:
    """A row's number out of whatever was sent. Raises NotFound for what can't be one."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise NotFound
    try:
        number = int(value)
    except ValueError:
        raise NotFound from None
    if not 0 < number < 2**63:
        raise NotFound
    return number
