import pytest

from chatrigo.domain.knowledge.entries import add_entry
from chatrigo.domain.knowledge.trial import try_question
from chatrigo.errors import Invalid


def test_a_text_is_evidence_and_no_answer(session, actor):
    add_entry(session, actor, "text", "Pengiriman", "Ongkos kirim ke Bandung Rp10.000.")
    trial = try_question(session, actor, "ongkir ke bandung berapa?")
    assert trial.decision == "unsure"
    assert 0 < trial.found[0].percent <= 100


def test_a_foreign_question_finds_nothing(session, actor):
    add_entry(session, actor, "qa", "Jam buka toko?", "Jam 8 sampai 22.")
    trial = try_question(session, actor, "siapa presiden pertama")
    assert (trial.question, trial.decision, trial.found) == ("siapa presiden pertama", "none", [])


@pytest.mark.parametrize("question", [None, "", "  ", 7, [], "x" * 501])
def test_a_question_is_a_short_line(session, actor, question):
    with pytest.raises(Invalid):
        try_question(session, actor, question)
