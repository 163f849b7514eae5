"""The demo mailbox: mails that would have been sent. It exists in demo mode only."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo.config import settings
from chatrigo.domain.access import Actor
from chatrigo.errors import NotFound
from chatrigo.events import SettingsChanged, record
from chatrigo.models.account import DemoMail

SHOWN = 20
KEPT = 200
CLOCK = ZoneInfo("Asia/Jakarta")
# Nobody's: the mailbox belongs to no business.
TOPIC = "mailbox"


@dataclass(frozen=True, slots=True)
class Mail:
    """A message to a person, by e-mail unless another `channel` is named."""

    to: str
    subject: str
    text: str
    channel: str = "email"


@dataclass(frozen=True, slots=True)
class MailRow:
    id: int
    recipient: str
    subject: str
    body: str
    sent_at: datetime
    clock: str
    code: str


def keep(session: Session, actor: Actor, mail: Mail) -> None:
    """Put a mail into the mailbox; the oldest ones make room. Raises NotFound outside a demo."""
    _demo_only()
    session.add(DemoMail(to=mail.to, subject=mail.subject[:200], body=mail.text))
    session.flush()
    newest = select(DemoMail.id).order_by(DemoMail.id.desc()).limit(KEPT)
    session.execute(delete(DemoMail).where(DemoMail.id.not_in(newest)))
    record(session, SettingsChanged(0, TOPIC))


def list_mails(session: Session, actor: Actor) -> list[MailRow]:
    """The newest mails, newest first. Raises NotFound outside a demo."""
    _demo_only()
    mails = session.execute(select(DemoMail).order_by(DemoMail.id.desc()).limit(SHOWN)).scalars()
    return [
        MailRow(
            id=mail.id or 0,
            recipient=mail.to,
            subject=mail.subject,
            body=mail.body,
            sent_at=mail.sent_at,
            clock=f"{mail.sent_at.astimezone(CLOCK):%H.%M.%S} WIB",
            code=_code(mail.subject),
        )
        for mail in mails
    ]


def _code(subject: str) -> str:
    """The six digits in the subject, or nothing."""
    digits = [word for word in subject.split() if len(word) == 6 and word.isdecimal()]
    return digits[0] if digits else ""


def _demo_only() -> None:
    if not settings.demo:
        raise NotFound
