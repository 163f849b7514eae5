"""A session that ends takes its open sockets along, and no others."""

import asyncio
import time

import pytest
import websockets
from sqlalchemy import delete
from sqlmodel import select

from chatrigo import db, security
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.domain.accounts import businesses, open_sessions, sessions
from chatrigo.events import NOBODY, Missed, hub
from chatrigo.models.account import AuthSession, Membership
from tests.support.browser import join, sign_in
from tests.support.knocking import knocker
from tests.support.served import served


async def heard_until_closed(door, seconds: float = 2.0) -> tuple[str, float]:
    """What it heard, and after how long it was closed; TimeoutError if it was not."""
    start = time.monotonic()
    heard = ""
    async with asyncio.timeout(seconds):
        try:
            while True:
                heard += str(await door._wire.recv())
        except websockets.ConnectionClosed:
            return heard, time.monotonic() - start


async def is_open(door) -> bool:
    try:
        async with asyncio.timeout(0.6):
            while True:
                await door._wire.recv()
    except TimeoutError:
        return True
    except websockets.ConnectionClosed:
        return False


@pytest.fixture
def sari(shop) -> Actor:
    return join(shop.business_id)


def session_of(cookie: str) -> AuthSession:
    with db.transaction(PUBLIC) as session:
        hash = security.digest(cookie.partition("=")[2])
        return session.execute(
            select(AuthSession).where(AuthSession.token_hash == hash)
        ).scalar_one()


def acting(cookie: str) -> Actor:
    with db.transaction(PUBLIC) as session:
        return sessions.find(session, PUBLIC, cookie.partition("=")[2]).actor


async def test_revoking_one_session_closes_its_sockets_and_leaves_the_others(
    sari, stranger, database_url, monkeypatch
):
    async with served(database_url, monkeypatch) as origin:
        phone, laptop, other = sign_in(sari), sign_in(sari), sign_in(stranger)
        async with (
            knocker(origin, phone) as lost,
            knocker(origin, phone) as lost_too,
            knocker(origin, laptop) as kept,
            knocker(origin, other) as foreign,
            knocker(origin) as nobody,
        ):
            await db.run(open_sessions.revoke, acting(laptop), session_of(phone).id)
            for door in (lost, lost_too):
                heard, after = await heard_until_closed(door)
                assert after < 2
                assert "/sign-in?next=" in heard
            assert await is_open(kept)
            assert await is_open(foreign)
            assert await is_open(nobody)


async def test_signing_out_closes_the_other_tabs(sari, database_url, monkeypatch):
    async with served(database_url, monkeypatch) as origin:
        cookie = sign_in(sari)
        async with knocker(origin, cookie) as tab:
            await db.run(sessions.leave, PUBLIC, cookie.partition("=")[2])
            await heard_until_closed(tab)


async def test_a_changed_role_makes_tabs_load_anew(sari, database_url, monkeypatch):
    async with served(database_url, monkeypatch) as origin:
        cookie = sign_in(sari)

        def demote(session, actor):
            member = session.execute(
                select(Membership).where(Membership.account_id == sari.account_id)
            ).scalar_one()
            member.role = "viewer"
            businesses.load_anew(session, actor, sari.account_id)

        async with knocker(origin, cookie) as tab:
            await db.run(demote, sari)
            heard, _ = await heard_until_closed(tab)
            assert "/sign-in" not in heard


async def test_facts_that_were_missed_are_asked_for(sari, database_url, monkeypatch):
    async with served(database_url, monkeypatch) as origin:
        gone, kept = sign_in(sari), sign_in(sari)
        async with knocker(origin, gone) as lost, knocker(origin, kept) as stays:
            with db.transaction(sari) as session:  # tells nobody
                session.get(AuthSession, session_of(gone).id).revoked_at = session_of(
                    gone
                ).created_at
            hub.publish(Missed(NOBODY))
            await heard_until_closed(lost)
            assert await is_open(stays)


async def test_a_session_that_grew_old_by_itself_takes_its_sockets_along(
    sari, database_url, monkeypatch
):
    """An open tab that only listens does not keep its session alive."""
    monkeypatch.setattr("chatrigo.serving.sockets.SWEEP_SECONDS", 0.3)
    async with served(database_url, monkeypatch) as origin:
        idle, busy = sign_in(sari), sign_in(sari)
        async with knocker(origin, idle) as lost, knocker(origin, busy) as stays:
            assert await is_open(lost)
            with db.transaction(sari) as session:
                kept = session.get(AuthSession, session_of(idle).id)
                kept.last_seen_at -= sessions.IDLE
            await heard_until_closed(lost)
            assert await is_open(stays)


async def test_who_leaves_a_business_is_gone_from_its_screens(sari, database_url, monkeypatch):
    async with served(database_url, monkeypatch) as origin:
        cookie = sign_in(sari)

        def remove(session, actor):
            session.execute(delete(Membership).where(Membership.account_id == sari.account_id))
            businesses.send_elsewhere(session, actor, sari.account_id)

        async with knocker(origin, cookie) as tab:
            await db.run(remove, sari)
            heard, after = await heard_until_closed(tab)
            assert after < 2
            assert "/sign-in" in heard
