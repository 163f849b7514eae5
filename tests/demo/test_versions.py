"""The demo's versions and tests, as an owner finds them."""

from sqlmodel import select

from chatrigo import db
from chatrigo.demo.seed import seed
from chatrigo.domain.access import PUBLIC, system
from chatrigo.domain.assistant import publishing, versions
from chatrigo.domain.assistant.testing import runs
from chatrigo.models.business import Business


def test_the_demo_has_a_draft_with_a_reason_to_look_at_its_tests(database_open):
    assert seed()
    with db.transaction(PUBLIC) as session:
        shop = system(session.execute(select(Business.id)).scalars().one())
    with db.transaction(shop) as session:
        rows = versions.list_versions(session, shop)
        assert [(row.number, row.state) for row in rows] == [
            (3, "draft"),
            (2, "published"),
            (1, "archived"),
        ]
        assert all(row.author for row in rows)
        view = runs.latest_run(session, shop)
        failed = {
            line.name: (line.draft.state, line.published.state)
            for line in view.lines
            if "failed" in (line.draft.state, line.published.state)
        }
        assert failed == {
            "Kopi untuk ibu hamil": ("failed", "passed"),
            "Dibanding toko sebelah": ("passed", "failed"),
        }
        assert len(view.lines) == 8
        assert publishing.readiness(session, shop).state == "failing"
