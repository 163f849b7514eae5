"""What protects a person's account, all that the security screen shows."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.accounts import changes, notices, open_sessions, passkeys, recovery, totp
from chatrigo.domain.accounts.changes import ReachRow
from chatrigo.domain.accounts.open_sessions import SessionRow
from chatrigo.domain.accounts.passkeys import PasskeyRow


@dataclass(frozen=True, slots=True)
class Standing:
    reach: ReachRow
    has_app: bool
    codes_left: int
    passkeys: list[PasskeyRow]
    sessions: list[SessionRow]


def get_standing(session: Session, actor: Actor) -> Standing:
    """The actor's own. Raises SignedOut."""
    account = notices.person(session, actor)
    assert account.id
    return Standing(
        reach=changes.get_reach(session, actor),
        has_app=totp.enabled(session, account.id),
        codes_left=recovery.count_left(session, account.id),
        passkeys=passkeys.list_passkeys(session, actor),
        sessions=open_sessions.list_sessions(session, actor),
    )
