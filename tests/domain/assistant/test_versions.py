"""Drafts, publishing, going back, and two people at once."""

import pytest
from sqlalchemy import event
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.domain.assistant import versions
from chatrigo.domain.assistant.handover import handover_line
from chatrigo.domain.assistant.policy import shop_of
from chatrigo.errors import Forbidden, Invalid, NotFound, SignedOut
from chatrigo.events import SettingsChanged, recorded
from chatrigo.models.audit import AuditEntry
from chatrigo.models.instructions import InstructionVersion
from tests.domain.conversations.conftest import employ

WISHES = {"name": "Nandi", "tone": "Santai", "language": "customer"}


@pytest.fixture
def sari(session, actor):
    return employ(session, actor, "Sari")


@pytest.fixture
def dimas(session, actor):
    return employ(session, actor, "Dimas", "admin")


def save(session, who, revision=0, **wishes):
    return versions.save_draft(session, who, {**WISHES, **wishes}, revision)


def publish(session, who, **wishes):
    desk = save(session, who, versions.get_desk(session, who).revision, **wishes)
    return versions.put_live(session, who, desk.revision, note=wishes.get("note", ""))


def live_name(session, actor):
    return shop_of(session, actor).told.name


def test_editing_makes_a_draft_that_customers_do_not_meet(session, sari):
    publish(session, sari, name="Lama")
    desk = save(session, sari, name="Baru")
    assert (desk.draft.number, desk.draft.revision, desk.row.name) == (2, 1, "Baru")
    assert desk.published.number == 1
    assert desk.draft.from_number == 1
    assert live_name(session, sari) == "Lama"
    assert SettingsChanged(sari.business_id, "assistant") in recorded(session)


def test_publishing_archives_what_was_there(session, sari):
    publish(session, sari, name="Satu")
    row = publish(session, sari, name="Dua", note="Ganti nama")
    assert (row.number, row.state, row.note, row.published_by) == (
        2,
        "published",
        "Ganti nama",
        "Sari",
    )
    assert [(v.number, v.state) for v in versions.list_versions(session, sari)] == [
        (2, "published"),
        (1, "archived"),
    ]
    assert live_name(session, sari) == "Dua"
    assert versions.get_desk(session, sari).draft is None


def test_what_is_live_is_read_in_one_statement(session, sari):
    publish(session, sari, name="Satu", handover_line="Tunggu, Kak.")
    save(session, sari, name="Draf", handover_line="Lain.")
    statements = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert shop_of(session, sari).told.name == "Satu"
    assert len(statements) == 1
    assert handover_line(session, sari, "id", "no_evidence") == "Tunggu, Kak."


def test_before_anything_was_said_the_defaults_hold(session, actor):
    shop = shop_of(session, actor)
    assert (shop.told.name, shop.told.language, shop.enabled) == ("", "customer", True)
    desk = versions.get_desk(session, actor)
    assert (desk.draft, desk.published, desk.revision) == (None, None, 0)


def test_who_saves_over_somebody_else_is_told_and_nothing_is_lost(session, sari, dimas):
    mine = save(session, sari, name="A")
    theirs = save(session, dimas, mine.revision, name="B", tone="Ceria")
    with pytest.raises(versions.ChangedByOther) as told:
        save(session, sari, mine.revision, name="C", tone="Ceria")
    assert told.value.values["name"] == "Dimas"
    assert told.value.fields == ["name"]
    assert versions.get_desk(session, sari).row.name == "B"
    kept = save(session, sari, told.value.revision, name="C", tone="Ceria")
    assert (kept.row.name, kept.draft.changed_by) == ("C", "Sari")
    assert told.value.revision == theirs.revision


def test_two_first_drafts_are_one(session, sari, dimas):
    save(session, sari, name="A")
    with pytest.raises(versions.ChangedByOther) as told:
        save(session, dimas, 0, name="B")
    assert told.value.values["name"] == "Sari"
    assert save(session, dimas, 0, name="A").row.name == "A"  # the same words: no quarrel


def test_a_draft_that_was_published_meanwhile_is_no_longer_saved_over(session, sari, dimas):
    desk = save(session, sari, name="A")
    versions.put_live(session, dimas, desk.revision)
    with pytest.raises(versions.ChangedByOther) as told:
        save(session, sari, desk.revision, name="B")
    assert (told.value.values["name"], told.value.revision) == ("Dimas", 0)


