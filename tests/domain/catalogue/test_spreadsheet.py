import io

import pytest
from openpyxl import Workbook

from chatrigo.domain.access import Actor
from chatrigo.domain.catalogue import products, spreadsheet
from chatrigo.errors import Forbidden, Invalid

CSV = """produk;harga;stok;varian;sku varian;kategori
Kafe Latte;Rp30.000;5;Panas;;Kopi
Kafe Latte;32000;;Es;;
Americano;20rb;3;;AM;Kopi
Teh;gratis;;;;
Roti;10000;;Kecil;;
Roti;murah;;Besar;;
;5000;;;;
"""


def test_the_preview_names_every_fault_and_saves_nothing(session, actor, latte):
    seen = spreadsheet.preview_import(session, actor, CSV.encode())
    assert [(line.line, line.act, line.problem) for line in seen.lines] == [
        (2, "changed", ""),
        (3, "changed", ""),
        (4, "new", ""),
        (5, "", "catalogue.price_shape"),
        (6, "", "catalogue.file_other_line"),
        (7, "", "catalogue.price_shape"),
        (8, "", "catalogue.name_missing"),
    ]
    assert (seen.ready, seen.skipped, seen.added, seen.changed) == (3, 4, 1, 1)
    assert products.list_products(session, actor).counts.all == 1


def test_the_import_adds_and_changes(session, actor, latte):
    assert spreadsheet.import_products(session, actor, CSV.encode()) == (1, 1)
    americano, changed = products.list_products(session, actor).rows
    assert (americano.prices, americano.stock) == ("Rp20.000", 3)
    assert [(v.id, v.price) for v in changed.variants] == [
        (v.id, price) for v, price in zip(latte.variants, (30_000, 32_000), strict=True)
    ]
    assert spreadsheet.import_products(session, actor, CSV.encode()) == (0, 2)


@pytest.mark.parametrize("kind", spreadsheet.KINDS)
def test_out_and_in_again_is_the_same(session, actor, latte, kind):
    before = products.list_products(session, actor).rows
    content = spreadsheet.export_products(session, actor, kind)
    products.delete_product(session, actor, latte.id)
    assert spreadsheet.import_products(session, actor, content) == (1, 0)
    (after,) = products.list_products(session, actor).rows
    assert (after.name, after.prices, after.stock) == (
        before[0].name,
        before[0].prices,
        before[0].stock,
    )


def test_the_same_sku_twice_in_a_file(session, actor):
    content = b"produk,harga,sku\nA,1000,X\nB,2000,X\n"
    seen = spreadsheet.preview_import(session, actor, content)
    assert [line.problem for line in seen.lines] == ["", "catalogue.sku_taken"]


def test_formulas_leave_as_words(session, actor):
    products.add_product(session, actor, {"name": "=1+1"}, [{"price": 1}])
    content = spreadsheet.export_products(session, actor, "csv").decode("utf-8-sig")
    assert "\n'=1+1," in content.replace("\r\n", "\n")


def workbook(*rows):
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "catalogue.file_empty"),
        (b"produk,harga\n", "catalogue.file_empty"),
        (b"nama barang,biaya\na,1\n", "catalogue.file_columns"),
        (b"\x00\x01\x02", "catalogue.file_unreadable"),
        (b"PK\x03\x04broken", "catalogue.file_unreadable"),
        (workbook(["produk", "harga"]), "catalogue.file_empty"),
        (b"x" * 2_000_001, "catalogue.file_big"),
        (b"produk,harga\n" + b"a,1\n" * 5_001, "catalogue.file_rows"),
        (None, "catalogue.file_unreadable"),
    ],
)
def test_a_file_that_is_no_catalogue(session, actor, content, key):
    with pytest.raises(Invalid) as refused:
        spreadsheet.preview_import(session, actor, content)
    assert refused.value.key == key


def test_a_workbook_with_numbers(session, actor):
    content = workbook(["produk", "harga", "stok"], ["Kopi", 20000.0, 5], ["Teh", 8000, None])
    assert spreadsheet.import_products(session, actor, content) == (2, 0)
    assert [r.stock for r in products.list_products(session, actor).rows] == [5, -1]


def test_who_may_not_is_refused(session, actor):
    agent = Actor(1, actor.business_id, "agent")
    with pytest.raises(Forbidden):
        spreadsheet.export_products(session, agent)
    with pytest.raises(Forbidden):
        spreadsheet.import_products(session, agent, CSV.encode())
