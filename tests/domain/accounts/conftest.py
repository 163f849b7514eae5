"""People at the door: a browser, an account, and the code in their mail."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.domain.accounts import challenges, forgot, sessions, sign_in, sign_up, totp, trusted
from chatrigo.models.account import AuthSession

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
EMAIL = "sari@kopi.example"
PASSWORD = "senja di teras rumah"


def after(**time) -> datetime:
    return NOON + timedelta(**time)


def code_in(issued) -> str:
    return issued.mail.subject.split()[-1]


class Door:
    """One browser at our door. Each step is a transaction of its own, as in the app."""

    def __init__(self, browser: str = "browser-of-sari", address: str = "10.0.0.1") -> None:
        self.browser = browser
        self.address = address
        self.device = ""

    def _here(self, now):
        return {"browser": self.browser, "address": self.address, "now": now}

    def sign_up(self, business="Kopi Senja", email=EMAIL, password=PASSWORD, now=NOON, locale="id"):
        with db.transaction(PUBLIC) as session:
            return sign_up.start(
                session, PUBLIC, business, email, password, locale=locale, **self._here(now)
            )

    def confirm_sign_up(self, issued, code=None, now=NOON):
        with db.transaction(PUBLIC) as session:
            return sign_up.confirm(
                session,
                PUBLIC,
                issued.challenge_id,
                code_in(issued) if code is None else code,
                **self._here(now),
            )

    def sign_in(self, email=EMAIL, password=PASSWORD, now=NOON, locale="id"):
        with db.transaction(PUBLIC) as session:
            return sign_in.start(
                session,
                PUBLIC,
                email,
                password,
                locale=locale,
                device=self.device,
                **self._here(now),
            )

    def ask_code(self, email=EMAIL, now=NOON, locale="id"):
        with db.transaction(PUBLIC) as session:
            return sign_in.start_without_password(
                session, PUBLIC, email, locale=locale, **self._here(now)
            )

    def confirm(self, issued, code=None, now=NOON, trust=False):
        with db.transaction(PUBLIC) as session:
            return sign_in.confirm(
                session,
                PUBLIC,
                issued.challenge_id,
                code_in(issued) if code is None else code,
                trust=trust,
                **self._here(now),
            )

    def forgot(self, email=EMAIL, now=NOON, locale="id"):
        with db.transaction(PUBLIC) as session:
            return forgot.start(session, PUBLIC, email, locale=locale, **self._here(now))

    def confirm_forgot(self, issued, code=None, now=NOON):
        with db.transaction(PUBLIC) as session:
            return forgot.confirm(
                session,
                PUBLIC,
                issued.challenge_id,
                code_in(issued) if code is None else code,
                **self._here(now),
            )

    def confirm_app(self, asked, code, now=NOON, trust=False):
        with db.transaction(PUBLIC) as session:
            return sign_in.confirm_app(
                session, PUBLIC, asked.challenge_id, code, trust=trust, **self._here(now)
            )

    def choose(self, proven, password, app_code="", now=NOON):
        with db.transaction(PUBLIC) as session:
            return forgot.finish(
                session, PUBLIC, proven.challenge_id, password, app_code, **self._here(now)
            )

    def enter(self, ticket, now=NOON):
        """As the page does: the browser keeps what it is given."""
        with db.transaction(PUBLIC) as session:
            device = trusted.remember(session, PUBLIC, ticket, self.device, now=now)
            token = sessions.enter(session, PUBLIC, ticket, self.browser, now=now)
        self.device = device or self.device
        return token


def found(token, now=NOON):
    with db.transaction(PUBLIC) as session:
        return sessions.find(session, PUBLIC, token, now)


@pytest.fixture
def door(database_open) -> Door:
    return Door()


@pytest.fixture
def sari(door) -> Door:
    """Sari has signed up, an hour ago."""
    door.confirm_sign_up(door.sign_up(now=after(hours=-1)), now=after(hours=-1))
    return door


@pytest.fixture
def resend(sari):
    def again(issued, now):
        with db.transaction(PUBLIC) as session:
            return challenges.resend(session, PUBLIC, issued.challenge_id, sari.browser, now)

    return again


@pytest.fixture
def proven(sari) -> Actor:
    """Sari, signed in, who proved at NOON that it is she."""
    actor = found(sari.enter(sari.confirm(sari.sign_in()))).actor
    with db.transaction(actor) as session:
        session.get(AuthSession, actor.session_id).confirmed_at = NOON
    return actor


@pytest.fixture
def app(proven) -> pyotp.TOTP:
    """Sari's phone. Its clock is right at NOON."""
    with db.transaction(proven) as session:
        return pyotp.TOTP(totp.begin(session, proven, NOON).key.replace(" ", ""))


@pytest.fixture
def codes(proven, app) -> list[str]:
    with db.transaction(proven) as session:
        return totp.confirm(session, proven, app.at(NOON), now=NOON)
