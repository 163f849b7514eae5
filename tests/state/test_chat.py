"""A customer's tab: its own conversation, live, and nobody else's."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import asdict, is_dataclass

import pytest
from sqlalchemy import update

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.conversations import visitor
from chatrigo.domain.conversations.reply import add_note, send_message
from chatrigo.domain.conversations.standing import set_status
from chatrigo.domain.conversations.turn import give_back, take_over
from chatrigo.events import DraftGrew, Missed, SettingsChanged, hub
from chatrigo.models.business import Assistant, Business
from chatrigo.models.conversation import Channel
from chatrigo.models.instructions import InstructionVersion
from state.chat import ChatState
from tests.support.browser import Tab, browser, join

KEY, OTHER = "k" * 43, "o" * 43


@pytest.fixture
def open_shop(shop):
    with db.transaction(shop) as session:
        session.add(Channel(business_id=shop.business_id, kind="web"))
        session.execute(update(Business).values(greeting="Halo!", quick_questions=["Buka jam?"]))
    return shop


async def eventually(holds) -> None:
    """Wait until it holds; what comes after says what is wrong when it never does."""
    for _ in range(150):
        if holds():
            break
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.05)


class Customer:
    """A tab whose socket remembers everything that it was ever sent."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.heard = ""
        receive = tab.receive

        def remembered(delivered):
            self.heard += repr(delivered)
            receive(delivered)

        tab.receive = remembered

    async def come(self, key: str, shop: str = "kopi-uji") -> None:
        """The page is loaded, with the key that the browser keeps."""
        kept = {ChatState.visitor: key}
        await self.tab.open(f"/c/{shop}", "/c/[shop]", storage=kept, shop=shop)
        await eventually(lambda: not key or self.sees(ChatState.standing) != "loading")

    def sees(self, var):
        return self.tab.sees(var)

    @property
    def bodies(self) -> list[str]:
        return [row.body for row in self.sees(ChatState.messages) or []]


@asynccontextmanager
async def customers(*keys):
    async with browser() as chrome:
        found = [Customer(chrome.tab()) for _ in keys]
        for customer, key in zip(found, keys, strict=True):
            await customer.come(key)
        yield found
        for customer in found:
            await customer.tab.close()


async def say(text, key=KEY, id=None):
    received = await db.run(
        visitor.write,
        PUBLIC,
        "kopi-uji",
        key,
        address="",
        message_id=id or f"m-{text}"[:60].replace(" ", "-"),
        body=text,
    )
    await asyncio.sleep(0.15)
    return received


async def test_the_shop_shows_its_face(open_shop):
    async with customers(KEY) as (tab,):
        face = tab.sees(ChatState.face)
        assert (face.name, face.greeting, face.quick_questions) == (
            "Kopi Uji",
            "Halo!",
            ["Buka jam?"],
        )
        assert tab.sees(ChatState.standing) == "open"


async def test_an_unknown_shop(open_shop):
    async with browser() as chrome:
        tab = Customer(chrome.tab())
        await tab.come(KEY, "toko-hantu")
        assert tab.sees(ChatState.standing) == "unknown"


async def test_a_tab_without_a_key_loads_again(open_shop):
    async with browser() as chrome:
        tab = Customer(chrome.tab())
        await tab.come("")
        assert tab.tab.was_sent("location.reload()")


async def test_what_one_writes_only_they_see(open_shop):
    async with customers(KEY, KEY, OTHER) as (one, second_tab, other):
        await say("rahasia satu")
        await say("rahasia dua", OTHER)
        assert one.bodies == second_tab.bodies == ["rahasia satu"]
        assert other.bodies == ["rahasia dua"]
        assert "rahasia dua" not in one.heard
        assert "rahasia satu" not in other.heard


async def test_a_new_tab_has_the_history(open_shop):
    await say("halo")
    async with customers(KEY) as (tab,):
        assert tab.bodies == ["halo"]


async def test_staff_s_side_never_reaches_a_customer(open_shop):
    sari = join(open_shop.business_id)
    async with customers(KEY, OTHER) as (tab, other):
        received = await say("halo")
        await db.run(add_note, sari, received.conversation_id, "CATATAN rahasia", "note-key-1")
        await db.run(send_message, sari, received.conversation_id, "Halo kak", "reply-key-1")
        await asyncio.sleep(0.15)
        assert tab.bodies == ["halo", "Halo kak"]
        assert "CATATAN" not in tab.heard
        assert "took_over" not in tab.heard
        assert "example.com" not in tab.heard
        assert "reply-key-1" not in tab.heard
        assert "Halo kak" not in other.heard


async def test_a_draft_is_seen_by_its_customer_alone(open_shop):
    async with customers(KEY, OTHER) as (tab, other):
        received = await say("halo")
        await say("hai", OTHER)
        for text in ("", "Kami", "Kami buka"):
            hub.publish(DraftGrew(open_shop.business_id, received.conversation_id, text))
            await asyncio.sleep(0.05)
            assert tab.sees(ChatState.draft) == text
            assert tab.sees(ChatState.thinking) is not bool(text)
        assert "Kami" not in other.heard
        hub.publish(DraftGrew(open_shop.business_id, received.conversation_id, "", over=True))
        await asyncio.sleep(0.05)
        assert (tab.sees(ChatState.draft), tab.sees(ChatState.thinking)) == ("", False)


