import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from chatrigo.domain.access import Actor
from chatrigo.domain.assistant.policy import find
from chatrigo.domain.catalogue import products
from chatrigo.domain.catalogue.known import find_sold
from chatrigo.domain.catalogue.rows import rupiah_of, stock_of
from chatrigo.domain.knowledge import entries
from chatrigo.errors import Forbidden, Invalid, NotFound
from chatrigo.retrieval import gate
from tests.domain.catalogue.conftest import add


def test_a_product_is_found_at_once_with_its_price(session, actor, latte):
    hits = find(session, actor, "berapa harga kafe latte kak?")
    assert hits[0].body.startswith("Kafe Latte: Panas Rp27.000, Es Rp29.000.")
    assert gate.decide(hits) == "answer"


def test_the_price_of_an_answer_is_the_one_of_this_moment(session, actor, latte):
    session.execute(text("UPDATE variant SET price = 31000, stock = 0 WHERE name = 'Panas'"))
    (hit, *_) = find(session, actor, "berapa harga kafe latte kak?")
    assert "Panas Rp31.000 (stok habis)" in hit.body
    (sold,) = find_sold(session, actor, "latte", 5)
    assert [v["available"] for v in sold["variants"]] == [False, True]
    assert sold["variants"][0]["price"] == "Rp31.000"


def test_what_is_off_or_deleted_is_forgotten_at_once(session, actor, latte):
    products.activate_products(session, actor, [latte.id], False)
    assert find(session, actor, "berapa harga kafe latte?") == []
    assert find_sold(session, actor, "latte", 5) == []
    products.activate_products(session, actor, [latte.id], True)
    assert find(session, actor, "berapa harga kafe latte?")
    products.delete_product(session, actor, latte.id)
    assert find(session, actor, "berapa harga kafe latte?") == []
    with pytest.raises(NotFound):
        products.get_product(session, actor, latte.id)


def test_a_change_keeps_the_variants_that_stay(session, actor, latte):
    panas, es = latte.variants
    changed = products.change_product(
        session,
        actor,
        latte.id,
        {"name": "Latte", "sku": "LAT"},
        [
            {"id": es.id, "name": "Dingin", "price": 30000, "stock": 2, "weight": "250"},
            {"name": "Besar", "price": "35rb"},
        ],
    )
    assert [(v.name, v.price, v.stock, v.weight) for v in changed.variants] == [
        ("Dingin", 30_000, 2, 250),
        ("Besar", 35_000, -1, 0),
    ]
    assert changed.variants[0].id == es.id
    assert find(session, actor, "harga latte besar?")[0].title == "Latte"
    with pytest.raises(NotFound):
        products.change_product(
            session, actor, latte.id, {"name": "x"}, [{"id": panas.id, "price": 1}]
        )


def test_views_search_and_counts(session, actor, latte):
    add(session, actor, "Americano", ("", "20000", "0"), category="Kopi", sku="AM-1")
    add(session, actor, "Kaos", ("M", "90000", "1"), active=False)
    page = products.list_products(session, actor)
    assert [row.name for row in page.rows] == ["Americano", "Kafe Latte", "Kaos"]
    assert page.counts == products.ProductCounts(all=3, active=2, inactive=1, out=1)
    assert [(r.prices, r.stock, r.out) for r in page.rows] == [
        ("Rp20.000", 0, True),
        ("Rp27.000 – Rp29.000", -1, False),
        ("Rp90.000", 1, False),
    ]
    for view, search, names in (
        ("out", "", ["Americano"]),
        ("inactive", "", ["Kaos"]),
        ("all", "am-1", ["Americano"]),
        ("all", "kafe es", ["Kafe Latte"]),
        ("all", "100%", []),
        ("nonsense", "", ["Americano", "Kafe Latte", "Kaos"]),
    ):
        rows = products.list_products(session, actor, view, search).rows
        assert [row.name for row in rows] == names


def test_a_sku_names_one_thing(session, actor):
    add(session, actor, "Americano", ("", "20000", ""), sku="A1")
    with pytest.raises(Invalid) as refused:
        add(session, actor, "Kapucino", ("", "20000", ""), sku="A1")
    assert refused.value.key == "catalogue.sku_taken"
    with pytest.raises(Invalid):
        products.add_product(
            session, actor, {"name": "Teh"}, [{"name": "a", "price": 1, "sku": "A1"}]
        )


@pytest.mark.parametrize(
    ("variants", "key"),
    [
        ([], "catalogue.variants_missing"),
        ("nonsense", "catalogue.variants_missing"),
        ([{"price": ""}], "catalogue.price_missing"),
        ([{"price": "murah"}], "catalogue.price_shape"),
        ([{"price": "-5"}], "catalogue.price_shape"),
        ([{"price": 10**13}], "catalogue.price_range"),
        ([{"price": 1, "stock": "-3"}], "catalogue.stock_shape"),
        ([{"price": 1, "stock": "banyak"}], "catalogue.stock_shape"),
        ([{"price": 1, "weight": "1 kg"}], "catalogue.weight_shape"),
        ([{"price": 1, "name": "a"}, {"price": 2}], "catalogue.variant_missing"),
        ([{"price": 1, "name": "a"}, {"price": 2, "name": "A"}], "catalogue.variant_twice"),
        ([{"price": 1, "name": str(n)} for n in range(51)], "catalogue.variants_many"),
    ],
)
def test_a_wrong_variant_is_refused(session, actor, variants, key):
    with pytest.raises(Invalid) as refused:
        products.add_product(session, actor, {"name": "Teh"}, variants)
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("20000", 20_000),
        ("Rp 20.000", 20_000),
        ("Rp20.000,00", 20_000),
        ("1,250,000", 1_250_000),
        ("25rb", 25_000),
        ("2,5 ribu", 2_500),
        ("15k", 15_000),
        (7, 7),
        ("0", 0),
    ],
)
def test_amounts_as_people_write_them(written, amount):
    assert rupiah_of(written) == amount


def test_stock_that_is_not_counted():
    assert stock_of("") is None
    assert stock_of("1.200") == 1_200
    assert stock_of(0) == 0


@pytest.mark.parametrize("column", ["price", "stock", "weight"])
def test_the_database_refuses_less_than_nothing(session, actor, latte, column):
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(f"UPDATE variant SET {column} = -1"))


def test_products_do_not_show_among_what_was_written(session, actor, latte):
    assert entries.list_entries(session, actor).counts.all == 0
    entry_id = session.execute(text("SELECT entry_id FROM product")).scalar_one()
    with pytest.raises(NotFound):
        entries.delete_entry(session, actor, entry_id)


def test_another_business_sees_nothing(session, actor, latte, stranger):
    with pytest.raises(NotFound):
        products.get_product(session, stranger, latte.id)
    with pytest.raises(NotFound):
        products.delete_product(session, stranger, latte.id)
    with pytest.raises(NotFound):
        products.activate_products(session, stranger, [latte.id], False)
    assert products.list_products(session, stranger).rows == []
    assert find_sold(session, stranger, "latte", 5) == []


def test_who_may_not_teach_is_refused(session, actor):
    with pytest.raises(Forbidden):
        products.list_products(session, Actor(1, actor.business_id, "agent"))