def test_what_changed_since_it_was_looked_at_is_not_published(session, sari, dimas):
    desk = save(session, sari, name="A")
    save(session, dimas, desk.revision, name="B")
    with pytest.raises(versions.ChangedByOther):
        versions.put_live(session, sari, desk.revision)
    assert live_name(session, sari) == ""


def test_failures_need_a_reason(session, sari):
    desk = save(session, sari)
    for reason in ("", None, "ok", 7):
        with pytest.raises(Invalid) as refused:
            versions.put_live(session, sari, desk.revision, reason=reason, failures=2)
        assert refused.value.key == "versions.reason_missing"
    row = versions.put_live(
        session, sari, desk.revision, reason="Harga baru mulai besok", failures=2
    )
    assert (row.failures, row.reason) == (2, "Harga baru mulai besok")


def test_going_back_publishes_a_copy_and_leaves_the_draft(session, sari, dimas):
    publish(session, sari, name="Satu")
    publish(session, sari, name="Dua")
    draft = save(session, sari, name="Tiga").draft
    row = versions.roll_back(session, dimas, 1, note="Yang lama lebih baik")
    assert (row.number, row.from_number, row.state) == (draft.number + 1, 1, "published")
    assert live_name(session, sari) == "Satu"
    desk = versions.get_desk(session, sari)
    assert (desk.row.name, desk.draft.number) == ("Tiga", draft.number)
    live = versions.put_live(session, sari, desk.revision)
    assert live.number == row.number + 1  # the newest has the highest number


def test_only_what_was_published_comes_back(session, sari):
    publish(session, sari)
    save(session, sari, name="B")
    for number in (1, 2, 9, "1", None, True, -1, 2**40):
        with pytest.raises(NotFound):
            versions.roll_back(session, sari, number)


def test_a_draft_is_given_up(session, sari):
    publish(session, sari, name="A")
    save(session, sari, name="B")
    assert versions.discard_draft(session, sari).row.name == "A"
    for call in (versions.discard_draft, versions.get_draft):
        with pytest.raises(NotFound):
            call(session, sari)


def test_every_sensitive_act_is_written_down(session, sari):
    publish(session, sari)
    publish(session, sari)
    versions.roll_back(session, sari, 1)
    save(session, sari)
    versions.discard_draft(session, sari)
    entries = session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars().all()
    assert [(entry.act, entry.subject) for entry in entries] == [
        ("instructions.published", "v1"),
        ("instructions.published", "v2"),
        ("instructions.rolled_back", "v3"),
        ("instructions.discarded", "v4"),
    ]
    assert entries[2].before == {"version": 2}
    assert entries[2].after["from"] == 1


def test_a_refused_form_leaves_the_draft_as_it_was(session, sari):
    save(session, sari, name="A")
    with pytest.raises(Invalid):
        save(session, sari, 1, name="x" * 61)
    assert versions.get_desk(session, sari).draft.revision == 1


def test_another_business_sees_nothing(shop, stranger):
    with db.transaction(shop) as session:
        desk = versions.save_draft(session, shop, WISHES, 0)
        versions.put_live(session, shop, desk.revision)
        version_id = session.execute(select(InstructionVersion.id)).scalar_one()
    with db.transaction(stranger) as session:
        assert versions.list_versions(session, stranger) == []
        assert versions.get_desk(session, stranger).published is None
        with pytest.raises(NotFound):
            versions.get_version(session, stranger, 1)
        with pytest.raises(NotFound):
            versions.told_by(session, stranger, version_id)


def test_who_may_not_configure_is_refused(session, actor):
    agent = Actor(1, actor.business_id, "agent")
    for who, refusal in ((agent, Forbidden), (PUBLIC, SignedOut)):
        for call in (
            lambda who=who: versions.get_desk(session, who),
            lambda who=who: versions.list_versions(session, who),
            lambda who=who: versions.save_draft(session, who, WISHES, 0),
            lambda who=who: versions.discard_draft(session, who),
            lambda who=who: versions.put_live(session, who, 1),
            lambda who=who: versions.roll_back(session, who, 1),
            lambda who=who: versions.get_version(session, who, 1),
        ):
            with pytest.raises(refusal):
                call()