async def test_who_answers_is_shown(open_shop):
    sari = join(open_shop.business_id)
    async with customers(KEY) as (tab,):

        def standing():
            return tab.sees(ChatState.by_person), tab.sees(ChatState.waiting)

        received = await say("halo")
        assert standing() == (False, False)
        await tab.tab.send(ChatState.ask_for_person)
        await asyncio.sleep(0.15)
        assert standing() == (True, True)
        assert "asked_for_person" not in tab.heard
        await db.run(take_over, sari, received.conversation_id)
        await asyncio.sleep(0.15)
        assert standing() == (True, False)
        await db.run(give_back, sari, received.conversation_id)
        await asyncio.sleep(0.15)
        assert standing() == (False, False)
        await db.run(take_over, sari, received.conversation_id)
        await db.run(set_status, sari, received.conversation_id, "resolved")
        await asyncio.sleep(0.15)
        assert standing() == (False, False)


async def test_asking_for_a_person_first_is_the_first_message(open_shop):
    async with customers(KEY) as (tab,):
        await tab.tab.send(ChatState.ask_for_person)
        assert tab.tab.was_sent("askFirst")


async def test_a_tab_that_fell_behind_loads_again(open_shop):
    async with customers(KEY) as (tab,):
        await say("halo")
        with db.transaction(open_shop) as session:
            session.execute(update(Business).values(greeting="Hai!"))
        hub.publish(Missed(open_shop.business_id))
        await asyncio.sleep(0.15)
        assert tab.sees(ChatState.face).greeting == "Hai!"
        assert tab.bodies == ["halo"]


async def test_the_owner_s_changes_are_seen_at_once(open_shop):
    async with customers(KEY) as (tab,):
        with db.transaction(open_shop) as session:
            session.add(
                InstructionVersion(
                    business_id=open_shop.business_id, state="published", name="Nandi"
                )
            )
        hub.publish(SettingsChanged(open_shop.business_id, "knowledge"))
        await asyncio.sleep(0.15)
        assert tab.sees(ChatState.face).assistant_name == ""
        hub.publish(SettingsChanged(open_shop.business_id, "assistant"))
        await asyncio.sleep(0.15)
        assert tab.sees(ChatState.face).assistant_name == "Nandi"


async def test_older_messages_are_unrolled(open_shop):
    with db.transaction(open_shop) as session:
        session.execute(update(Assistant).values(enabled=False))
    received = await say("0")
    sari = join(open_shop.business_id)
    for number in range(1, 60):
        await db.run(
            send_message, sari, received.conversation_id, str(number), f"reply-key-{number}"
        )
    async with customers(KEY) as (tab,):
        assert tab.bodies == [str(n) for n in range(10, 60)]
        assert tab.sees(ChatState.has_earlier) is True
        await tab.tab.send(ChatState.show_earlier)
        assert [row.body for row in tab.sees(ChatState.earlier)] == [str(n) for n in range(10)]
        assert tab.sees(ChatState.has_earlier) is False


async def test_coming_back_shows_what_was_said_meanwhile_once(open_shop):
    """The socket was lost; the page is hydrated and loaded anew, as after a restart."""
    async with customers(KEY) as (tab,):
        received = await say("halo")
        await tab.tab.close()
        await db.run(
            send_message,
            join(open_shop.business_id),
            received.conversation_id,
            "Hai",
            "reply-key-1",
        )
        assert "Hai" not in tab.bodies
        await tab.come(KEY)
        assert tab.bodies == ["halo", "Hai"]
        await say("lagi")
        assert tab.bodies == ["halo", "Hai", "lagi"]


async def test_a_closed_tab_no_longer_listens(open_shop):
    async with customers(KEY) as (tab,):
        assert hub._inboxes
        await tab.tab.close()
        await eventually(lambda: not hub._inboxes)
        assert not hub._inboxes


async def test_another_shop_in_the_same_tab_shows_nothing_of_the_first(open_shop, stranger):
    with db.transaction(stranger) as session:
        session.add(Channel(business_id=stranger.business_id, kind="web"))
    await say("rahasia satu")
    async with customers(KEY) as (tab,):
        await tab.come(KEY, "toko-lain")
        await eventually(lambda: tab.sees(ChatState.face).name == "Toko Lain")
        assert tab.sees(ChatState.face).name == "Toko Lain"
        assert tab.bodies == []


def test_the_row_that_travels_has_nothing_of_staff(open_shop):
    with db.transaction(PUBLIC) as session:
        visitor.write(session, PUBLIC, "kopi-uji", KEY, address="", message_id="m1", body="halo")
        (row,) = visitor.open_chat(session, PUBLIC, "kopi-uji", KEY).messages
    assert is_dataclass(row)
    assert not any(asdict(row)[name] for name in ("evidence", "mode", "model", "tokens"))
