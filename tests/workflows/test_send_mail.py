"""Promised mails are sent once the promise is committed, and again while the server refuses."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text
from sqlmodel import select

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain import post
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts.mailbox import Mail
from chatrigo.integrations import email
from chatrigo.models.account import OutgoingMail
from chatrigo.workflows import send_mail
from tests.support.fake_smtp import FakeMailServer, fake_smtp, make_fake_smtp

__all__ = ["fake_smtp", "make_fake_smtp"]
MAIL = Mail("sari@kopi.example", "Kode masuk: 271828", "Kodemu 271828.")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(send_mail, "FIRST_PAUSE_SECONDS", 0.05)


async def promise(**how) -> None:
    def send(session, actor):
        post.send(session, MAIL, **how)

    await db.run(send, PUBLIC)


def waiting() -> int:
    with db.transaction(PUBLIC) as session:
        return len(session.execute(select(OutgoingMail)).all())


async def until(true, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


async def test_it_arrives_over_starttls_and_is_forgotten(duties, make_fake_smtp):
    server = make_fake_smtp(tls="starttls", user="halo", password="rahasia")
    await promise()
    await until(lambda: server.messages and not waiting())
    [message] = server.messages
    assert (message["To"], message["Subject"]) == (MAIL.to, MAIL.subject)
    assert message.get_content().strip() == MAIL.text


async def test_it_is_tried_again_until_the_server_takes_it(duties, fake_smtp: FakeMailServer):
    fake_smtp.will(*["451 Later"] * 5)
    await promise()
    await until(lambda: fake_smtp.messages and not waiting())
    assert len(fake_smtp.messages) == 1
    assert fake_smtp.tries == 6


async def test_what_is_too_late_is_thrown_away(duties, fake_smtp: FakeMailServer):
    await promise(good_for=timedelta(0))
    await until(lambda: not waiting())
    assert fake_smtp.tries == 0


async def test_a_server_that_never_answers_ends_with_the_mail_s_time(duties, monkeypatch):
    monkeypatch.setitem(settings.__dict__, "smtp_url", SecretStr("smtp://127.0.0.1:9?tls=none"))
    await promise(good_for=timedelta(seconds=0.5))
    await until(lambda: not waiting())


async def test_what_waits_is_not_readable_in_the_database(shop, fake_smtp, database_url):
    """Neither our table nor the duty says the code, the address or the text."""
    await promise()
    owner = create_engine(db.driver_url(database_url))
    with owner.connect() as connection:
        for query in (
            "SELECT coalesce(string_agg(t::text, ''), '') FROM outgoing_mail t",
            "SELECT coalesce(string_agg(t::text, ''), '') FROM dbos.workflow_status t"
            " WHERE name = 'send_mail'",
        ):
            kept = connection.execute(text(query)).scalar_one()
            assert kept
            assert "271828" not in kept
            assert "sari" not in kept
    owner.dispose()


async def test_a_promise_that_is_rolled_back_is_none(duties, fake_smtp: FakeMailServer):
    def fail(session, actor):
        post.send(session, MAIL)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await db.run(fail, PUBLIC)
    assert waiting() == 0
