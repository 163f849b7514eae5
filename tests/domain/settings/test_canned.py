import pytest

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.settings import canned
from chatrigo.errors import Forbidden, Invalid, NotFound
from chatrigo.events import SettingsChanged, recorded


def test_canned_replies_are_listed_by_shortcut(session, actor):
    canned.add_canned_reply(session, actor, "rekening", "BCA 123")
    canned.add_canned_reply(session, actor, "/Halo", "Halo, Kak!")
    rows = canned.list_canned_replies(session, actor)
    assert [(row.shortcut, row.body) for row in rows] == [
        ("halo", "Halo, Kak!"),
        ("rekening", "BCA 123"),
    ]
    assert recorded(session) == [SettingsChanged(actor.business_id, "canned")] * 2


def test_a_shortcut_belongs_to_one_reply(session, actor):
    first = canned.add_canned_reply(session, actor, "halo", "Halo!")
    second = canned.add_canned_reply(session, actor, "hai", "Hai!")
    for change in (
        lambda: canned.add_canned_reply(session, actor, "HALO", "Lagi"),
        lambda: canned.change_canned_reply(session, actor, second.id, "halo", "Hai!"),
    ):
        with pytest.raises(Invalid) as refused:
            change()
        assert refused.value.key == "settings.shortcut_taken"
    changed = canned.change_canned_reply(session, actor, first.id, "halo", "Halo, Kak!")
    assert changed.body == "Halo, Kak!"


@pytest.mark.parametrize(
    ("shortcut", "body", "key"),
    [
        ("", "x", "settings.shortcut_missing"),
        ("/", "x", "settings.shortcut_missing"),
        ("a b", "x", "settings.shortcut_shape"),
        ("<b>", "x", "settings.shortcut_shape"),
        ("a" * 41, "x", "settings.shortcut_long"),
        ("halo", " ", "settings.canned_body_missing"),
        ("halo", "x" * 4001, "settings.canned_body_long"),
        (None, 7, "settings.shortcut_missing"),
    ],
)
def test_a_wrong_reply_names_the_field(session, actor, shortcut, body, key):
    with pytest.raises(Invalid) as refused:
        canned.add_canned_reply(session, actor, shortcut, body)
    assert refused.value.key == key


def test_a_deleted_reply_can_be_added_again(session, actor):
    row = canned.add_canned_reply(session, actor, "halo", "Halo!")
    assert canned.delete_canned_reply(session, actor, row.id) == row
    assert canned.list_canned_replies(session, actor) == []
    canned.add_canned_reply(session, actor, row.shortcut, row.body)


def test_there_is_an_end_to_canned_replies(session, actor, monkeypatch):
    monkeypatch.setattr(canned, "MAX_REPLIES", 1)
    canned.add_canned_reply(session, actor, "halo", "Halo!")
    with pytest.raises(Invalid) as refused:
        canned.add_canned_reply(session, actor, "hai", "Hai!")
    assert refused.value.key == "settings.canned_many"


def test_another_business_sees_nothing(shop, stranger):
    with db.transaction(shop) as session:
        row = canned.add_canned_reply(session, shop, "halo", "Halo!")
    with db.transaction(stranger) as session:
        assert canned.list_canned_replies(session, stranger) == []
        with pytest.raises(NotFound):
            canned.change_canned_reply(session, stranger, row.id, "curi", "x")
        with pytest.raises(NotFound):
            canned.delete_canned_reply(session, stranger, row.id)
        canned.add_canned_reply(session, stranger, "halo", "Punya kami")
    with db.transaction(shop) as session:
        assert canned.list_canned_replies(session, shop) == [row]


@pytest.mark.parametrize("nonsense", [None, "abc", -1, 2**70, 3.5, [], True])
def test_nonsense_is_not_found(session, actor, nonsense):
    with pytest.raises(NotFound):
        canned.change_canned_reply(session, actor, nonsense, "halo", "x")
    with pytest.raises(NotFound):
        canned.delete_canned_reply(session, actor, nonsense)


def test_agents_use_replies_and_do_not_change_them(session, actor):
    row = canned.add_canned_reply(session, actor, "halo", "Halo!")
    agent = Actor(1, actor.business_id, "agent")
    assert canned.list_canned_replies(session, agent) == [row]
    for change in (
        lambda: canned.add_canned_reply(session, agent, "hai", "x"),
        lambda: canned.change_canned_reply(session, agent, row.id, "hai", "x"),
        lambda: canned.delete_canned_reply(session, agent, row.id),
    ):
        with pytest.raises(Forbidden):
            change()
