import pytest

from chatrigo.domain.assistant.topics import (
    TOPICS,
    rules_in_words,
    ruling,
    ruling_out_of_scope,
    topic_rows,
    topics_of,
)
from chatrigo.errors import Invalid
from chatrigo.i18n import translate

RULED = topics_of(
    {
        "topic_medical": "decline",
        "words_medical": "Tanya dokter ya, Kak.",
        "topic_legal": "hand_over",
        "topic_rival": "decline",
        "names_rival": "Kopi Anu, Kedai Itu",
    }
)


def test_nothing_said_leaves_all_to_the_evidence():
    assert [row.choice for row in topic_rows({})] == ["evidence"] * len(TOPICS)
    for stored in ({}, topics_of({})):
        assert ruling(stored, "aman buat ibu hamil?", "id") is None
        assert ruling_out_of_scope(stored, "id") is None
        assert rules_in_words(stored) == []


@pytest.mark.parametrize(
    ("question", "act", "topic"),
    [
        ("kak, aman buat ibu hamil ga?", "decline", "medical"),
        ("is it ok for my allergies?", "decline", "medical"),
        ("saya mau somasi toko ini", "hand_over", "legal"),
        ("lebih enak dari Kopi Anu ga?", "decline", "rival"),
        ("bedanya sama toko sebelah apa", "decline", "rival"),
    ],
)
def test_talk_that_the_owner_ruled_on(question, act, topic):
    ruled = ruling(RULED, question, "id")
    assert (ruled.act, ruled.topic) == (act, topic)


@pytest.mark.parametrize(
    "question", ["buka jam berapa?", "ada kopi hitam?", "berapa harga latte", "kopi apa saja", ""]
)
def test_everyday_talk_is_none_of_it(question):
    assert ruling(RULED, question, "id") is None


def test_the_owners_words_or_ours():
    assert ruling(RULED, "obat maag", "id").text == "Tanya dokter ya, Kak."
    ours = ruling(RULED, "kedai itu gimana", "en").text
    assert ours == translate("assistant_says.declined_rival", "en")


def test_beyond_what_the_shop_knows():
    declines = topics_of({"topic_out_of_scope": "decline"})
    said = ruling_out_of_scope(declines, "id")
    assert said.text == translate("assistant_says.declined_out_of_scope", "id")


def test_the_model_hears_of_them():
    lines = rules_in_words(RULED)
    assert len(lines) == 3
    assert "Tanya dokter ya, Kak." in lines[0]
    assert "handover" in lines[1]


def test_only_known_choices():
    with pytest.raises(Invalid):
        topics_of({"topic_medical": "shrug"})
    with pytest.raises(Invalid):
        topics_of({"words_legal": "x" * 501})
    assert ruling({"medical": "broken"}, "obat", "id") is None
