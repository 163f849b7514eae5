import json
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.models.knowledge import KnowledgeEntry, KnowledgeTerm
from chatrigo.retrieval import search as lexical
from chatrigo.retrieval.gate import decide
from chatrigo.retrieval.search import MARKERS, index, reindex, search, unindex
from tests.retrieval.shop import HERE, Shop
from tests.retrieval.test_text import AWKWARD


def taught(session: Session, actor: Actor, title: str, body: str, **more) -> KnowledgeEntry:
    entry = KnowledgeEntry(business_id=actor.business_id, title=title, body=body, **more)
    index(session, entry)
    return entry


def counts(session: Session, actor: Actor) -> dict[str, int]:
    rows = session.execute(
        select(KnowledgeTerm.term, KnowledgeTerm.entries).where(
            KnowledgeTerm.business_id == actor.business_id
        )
    )
    return {term: entries for term, entries in rows if term != lexical.REVISION}


def test_an_entry_is_found_the_moment_it_is_saved(session: Session, actor: Actor) -> None:
    entry = taught(session, actor, "Apakah ada wifi?", "Ada, gratis.")
    hits = search(session, actor.business_id, "wifinya ada ga kak??")
    assert [hit.entry_id for hit in hits] == [entry.id]
    assert (hits[0].kind, hits[0].title, hits[0].body) == ("qa", "Apakah ada wifi?", "Ada, gratis.")
    assert decide(hits) == "answer"


def test_a_changed_entry_is_found_by_its_new_words_only(session: Session, actor: Actor) -> None:
    entry = taught(session, actor, "Menu andalan?", "Rendang.")
    entry.body = "Soto."
    index(session, entry)
    assert search(session, actor.business_id, "rendang") == []
    assert search(session, actor.business_id, "soto")[0].body == "Soto."


def test_disabled_and_removed_entries_are_not_found(session: Session, actor: Actor) -> None:
    first = taught(session, actor, "Ada rendang?", "Ada.")
    second = taught(session, actor, "Rendang pedas?", "Sedang.")
    first.enabled = False
    index(session, first)
    assert [hit.entry_id for hit in search(session, actor.business_id, "rendang")] == [second.id]
    unindex(session, second)
    session.delete(second)
    session.flush()
    assert search(session, actor.business_id, "rendang") == []
    assert set(counts(session, actor)) <= set(MARKERS)
    assert not any(counts(session, actor).values())


def test_counts_follow_every_change(session: Session, actor: Actor) -> None:
    first = taught(session, actor, "Kopi susu", "Kopi dengan susu", kind="text")
    taught(session, actor, "Kopi hitam", "", kind="text")
    assert counts(session, actor)["kopi"] == 2
    index(session, first)
    assert counts(session, actor)["kopi"] == 2
    assert counts(session, actor)[lexical.ENTRIES] == 2
    first.title, first.body = "Teh", ""
    index(session, first)
    assert counts(session, actor)["kopi"] == 1
    assert "susu" not in counts(session, actor)
    assert counts(session, actor)[lexical.LENGTH] == 3


def test_an_entry_without_a_word_is_kept_but_never_found(session: Session, actor: Actor) -> None:
    entry = taught(session, actor, "👍", "❤️")
    assert entry.lemmas == ""
    assert not any(counts(session, actor).values())
    assert search(session, actor.business_id, "👍") == []


def test_typing_slips_find_the_business_own_words(session: Session, actor: Actor) -> None:
    taught(session, actor, "Berapa harga croissant?", "Rp20.000")
    assert search(session, actor.business_id, "croisant")[0].coverage == pytest.approx(0.8)
    taught(session, actor, "Ada affogato?", "Ada")
    assert search(session, actor.business_id, "afogato ada"), "the vocabulary is renewed"


def test_a_revision_rolled_back_does_not_come_again(shop: Actor) -> None:
    with db.transaction(shop) as session:
        taught(session, shop, "Ada wifi?", "Ada.")
        assert search(session, shop.business_id, "wifi")
        session.rollback()
    with db.transaction(shop) as session:
        taught(session, shop, "Ada musala?", "Ada.")
    with db.transaction(shop) as session:
        assert search(session, shop.business_id, "musala")


def test_reindex_gives_the_same_index(session: Session, actor: Actor) -> None:
    taught(session, actor, "Ada wifi?", "Ada, gratis.")
    taught(session, actor, "Ada musala?", "Ada di belakang.", enabled=False)
    before = counts(session, actor)
    session.execute(text("UPDATE knowledge_term SET entries = 7"))
    assert reindex(session, actor.business_id) == 2
    assert counts(session, actor) == before
    assert search(session, actor.business_id, "wifi")


@pytest.mark.parametrize("awkward", AWKWARD)
def test_any_question_may_be_asked(session: Session, actor: Actor, awkward: str) -> None:
    taught(session, actor, "Ada wifi?", "a & b | !c <-> d:* 'x' kopi 1000 txet مرحبا")
    search(session, actor.business_id, awkward)


@pytest.mark.parametrize("awkward", [each.replace("\x00\ud83d", "") for each in AWKWARD])
def test_any_text_may_be_taught(session: Session, actor: Actor, awkward: str) -> None:
    entry = taught(session, actor, awkward[:300], awkward[:4000])
    words = lexical.terms(awkward[:4000])
    if words:
        assert search(session, actor.business_id, words[0])[0].entry_id == entry.id


def test_another_business_finds_nothing(shop: Actor, stranger: Actor) -> None:
    with db.transaction(shop) as session:
        taught(session, shop, "Ada wifi?", "Ada, gratis.")
    with db.transaction(stranger) as session:
        taught(session, stranger, "Ada kipas gratis?", "Ada.")
        assert search(session, stranger.business_id, "wifi ga kak") == []
        assert search(session, shop.business_id, "wifi ga kak") == [], "row-level security"
        found = search(session, stranger.business_id, "gratis?")
        assert [hit.title for hit in found] == ["Ada kipas gratis?"]
    with db.transaction(shop) as session:
        found = search(session, shop.business_id, "gratis?")
        assert [hit.title for hit in found] == ["Ada wifi?"]


def test_what_was_rolled_back_is_not_found(shop: Actor) -> None:
    with db.transaction(shop) as session:
        taught(session, shop, "Ada wifi?", "Ada, gratis.")
        session.rollback()
    with db.transaction(shop) as session:
        assert search(session, shop.business_id, "wifi") == []


def test_the_database_ranks_as_memory_does(session: Session, actor: Actor) -> None:
    raw = json.loads(Path(HERE, "coffee_shop.json").read_text("utf-8"))
    names = {
        taught(session, actor, each["question"], each["answer"]).id: each["name"]
        for each in raw["entries"]
    }
    shop = Shop("coffee_shop.json")
    for question, _ in shop.questions:
        stored = search(session, actor.business_id, question)
        held = shop.search(question)
        assert [round(hit.score, 6) for hit in stored] == [round(hit.score, 6) for hit in held]
        assert names[stored[0].entry_id] == shop.name(held[0]) or held[0].margin == 0
        assert decide(stored) == decide(held)
