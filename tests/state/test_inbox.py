import asyncio

import pytest
from sqlalchemy import select

from chatrigo import db
from chatrigo.domain.conversations.receive import Inbound, receive
from chatrigo.domain.conversations.rows import WINDOW
from chatrigo.events import DraftGrew, Missed, hub
from chatrigo.models.business import Assistant, CannedReply, Label
from chatrigo.models.conversation import Channel, Conversation, Message
from state.inbox import InboxState
from state.session import SessionState
from tests.support.browser import browser, sign_in

ROUTE = "/inbox/[[conversation_id]]"
KEY = "0123456789abcdef"


class Shop:
    """A business whose assistant is off, and customers who write to it."""

    def __init__(self, actor) -> None:
        self.actor = actor
        self.count = 0
        with db.transaction(actor) as session:
            channel = Channel(business_id=actor.business_id)
            session.add(channel)
            session.get_one(Assistant, actor.business_id).enabled = False
            session.flush()
            self.channel_id = channel.id

    async def hears(self, who: str, body: str) -> int:
        """A customer writes; gives the conversation's id."""
        self.count += 1
        inbound = Inbound(self.channel_id, who, f"web:{self.count}", body, who)
        return (await db.run(receive, self.actor, inbound)).conversation_id

    def messages(self, id: int) -> list[Message]:
        with db.transaction(self.actor) as session:
            query = select(Message).where(Message.conversation_id == id).order_by(Message.id)
            return list(session.execute(query).scalars())

    def conversation(self, id: int) -> Conversation:
        with db.transaction(self.actor) as session:
            return session.get_one(Conversation, id)


@pytest.fixture
def desk(shop):
    return Shop(shop)


async def open_inbox(chrome, cookie, id: object = ""):
    tab = chrome.tab()
    path = f"/inbox/{id}" if id else "/inbox"
    params = {"conversation_id": str(id)} if id else {}
    await tab.open(path, ROUTE, cookie=cookie, **params)
    await until(lambda: tab.sees(InboxState.loaded) or tab.sent)
    return tab


async def until(condition, seconds=3.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def names(tab):
    return [row.contact_name for row in tab.sees(InboxState.rows) or []]


def bodies(tab):
    return [message.body for message in tab.sees(InboxState.messages) or []]


async def test_a_message_appears_in_every_open_inbox_and_in_no_other(desk, shop, stranger):
    id = await desk.hears("Budi", "halo")
    async with browser() as chrome:
        cookie = sign_in(shop)
        one, two = await open_inbox(chrome, cookie), await open_inbox(chrome, cookie, id)
        other = await open_inbox(chrome, sign_in(stranger))
        await desk.hears("Budi", "ongkir berapa?")
        await desk.hears("Wati", "jam buka?")
        await until(lambda: names(one) == names(two) == ["Wati", "Budi"])
        assert bodies(two) == ["halo", "ongkir berapa?"]
        assert one.sees(InboxState.rows)[1].unread == 2
        await until(lambda: one.sees(InboxState.counts).all == 2)
        assert names(other) == []
        assert not other.was_sent("ongkir")


async def test_an_answer_reaches_colleagues_and_is_stored_once(desk, shop):
    id = await desk.hears("Budi", "halo")
    async with browser() as chrome:
        mine = await open_inbox(chrome, sign_in(shop), id)
        colleague = await open_inbox(chrome, sign_in(shop), id)
        form = {"conversation": str(id), "key": KEY, "body": "Siap, kak!", "mode": "reply"}
        await mine.send(InboxState.send(form))
        assert mine.was_sent(f'accepted(\\"{KEY}\\")') or mine.was_sent("accepted")
        await until(lambda: "Siap, kak!" in bodies(colleague))
        await mine.send(InboxState.send(form))
        assert [m.body for m in desk.messages(id) if m.kind == "text"] == ["halo", "Siap, kak!"]
        assert colleague.sees(InboxState.current).assignee_name == "Sari"


async def test_a_text_goes_where_it_was_written_though_another_is_open_now(desk, shop):
    budi, wati = await desk.hears("Budi", "halo"), await desk.hears("Wati", "halo")
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop), wati)
        form = {"conversation": str(budi), "key": KEY, "body": "untuk Budi"}
        await tab.send(InboxState.send(form))
        assert desk.messages(budi)[-1].body == "untuk Budi"
        assert len(desk.messages(wati)) == 1


