"""The commands `operator`, `rotate` and what `doctor` says of secrets."""

import pytest
from pydantic import SecretStr

from chatrigo import db, security
from chatrigo.__main__ import _parser
from chatrigo.config import settings
from chatrigo.models.factors import Totp
from chatrigo.serving import CannotStart, commands, doctor
from tests.support.browser import join


@pytest.fixture(autouse=True)
def here(shop, database_url, monkeypatch):
    """The commands work on the test's database."""
    monkeypatch.setattr("chatrigo.serving.database.address", lambda: database_url)
    monkeypatch.setattr("chatrigo.db.migrate", lambda _url: None)


def test_operators_come_and_go(shop, capsys):
    join(shop.business_id, "owner", "rina@example.com")
    commands.operator("add", "Rina@example.com")
    commands.operator("list", "")
    assert "rina@example.com" in capsys.readouterr().out.splitlines()
    commands.operator("remove", "rina@example.com")
    commands.operator("list", "")
    assert "rina@example.com" not in capsys.readouterr().out.splitlines()
    with pytest.raises(CannotStart):
        commands.operator("add", "")


def test_the_command_line_names_what_it_wants(capsys):
    asked = _parser().parse_args(["operator", "add", "rina@example.com"])
    assert (asked.act, asked.email) == ("add", "rina@example.com")
    with pytest.raises(SystemExit):
        _parser().parse_args(["operator", "promote", "rina@example.com"])


def test_rotation_and_what_can_not_be_opened_are_told(shop, capsys, monkeypatch):
    person = join(shop.business_id)
    purpose = f"authenticator app of account {person.account_id}"
    with db.transaction(person) as session:
        session.add(Totp(account_id=person.account_id, secret=security.lock(purpose, "kunci")))
    monkeypatch.setitem(settings.__dict__, "old_secret_keys", SecretStr(settings.secret.decode()))
    monkeypatch.setitem(settings.__dict__, "secret", b"another secret")
    assert ("note", "secrets") in told()
    with monkeypatch.context() as lost:
        lost.setitem(settings.__dict__, "old_secret_keys", None)
        assert ("bad", "secrets") in told()
    commands.rotate()
    assert "totp.secret: 1 encrypted anew, 0 could not be opened" in capsys.readouterr().out
    assert {verdict for verdict, _ in told()} == {"ok"}


def told() -> list[tuple[str, str]]:
    return [(finding.verdict, finding.what) for finding in doctor._secrets()]
