from dataclasses import replace
from datetime import timedelta

import pytest

from chatrigo import db
from chatrigo.domain.conversations import desk
from chatrigo.domain.conversations.history import list_messages
from chatrigo.domain.conversations.listing import (
    Filter,
    count_conversations,
    cursor,
    get_conversation,
    list_colleagues,
    list_conversations,
    list_labels,
    matches,
)
from chatrigo.domain.conversations.reply import add_note
from chatrigo.domain.conversations.rows import WINDOW
from chatrigo.domain.conversations.standing import set_status, toggle_label
from chatrigo.domain.conversations.turn import assign
from chatrigo.errors import NotFound
from chatrigo.models.business import Label
from chatrigo.models.columns import now
from chatrigo.models.conversation import Conversation

ALL = Filter(status="any")


def names(session, actor, filter=ALL, **values):
    return [row.contact_name for row in list_conversations(session, actor, filter, **values)]


def test_the_newest_comes_first(session, actor, write):
    for who in ("budi", "wati", "tono"):
        write(who)
    write("budi", "halo lagi")
    assert names(session, actor) == ["Budi", "Tono", "Wati"]


def test_views_and_statuses(session, sari, dimas, write):
    budi, wati, tono = (write(who).conversation_id for who in ("budi", "wati", "tono"))
    assign(session, sari, budi, sari.account_id)
    assign(session, sari, wati, dimas.account_id)
    session.get_one(Conversation, tono).needs_person = "no_evidence"
    set_status(session, sari, wati, "pending")
    assert names(session, sari, Filter(view="mine")) == ["Budi"]
    assert names(session, sari, Filter(view="unassigned")) == ["Tono"]
    assert names(session, sari, Filter(view="needs_person")) == ["Tono"]
    assert names(session, sari, Filter(status="pending")) == ["Wati"]
    assert names(session, sari, Filter()) == ["Tono", "Budi"]
    counts = count_conversations(session, sari)
    assert (counts.all, counts.mine, counts.unassigned, counts.needs_person) == (2, 1, 1, 1)
    assert counts.unread == 2


def test_what_matches_in_the_database_matches_in_memory(session, sari, write, label):
    budi, wati = (write(who).conversation_id for who in ("budi", "wati"))
    assign(session, sari, budi, sari.account_id)
    toggle_label(session, sari, wati, label.id)
    set_status(session, sari, wati, "resolved")
    for view in ("all", "mine", "unassigned", "needs_person"):
        for status in ("open", "pending", "resolved", "any"):
            for label_id in (0, label.id):
                filter = Filter(view, status, "", label_id)
                listed = {row.id for row in list_conversations(session, sari, filter)}
                for id in (budi, wati):
                    row = get_conversation(session, sari, id)
                    assert matches(row, sari.account_id, filter) == (id in listed), filter


@pytest.fixture
def label(session, actor):
    label = Label(business_id=actor.business_id, name="Grosir")
    session.add(label)
    session.flush()
    return label


def test_search_finds_names_and_what_was_said(session, sari, write):
    write("budi", "mau 100% arabika")
    write("wati", "jam buka?")
    add_note(session, sari, write("tono").conversation_id, "pelanggan_lama", "12345678")
    assert names(session, sari, replace(ALL, search="WATI")) == ["Wati"]
    assert names(session, sari, replace(ALL, search="100%")) == ["Budi"]
    assert names(session, sari, replace(ALL, search="n_l")) == ["Tono"]
    assert names(session, sari, replace(ALL, search="%")) == ["Budi"]
    assert names(session, sari, replace(ALL, search="\\")) == []
    assert names(session, sari, replace(ALL, search="'; DROP TABLE message; --")) == []


