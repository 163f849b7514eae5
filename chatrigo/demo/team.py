"""Our own team in the demo: a business of ours, whose owner may open the operator console."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from chatrigo import db, security
from chatrigo.demo.seed import PASSWORD
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts.founding import found_business
from chatrigo.models.account import Account

EMAIL = "tim@chatrigo.example"
NAME = "Tim Chatrigo"


def seed() -> str:
    """Store it unless it is there; the address to make an operator, or nothing."""
    with db.transaction(PUBLIC) as session:
        return "" if _is_there(session) else _store(session)


def _is_there(session: Session) -> bool:
    return session.execute(select(Account.id).where(Account.email == EMAIL)).first() is not None


def _store(session: Session) -> str:
    account = Account(email=EMAIL, name=NAME, password_hash=security.hash_password(PASSWORD))
    session.add(account)
    session.flush()
    found_business(session, NAME, owner_id=account.id, slug="tim-chatrigo")
    return EMAIL