async def test_a_note_is_a_note(desk, shop):
    id = await desk.hears("Budi", "halo")
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop), id)
        form = {"conversation": str(id), "key": KEY, "body": "langganan", "mode": "note"}
        await tab.send(InboxState.send(form))
        assert desk.messages(id)[-1].kind == "note"


@pytest.mark.parametrize(
    ("body", "reason"), [("", "Tulis pesannya dulu"), ("x" * 4001, "terlalu panjang")]
)
async def test_a_refused_text_says_why_and_stays_in_the_box(desk, shop, body, reason):
    id = await desk.hears("Budi", "halo")
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop), id)
        form = {"conversation": str(id), "key": KEY, "body": body}
        await tab.send(InboxState.send(form))
        assert tab.was_sent(reason)
        assert tab.was_sent("failed")
        assert not tab.was_sent("accepted")
        assert len(desk.messages(id)) == 1


@pytest.mark.parametrize("asked", ["abc", "0", "-1", str(2**70), "1 OR 1=1", "%00"])
async def test_nonsense_in_the_address_shows_that_there_is_nothing(desk, shop, asked):
    await desk.hears("Budi", "rahasia")
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop), asked)
        assert tab.sees(InboxState.missing)
        assert names(tab) == ["Budi"]
        assert not bodies(tab)


async def test_another_business_finds_nothing_at_the_same_address(desk, shop, stranger):
    id = await desk.hears("Budi", "rahasia")
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(stranger), id)
        assert tab.sees(InboxState.missing)
        assert not names(tab)
        assert not bodies(tab)
        for event in (
            InboxState.send({"conversation": str(id), "key": KEY, "body": "diretas"}),
            InboxState.seen(id),
        ):
            await tab.send(event)
        assert tab.was_sent("tidak ditemukan")
        assert len(desk.messages(id)) == 1
        assert desk.conversation(id).unread == 1


@pytest.mark.parametrize("junk", ["abc", -1, 2**70, None, [], {"a": 1}, "'; DROP TABLE message;"])
async def test_nonsense_over_the_socket_changes_nothing(desk, shop, junk):
    id = await desk.hears("Budi", "halo")
    before = desk.conversation(id)
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop), id)
        for handler in (
            InboxState.seen,
            InboxState.assign,
            InboxState.set_status,
            InboxState.toggle_label,
            InboxState.send,
            InboxState.show_view,
            InboxState.show_status,
            InboxState.show_label,
            InboxState.search_for,
            InboxState.turn_alerts,
        ):
            await tab.send(handler(junk))
        assert not tab.was_sent("sebutkan kode")  # what we say of a crash
        assert desk.conversation(id).status == before.status
        assert desk.conversation(id).unread == before.unread
        assert len(desk.messages(id)) == 1
        await tab.send(InboxState.clear_filter)
        assert names(tab) == ["Budi"]


async def test_nobody_is_led_to_the_sign_in(desk):
    id = await desk.hears("Budi", "rahasia")
    async with browser() as chrome:
        tab = await open_inbox(chrome, "", id)
        assert tab.was_sent("/sign-in")
        assert not names(tab)


async def test_opening_does_not_read_but_seeing_does(desk, shop):
    id = await desk.hears("Budi", "halo")
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop), id)
        assert desk.conversation(id).unread == 1
        await tab.send(InboxState.seen(id))
        assert desk.conversation(id).unread == 0
        await until(lambda: tab.sees(InboxState.current).unread == 0)
        await tab.send(InboxState.mark_unread)
        assert desk.conversation(id).unread == 1
        assert tab.sees(InboxState.current).id == 0
        assert tab.was_sent("/inbox")


async def test_whose_turn_it_is(desk, shop):
    id = await desk.hears("Budi", "halo")
    with db.transaction(shop) as session:
        session.get_one(Conversation, id).handler = "ai"
        session.get_one(Assistant, shop.business_id).enabled = True
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop), id)
        await tab.send(InboxState.take_over)
        await until(lambda: tab.sees(InboxState.current).handler == "human")
        assert tab.sees(InboxState.current).assignee_id == tab.sees(InboxState.desk).account_id
        await tab.send(InboxState.give_back)
        await until(lambda: tab.sees(InboxState.current).handler == "ai")
        await tab.send(InboxState.set_status("resolved"))
        await until(lambda: not names(tab))
        assert tab.sees(InboxState.current).status == "resolved"
        await tab.send(InboxState.show_status("resolved"))
        assert names(tab) == ["Budi"]


