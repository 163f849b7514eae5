import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.retrieval import search as lexical
from chatrigo.retrieval.gate import decide
from chatrigo.retrieval.search import index, reindex, search, unindex
from tests.retrieval.shop import HERE, Shop
from tests.retrieval.test_text import AWKWARD


def taught(session: Session, actor: Actor, title: str, body: str, **more) -> KnowledgeEntry:
    entry = KnowledgeEntry(business_id=actor.business_id, title=title, body=body, **more)
    index(session, entry)
    return entry


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


def test_an_entry_changed_twice_at_once_is_found_by_both_changes(shop: Actor) -> None:
    with db.transaction(shop) as session:
        entry_id = taught(session, shop, "Menu?", "Soto.").id
    with db.transaction(shop) as session:
        entry = session.get_one(KnowledgeEntry, entry_id)
        with db.transaction(shop) as other:
            other_entry = other.get_one(KnowledgeEntry, entry_id)
            other_entry.title = "Hidangan?"
            index(other, other_entry)
        entry.body = "Rendang."
        index(session, entry)
    with db.transaction(shop) as session:
        assert search(session, shop.business_id, "hidangan")[0].body == "Rendang."


def test_an_entry_without_a_word_is_kept_but_never_found(session: Session, actor: Actor) -> None:
    entry = taught(session, actor, "👍", "❤️")
    assert entry.lemmas == ""
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


def test_reindex_applies_the_rules_of_today(session: Session, actor: Actor) -> None:
    entry = taught(session, actor, "Ada wifi?", "Ada, gratis.")
    off = taught(session, actor, "Ada musala?", "Ada di belakang.", enabled=False)
    lemmas = entry.lemmas
    session.execute(text("UPDATE knowledge_entry SET lemmas = 'kuno'"))
    assert reindex(session, actor.business_id) == 2
    session.refresh(entry)
    session.refresh(off)
    assert (entry.lemmas, off.lemmas) == (lemmas, "")
    assert search(session, actor.business_id, "wifi")


def test_only_so_many_indexes_are_kept(shop: Actor, stranger: Actor, monkeypatch) -> None:
    kept = lexical._Kept()
    monkeypatch.setattr(lexical, "_kept", kept)
    monkeypatch.setattr(lexical, "KEPT_POSTINGS", 3)
    for actor in (shop, stranger, shop):
        with db.transaction(actor) as session:
            taught(session, actor, "Ada wifi?", "Ada, gratis.")
            assert search(session, actor.business_id, "wifi")
        assert list(kept.by_business) == [actor.business_id]
        assert kept.postings == kept.by_business[actor.business_id].size


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