def test_windows_join_without_a_gap_or_a_repeat(session, actor, write):
    at = now()
    for number in range(7):
        id = write(f"tamu{number}").conversation_id
        # Several at the same moment: the number decides.
        session.get_one(Conversation, id).last_message_at = at + timedelta(seconds=number // 3)
    session.flush()
    seen, before = [], ""
    while True:
        rows, more = desk.window(list_conversations(session, actor, ALL, before, size=2), size=2)
        seen += [row.id for row in rows]
        if not more:
            break
        before = cursor(rows[-1])
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("before", ["x", "|", "2020-01-01|x", "x|1", "|" * 50])
def test_an_odd_cursor_means_the_beginning(session, actor, write, before):
    write()
    assert len(list_conversations(session, actor, ALL, before)) == 1


@pytest.mark.parametrize("junk", [None, [], {}, 2**70, -1, "abc", "\x00", "\ud800", True, 1.5])
def test_any_filter_a_browser_sends_is_answered(session, actor, write, junk):
    write()
    filter = Filter.of(junk, junk, "", junk)
    assert filter == Filter()
    assert len(list_conversations(session, actor, filter)) == 1
    list_conversations(session, actor, Filter.of("", "", junk, 0))


@pytest.mark.parametrize("id", ["abc", "", None, 0, -1, 2**70, [], "1; DROP TABLE message"])
def test_nonsense_is_no_conversation(session, actor, write, id):
    write()
    with pytest.raises(NotFound):
        get_conversation(session, actor, id)
    with pytest.raises(NotFound):
        list_messages(session, actor, id)
    assert desk.find_opened(session, actor, id) is None


def test_messages_come_in_windows(session, actor, write):
    for number in range(WINDOW + 5):
        id = write(body=f"pesan {number}").conversation_id
    found = list_messages(session, actor, id)
    assert len(found) == WINDOW + 1
    assert found[-1].body == f"pesan {WINDOW + 4}"
    earlier = list_messages(session, actor, id, before=found[1].id)
    assert [m.body for m in earlier] == [f"pesan {n}" for n in range(5)]


def test_a_screen_is_read_at_once(session, sari, write, label):
    id = write("budi", "halo").conversation_id
    screen = desk.open_screen(session, sari, Filter(), WINDOW, str(id))
    assert screen.opened
    assert screen.opened.conversation.id == id
    assert [m.body for m in screen.opened.messages] == ["halo"]
    assert [row.id for row in screen.rows] == [id]
    assert screen.desk.used
    assert screen.desk.may_write
    assert [each.name for each in screen.desk.labels] == ["Grosir"]
    assert [each.name for each in screen.desk.colleagues] == ["Sari"]
    assert desk.open_screen(session, sari, Filter(), WINDOW, "abc").opened is None


def test_a_shop_that_starts_is_told_so(session, viewer):
    screen = desk.open_screen(session, viewer, Filter(), WINDOW)
    assert not screen.desk.used
    assert not screen.desk.may_write
    assert screen.desk.taught == 0


def test_what_else_a_contact_wrote_about(session, sari, write):
    first = write("budi", "yang lama").conversation_id
    set_status(session, sari, first, "resolved")
    session.get_one(Conversation, first).resolved_at = now() - timedelta(days=60)
    session.flush()
    second = write("budi", "yang baru").conversation_id
    write("wati")
    opened = desk.find_opened(session, sari, second)
    assert opened
    assert [row.id for row in opened.others] == [first]


def test_another_business_sees_nothing(session, stranger, write, label):
    id = write("budi", "rahasia").conversation_id
    # Both with the session of the owner (the code's own filter) and with its own (the database's).
    sessions = [session]
    with db.transaction(stranger) as their_session:
        for each in (*sessions, their_session):
            assert list_conversations(each, stranger, ALL) == []
            assert list_conversations(each, stranger, replace(ALL, search="rahasia")) == []
            assert list_conversations(each, stranger, replace(ALL, label_id=label.id)) == []
            assert count_conversations(each, stranger).all == 0
            assert list_labels(each, stranger) == []
            assert list_colleagues(each, stranger) == []
            assert desk.find_opened(each, stranger, id) is None
            with pytest.raises(NotFound):
                get_conversation(each, stranger, id)
            with pytest.raises(NotFound):
                list_messages(each, stranger, id)
        assert desk.open_screen(their_session, stranger, ALL, WINDOW, str(id)).opened is None
