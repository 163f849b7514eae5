import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from chatrigo import security
from chatrigo.config import settings

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_tokens_are_long_and_never_the_same():
    tokens = {security.token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 for token in tokens)


def test_a_password_is_known_again_and_no_other():
    stored = security.hash_password("kopi susu gula aren")
    assert stored.startswith("$argon2id$")
    assert security.verify_password("kopi susu gula aren", stored)
    assert not security.verify_password("kopi susu gula batu", stored)


def test_nobody_has_no_password():
    assert not security.verify_password("kopi susu gula aren", None)


def test_a_signature_opens_its_value_for_its_purpose_until_its_time():
    signature = security.sign("file", "7", NOON)
    assert security.verify("file", "7", signature, NOON - timedelta(seconds=1))
    assert not security.verify("file", "7", signature, NOON + timedelta(seconds=1))
    assert not security.verify("file", "8", signature, NOON)
    assert not security.verify("mail", "7", signature, NOON)


@pytest.mark.parametrize("forged", ["", ".", "abc", "9" * 40, "99999999999.", "²²²²", "1.\ud83d"])
def test_a_forged_signature_opens_nothing(forged):
    assert not security.verify("file", "7", forged, NOON)


def test_what_is_locked_opens_for_its_purpose_alone():
    locked = security.lock("model key 7", "sk-rahasia")
    assert "rahasia" not in locked
    assert security.unlock("model key 7", locked) == "sk-rahasia"
    assert security.lock("model key 7", "sk-rahasia") != locked
    with pytest.raises(ValueError, match="purpose"):
        security.unlock("model key 8", locked)


def test_a_new_secret_locks_and_the_old_one_still_opens(monkeypatch):
    before = security.lock("model key 7", "sk-rahasia")
    monkeypatch.setitem(settings.__dict__, "old_secret_keys", SecretStr(settings.secret.decode()))
    monkeypatch.setitem(settings.__dict__, "secret", b"another secret")
    assert security.unlock("model key 7", before) == "sk-rahasia"
    assert security.locked_with_old(before)
    assert not security.locked_with_old(security.lock("model key 7", "sk-rahasia"))
    monkeypatch.setitem(settings.__dict__, "old_secret_keys", None)
    with pytest.raises(ValueError, match="not set"):
        security.unlock("model key 7", before)


def test_the_time_of_a_signature_can_not_be_moved():
    until, _, seal = security.sign("file", "7", NOON).partition(".")
    assert not security.verify("file", "7", f"{int(until) + 60}.{seal}", NOON)


def test_the_first_password_of_a_process_is_checked_like_any_other():
    """Whoever comes first after a start, with an address that nobody has."""
    code = "from chatrigo import security; print(security.verify_password('x', None))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
