import pytest

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.conversations import visitor
from chatrigo.domain.operator import businesses, health
from chatrigo.errors import NotFound
from chatrigo.models.conversation import Channel, Message
from tests.domain.operator.conftest import do

KEY = "the-key-of-a-customer-of-the-shop"


@pytest.fixture
def busy(shop, owner):
    """A shop to which a customer wrote twice, and that answered once for 30 tokens."""
    with db.transaction(shop) as session:
        session.add(Channel(business_id=shop.business_id, kind="web"))
    with db.transaction(PUBLIC) as session:
        for id in ("m1", "m2"):
            got = visitor.write(
                session, PUBLIC, "kopi-uji", KEY, address="", message_id=id, body="Buka jam berapa?"
            )
        channel = session.query(Channel.id).scalar()
        session.add(
            Message(
                business_id=shop.business_id,
                conversation_id=got.conversation_id,
                channel_id=channel,
                author="ai",
                body="Jam 8.",
                generation={"input_tokens": 20, "output_tokens": 10},
            )
        )
    return shop


def test_what_the_console_shows_of_a_business(busy, operator):
    totals, rows = do(businesses.list_businesses, operator[0])
    assert (totals.businesses, totals.found, totals.suspended, totals.accounts) == (2, 2, 0, 2)
    row = next(row for row in rows if row.slug == "kopi-uji")
    assert (row.members, row.conversations) == (1, 1)
    assert (row.messages, row.answers, row.tokens) == (3, 1, 30)
    assert row.owner_email == "pemilik@example.com"
    assert row.last_activity
    assert not row.suspended
    assert row == do(businesses.get_business, operator[0], row.id)
    assert "Buka jam" not in repr((totals, rows))


@pytest.mark.parametrize(
    ("wanted", "slugs"),
    [
        ("KOPI", ["kopi-uji"]),
        ("pemilik@", ["kopi-uji"]),
        ("tim", ["tim-chatrigo"]),
        ("tidak ada", []),
        ("%", []),
        ("' OR true --", []),
        (None, ["tim-chatrigo", "kopi-uji"]),
        ({"a": 1}, ["tim-chatrigo", "kopi-uji"]),
    ],
)
def test_businesses_are_found_by_name_address_and_member(busy, operator, wanted, slugs):
    totals, rows = do(businesses.list_businesses, operator[0], wanted)
    assert [row.slug for row in rows] == slugs
    assert totals.found == len(slugs)


def test_pages(busy, operator, monkeypatch):
    monkeypatch.setattr(businesses, "PAGE", 1)
    pages = [do(businesses.list_businesses, operator[0], "", page)[1] for page in (1, 2, 3, "x")]
    assert [[row.slug for row in page] for page in pages] == [
        ["tim-chatrigo"],
        ["kopi-uji"],
        [],
        ["tim-chatrigo"],
    ]


@pytest.mark.parametrize("id", [999_999, 0, -1, None, "x", True])
def test_a_business_that_is_none(operator, id):
    with pytest.raises(NotFound):
        do(businesses.get_business, operator[0], id)


def test_use_over_time(busy, operator):
    for asked in (None, busy.business_id):
        days = do(businesses.list_usage, operator[0], asked)
        assert len(days) == businesses.DAYS
        today = days[-1]
        assert (today.messages, today.answers, today.tokens, today.active) == (3, 1, 30, 1)
        assert (today.messages_bar, today.tokens_bar) == (100, 100)
        assert sum(day.messages for day in days[:-1]) == 0


def test_health(busy, operator):
    seen = do(health.get_health, operator[0])
    assert seen.revision
    assert seen.database.startswith(("15", "16", "17", "18"))
    assert seen.connections > 0
    assert seen.waiting >= 1  # the promise to answer the customer
