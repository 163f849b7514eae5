"""Refusals that may be an attack reach the log, and crashes the operator."""

import pytest
from structlog.testing import capture_logs

from chatrigo import faults
from chatrigo.errors import ConfirmItsYou, Forbidden, Invalid, LimitReached, NotFound
from chatrigo.web import auth
from tests.web.conftest import http

__all__ = ["http"]


@pytest.mark.parametrize(
    ("error", "logged"),
    [
        (Forbidden(), True),
        (LimitReached(), True),
        (Invalid("auth.wrong_credentials"), True),
        (Invalid("auth.code_wrong", left=2), True),
        (Invalid("knowledge.title_missing"), False),
        (ConfirmItsYou(), False),
        (NotFound(), False),
    ],
)
def test_what_matters_is_logged(error, logged):
    with capture_logs() as lines:
        faults.watch(error, "sign_in.start", address="203.0.113.7", account=0)
    assert bool(lines) == logged
    if logged:
        assert lines[0]["why"] == error.key
        assert lines[0]["address"] == "203.0.113.7"
        assert "account" not in lines[0]


async def test_a_wrong_ticket_is_logged_without_the_ticket(http, database_open):
    assert auth.routes
    with capture_logs() as lines:
        await http.post("/auth/enter", json={"ticket": "a-guessed-ticket"})
    assert [line["why"] for line in lines if line["event"] == "refused"] == ["auth.ticket_gone"]
    assert "a-guessed-ticket" not in str(lines)


def test_crashes_are_kept_by_their_id_and_never_by_their_words():
    id = faults.note("/inbox", RuntimeError("the password is hunter2"))
    newest = faults.latest()[0]
    assert (newest.id, newest.where, newest.kind) == (id, "/inbox", "RuntimeError")
    assert "hunter2" not in repr(newest)
    for _ in range(2 * faults.KEPT):
        faults.note("/inbox", RuntimeError())
    assert len(faults.latest()) == faults.KEPT
