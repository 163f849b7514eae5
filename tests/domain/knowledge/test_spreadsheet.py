import codecs

import pytest

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.knowledge import spreadsheet
from chatrigo.domain.knowledge.entries import add_entry, enable_entry, list_entries
from chatrigo.errors import Forbidden, Invalid

FILE = "question,answer\nJam buka?,08.00-22.00\nAda promo?,Belum ada.\n"


def preview(session, actor, text, encoding="utf-8"):
    return spreadsheet.preview_import(session, actor, text.encode(encoding))


def test_pairs_are_imported(session, actor):
    assert spreadsheet.import_entries(session, actor, FILE.encode()) == 2
    rows = list_entries(session, actor).rows
    assert [(row.kind, row.title, row.body) for row in rows] == [
        ("qa", "Ada promo?", "Belum ada."),
        ("qa", "Jam buka?", "08.00-22.00"),
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FILE, "utf-8-sig"),
        (FILE, "utf-16"),
        (FILE.replace(",", ";"), "utf-8"),
        (FILE.replace(",", "\t"), "cp1252"),
        (FILE.replace("\n", "\r\n"), "utf-8"),
        (FILE.replace("question,answer", " Pertanyaan , JAWABAN"), "utf-8"),
        ("answer,no,question\n08.00-22.00,1,Jam buka?\nBelum ada.,2,Ada promo?", "utf-8"),
    ],
)
def test_files_as_spreadsheets_write_them(session, actor, text, encoding):
    rows = preview(session, actor, text, encoding).rows
    assert [(row.title, row.body, row.problem) for row in rows] == [
        ("Jam buka?", "08.00-22.00", ""),
        ("Ada promo?", "Belum ada.", ""),
    ]


def test_the_windows_code_page_is_read(session, actor):
    rows = preview(session, actor, "question,answer\nAda café?,Ada “dong”\n", "cp1252").rows
    assert (rows[0].title, rows[0].body) == ("Ada café?", "Ada “dong”")


def test_wrong_rows_are_named_and_left_out(session, actor):
    add_entry(session, actor, "qa", "Ada promo?", "Belum.")
    text = "\n".join(
        [
            "question,answer",
            "Jam buka?,8-22",
            ",kosong",
            "",
            "Kosong?,",
            f"{'x' * 301},a",
            f"Panjang?,{'x' * 4001}",
            "ada PROMO,Ada",
            "jam buka,lagi",
            "Cukup satu sel",
        ]
    )
    seen = preview(session, actor, text)
    assert [(row.line, row.problem) for row in seen.rows] == [
        (2, ""),
        (3, "question_missing"),
        (5, "answer_missing"),
        (6, "question_long"),
        (7, "answer_long"),
        (8, "duplicate"),
        (9, "duplicate"),
        (10, "answer_missing"),
    ]
    assert (seen.ready, seen.skipped) == (1, 7)
    assert spreadsheet.import_entries(session, actor, text.encode()) == 1


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "knowledge.csv_empty"),
        (b"question,answer\n", "knowledge.csv_empty"),
        (b"question,answer\n , \n", "knowledge.csv_empty"),
        (b"tanya,jawab\na,b\n", "knowledge.csv_columns"),
        (b"PK\x03\x04\x00\x00", "knowledge.csv_unreadable"),
        (codecs.BOM_UTF16_LE + b"\x00", "knowledge.csv_unreadable"),
        (b"question,answer\n" + b'"' + b"x" * 200_000 + b'",b', "knowledge.csv_unreadable"),
        (b"x" * 1_000_001, "knowledge.csv_big"),
        (b"question,answer\n" + b"a,b\n" * 1_001, "knowledge.csv_rows"),
        (None, "knowledge.csv_unreadable"),
        ("question,answer\na,b", "knowledge.csv_unreadable"),
        (b"question,answer\n,b", "knowledge.csv_nothing"),
    ],
)
def test_a_file_that_is_none_is_refused(session, actor, content, key):
    with pytest.raises(Invalid) as refused:
        spreadsheet.import_entries(session, actor, content)
    assert refused.value.key == key


def test_no_cell_becomes_a_formula(session, actor):
    for start in "=+-@":
        add_entry(session, actor, "qa", f"{start}cmd{ord(start)}?", f"{start}1+1")
    written = spreadsheet.export_entries(session, actor)
    assert written.startswith("\ufeffquestion,answer")
    for line in written.splitlines()[1:]:
        assert all(cell.startswith(("'", "qa", "yes")) for cell in line.split(","))


def test_what_is_exported_comes_back_the_same(shop, stranger):
    with db.transaction(shop) as session:
        add_entry(session, shop, "qa", "=Jam buka?", 'Baris "satu",\nbaris dua')
        text = add_entry(session, shop, "text", "Tentang", "- kopi\n- susu")
        enable_entry(session, shop, text.id, False)
        file = spreadsheet.export_entries(session, shop).encode()
    with db.transaction(stranger) as session:
        assert spreadsheet.import_entries(session, stranger, file) == 2
        copied = list_entries(session, stranger).rows
    with db.transaction(shop) as session:
        original = list_entries(session, shop).rows

    def contents(rows):
        return [(row.kind, row.title, row.body, row.enabled) for row in rows]

    assert sorted(contents(copied)) == sorted(contents(original))


def test_another_business_sees_nothing(shop, stranger):
    with db.transaction(shop) as session:
        spreadsheet.import_entries(session, shop, FILE.encode())
    with db.transaction(stranger) as session:
        assert len(spreadsheet.export_entries(session, stranger).splitlines()) == 1
        assert spreadsheet.preview_import(session, stranger, FILE.encode()).ready == 2


def test_who_may_not_teach_is_refused(session, actor):
    agent = Actor(1, actor.business_id, "agent")
    for call in (
        lambda: spreadsheet.export_entries(session, agent),
        lambda: spreadsheet.preview_import(session, agent, FILE.encode()),
        lambda: spreadsheet.import_entries(session, agent, FILE.encode()),
    ):
        with pytest.raises(Forbidden):
            call()
