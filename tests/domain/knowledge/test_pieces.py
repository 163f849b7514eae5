import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrigo.domain.knowledge.pieces import ENOUGH, MOST, cut
from chatrigo.integrations.documents.found import Block


def pieces(*blocks, title="Panduan", within=""):
    return list(cut([Block(*block) for block in blocks], title, within=within))


def test_short_paragraphs_under_one_heading_stay_together():
    (piece,) = pieces(("Retur", "", 0, "Satu."), ("Retur", "", 0, "Dua."))
    assert (piece.title, piece.place, piece.body) == ("Retur", "", "Satu.\n\nDua.")


def test_no_piece_holds_text_from_under_two_headings():
    found = pieces(("", "", 0, "Awal."), ("Retur", "", 0, "Satu."), ("Kirim", "", 0, "Dua."))
    assert [piece.title for piece in found] == ["Panduan", "Retur", "Kirim"]


def test_a_piece_tells_its_pages_and_rows():
    (piece,) = pieces(("", "page", 3, "Tiga."), ("", "page", 4, "Empat."))
    assert piece.place == "hal. 3–4"
    (piece,) = pieces(("Harga", "row", 2, "Latte"), ("Harga", "row", 2, "x"))
    assert (piece.place, piece.body) == ("Harga, baris 2", "Latte\nx")
    (piece,) = pieces(("Retur", "", 0, "x"), within="https://a.example/b")
    assert piece.place == "https://a.example/b"


def test_a_long_text_is_cut_at_its_sentences():
    sentence = "Kami kirim ke seluruh Indonesia setiap hari kerja dengan kurir pilihan. "
    found = pieces(("", "", 0, sentence * 60))
    assert len(found) > 2
    assert all(piece.body.endswith(".") for piece in found)
    assert all(ENOUGH / 2 <= len(piece.body) <= MOST for piece in found[:-1])


def test_a_word_without_end_is_cut_too():
    found = pieces(("", "", 0, "x" * 5_000))
    assert "".join(piece.body for piece in found) == "x" * 5_000


def test_the_same_text_has_the_same_origin_wherever_it_stands():
    (one,) = pieces(("", "page", 1, "Halo"))
    (two,) = pieces(("", "page", 9, "Halo"))
    assert one.origin == two.origin
    assert one.origin != pieces(("", "page", 1, "Halo!"))[0].origin


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "A", "B"]), st.text(max_size=3_000)), max_size=8))
def test_nothing_is_lost_and_nothing_is_too_long(blocks):
    found = list(cut([Block(heading, "", 0, text) for heading, text in blocks], "Judul"))
    assert all(0 < len(piece.body) <= MOST for piece in found)
    written = "".join("".join(text.split()) for _, text in blocks)
    assert "".join("".join(piece.body.split()) for piece in found) == written


@pytest.mark.parametrize("blocks", [[], [("", "", 0, "")], [("", "", 0, " \n\n ")]])
def test_nothing_gives_nothing(blocks):
    assert pieces(*blocks) == []