async def test_the_assistant_is_seen_writing(desk, shop):
    id = await desk.hears("Budi", "halo")
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop), id)
        hub.publish(DraftGrew(shop.business_id, id, ""))
        await until(lambda: tab.sees(InboxState.writing) == [id])
        hub.publish(DraftGrew(shop.business_id, id, "Ongkir"))
        hub.publish(DraftGrew(shop.business_id, id, "Ongkir ke Bandung"))
        await until(lambda: tab.sees(InboxState.draft) == "Ongkir ke Bandung")
        hub.publish(DraftGrew(shop.business_id, id, "", over=True))
        await until(lambda: not tab.sees(InboxState.writing) and not tab.sees(InboxState.draft))


async def test_a_tab_that_fell_behind_loads_again(desk, shop):
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop))
        with db.transaction(shop) as session:  # behind the hub's back
            inbound = Inbound(desk.channel_id, "Budi", "web:x", "halo", "Budi")
            session.info.pop("loop", None)
            receive(session, shop, inbound)
        assert names(tab) == []
        hub.publish(Missed(shop.business_id))
        await until(lambda: names(tab) == ["Budi"])


async def test_windows_of_the_list_and_of_the_thread(desk, shop):
    for number in range(WINDOW + 3):
        await desk.hears(f"Tamu {number}", "halo")
    for number in range(WINDOW + 2):
        id = await desk.hears("Tamu 0", f"pesan {number}")
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop), id)
        assert len(names(tab)) == WINDOW
        assert tab.sees(InboxState.has_more)
        await tab.send(InboxState.load_more)
        assert len(set(names(tab))) == WINDOW + 3
        assert not tab.sees(InboxState.has_more)
        assert len(bodies(tab)) == WINDOW
        await tab.send(InboxState.load_earlier)
        assert bodies(tab)[0] == "halo"
        assert len(bodies(tab)) == WINDOW + 3
        assert not tab.sees(InboxState.has_earlier)
        await tab.send(InboxState.search_for("Tamu 52"))
        assert names(tab) == ["Tamu 52"]


async def test_a_search_hears_of_new_matches(desk, shop):
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop))
        await tab.send(InboxState.search_for("arabika"))
        await desk.hears("Budi", "ada arabika?")
        await desk.hears("Wati", "ada robusta?")
        await until(lambda: names(tab) == ["Budi"])


async def test_the_desk_follows_the_settings(desk, shop):
    from chatrigo.domain.settings.labels import add_label

    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop))
        await db.run(add_label, shop, "Grosir", "amber")
        await until(lambda: [each.name for each in tab.sees(InboxState.desk).labels] == ["Grosir"])


async def test_signing_out_ends_the_listening(desk, shop, monkeypatch):
    monkeypatch.setattr("state.inbox.SIGNED_IN_AGAIN_SECONDS", 0)
    cookie = sign_in(shop)
    async with browser() as chrome:
        tab, other = await open_inbox(chrome, cookie), await open_inbox(chrome, cookie)
        await other.send(SessionState.sign_out)
        await desk.hears("Budi", "rahasia")
        await until(lambda: tab.was_sent("/sign-in"))
        assert not names(tab)


async def test_the_browser_is_told_of_customers_only(desk, shop):
    id = await desk.hears("Budi", "halo")
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop), id)
        form = {"conversation": str(id), "key": KEY, "body": "ya"}
        await tab.send(InboxState.send(form))
        assert not tab.was_sent("alert(")
        await desk.hears("Budi", "</script>'\"; alert(1)")
        await until(lambda: tab.was_sent("chatrigoInbox?.alert("))


async def test_a_closed_tab_listens_no_more(desk, shop):
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop))
        assert hub._inboxes.get(shop.business_id)
        await tab.close()
        await until(lambda: not hub._inboxes.get(shop.business_id))


async def test_canned_replies_and_labels_are_at_hand(desk, shop):
    with db.transaction(shop) as session:
        session.add(CannedReply(business_id=shop.business_id, shortcut="ongkir", body="Rp10.000"))
        session.add(Label(business_id=shop.business_id, name="VIP"))
    async with browser() as chrome:
        tab = await open_inbox(chrome, sign_in(shop))
        assert [reply.shortcut for reply in tab.sees(InboxState.desk).replies] == ["ongkir"]
        assert [label.name for label in tab.sees(InboxState.desk).labels] == ["VIP"]
