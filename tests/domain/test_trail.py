import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from chatrigo import db
from chatrigo.domain import audit, trail
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.trail import TrailFilter
from chatrigo.errors import ConfirmItsYou, Forbidden
from chatrigo.models.account import AuthSession
from chatrigo.models.audit import AuditEntry
from chatrigo.models.columns import now
from tests.domain.team.conftest import at_work, run
from tests.support.browser import join

ALL = TrailFilter()


@pytest.fixture
def owner(shop):
    return at_work(join(shop.business_id, "owner", "owner@kopi.example"))


def noted(actor, act="team.removed", subject="Rina", **fields):
    run(audit.note, actor, act, subject, **fields)


def test_newest_first_with_before_and_after(owner):
    noted(owner, before={"role": "agent"}, after={"role": "viewer"})
    noted(owner, "labels.deleted", "VIP", before={"conversations": 3, "tags": ["a", "b"]})
    newest, oldest = run(trail.list_trail, owner, ALL)
    assert (newest.act, newest.subject, newest.who) == (
        "labels.deleted",
        "VIP",
        "owner@kopi.example",
    )
    assert {(c.field, c.before, c.after) for c in newest.changes} == {
        ("conversations", "3", ""),
        ("tags", "a, b", ""),
    }
    assert [(c.field, c.before, c.after) for c in oldest.changes] == [("role", "agent", "viewer")]


def test_windows_of_fifty(owner):
    for number in range(55):
        noted(owner, subject=str(number))
    first = run(trail.list_trail, owner, ALL)
    assert len(first) == trail.WINDOW + 1
    rest = run(trail.list_trail, owner, ALL, first[trail.WINDOW - 1].id)
    assert [row.subject for row in rest] == ["4", "3", "2", "1", "0"]


def test_filters_by_person_act_day_and_words(shop, owner):
    admin = at_work(join(shop.business_id, "admin", "admin@kopi.example"))
    noted(owner)
    noted(admin, "labels.deleted", "100%_VIP")
    with db.transaction(shop) as session:
        session.add(
            AuditEntry(
                business_id=shop.business_id,
                act="team.left",
                # In Jakarta this is the second of March already.
                created_at=datetime(2026, 3, 1, 18, tzinfo=UTC),
            )
        )

    def found(**asked):
        blank = dict.fromkeys(("person", "act", "since", "until", "search"), "")
        return [row.act for row in run(trail.list_trail, owner, TrailFilter.of(**(blank | asked)))]

    assert found(person=admin.account_id) == ["labels.deleted"]
    assert found(act="team.removed") == ["team.removed"]
    assert found(search="%_vip") == ["labels.deleted"]
    assert found(search="admin@") == ["labels.deleted"]
    assert found(since="2026-03-02", until="2026-03-02") == ["team.left"]
    assert found(until="2026-03-01") == []
    nonsense = {"person": "x", "act": ["y"], "since": "soon", "until": None, "search": 7}
    assert len(found(**nonsense)) == 3


def test_agents_viewers_and_other_businesses_read_nothing(shop, stranger, owner):
    noted(owner)
    for role in ("agent", "viewer"):
        actor = at_work(join(shop.business_id, role))
        for read in (trail.list_people, trail.list_trail, trail.export_trail):
            with pytest.raises(Forbidden):
                run(read, actor, *(() if read is trail.list_people else (ALL,)))
    outsider = at_work(join(stranger.business_id, "owner"))
    assert run(trail.list_trail, outsider, ALL) == []
    assert run(trail.list_people, outsider) == []


def test_the_export_is_harmless_to_spreadsheets_and_noted(owner):
    noted(owner, subject="=HYPERLINK()", after={"role": "admin"})
    lines = list(csv.reader(io.StringIO(run(trail.export_trail, owner, ALL, "en")[1:])))
    assert lines[0] == list(trail.HEADING)
    assert lines[1][1:5] == [
        "owner@kopi.example",
        "team.removed",
        "Removed from the team",
        "'=HYPERLINK()",
    ]
    newest = run(trail.list_trail, owner, ALL)[0]
    assert (newest.act, newest.changes[0].after) == ("audit.exported", "1")


def test_the_export_asks_for_fresh_proof(owner):
    with db.transaction(PUBLIC) as session:
        session.get(AuthSession, owner.session_id).confirmed_at = now() - timedelta(minutes=11)
    with pytest.raises(ConfirmItsYou):
        run(trail.export_trail, owner, ALL)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"],
)
def test_what_is_written_stays_written(shop, owner, statement):
    noted(owner)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        db.transaction(shop) as session,
    ):
        session.execute(text(statement))
    assert len(run(trail.list_trail, owner, ALL)) == 1


def test_a_note_of_an_act_that_failed_is_gone_with_it(shop, owner):
    with pytest.raises(ValueError), db.transaction(owner) as session:  # noqa: PT011
        audit.note(session, owner, "team.removed")
        raise ValueError
    assert run(trail.list_trail, owner, ALL) == []
