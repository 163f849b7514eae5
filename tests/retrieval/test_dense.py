"""Vectors beside words. The vectors are two numbers, so that anybody can tell what is near."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.retrieval import dense
from chatrigo.retrieval.dense import Vector, comparable, has_vectors, keep, vector_of, wanted
from chatrigo.retrieval.search import index, search, unindex

MODEL = "two-numbers"
PETS, WIFI = vector_of(MODEL, (1, 0)), vector_of(MODEL, (0, 1))


@pytest.fixture
def known(session: Session, actor: Actor) -> dict[str, KnowledgeEntry]:
    """Two entries with their vectors."""
    entries = {
        "pets": KnowledgeEntry(
            business_id=actor.business_id, title="Boleh bawa kucing?", body="Boleh di teras."
        ),
        "wifi": KnowledgeEntry(
            business_id=actor.business_id, title="Ada wifi?", body="Ada, gratis."
        ),
    }
    for entry in entries.values():
        index(session, entry)
    make(session, actor, {"pets": PETS, "wifi": WIFI}, entries)
    return entries


def make(
    session: Session,
    actor: Actor,
    vectors: dict[str, Vector],
    entries: dict[str, KnowledgeEntry],
) -> None:
    missing = {each.entry_id: each for each in wanted(session, actor.business_id, MODEL, 10)}
    keep(
        session,
        actor.business_id,
        {missing[entries[name].id]: each for name, each in vectors.items()},  # type: ignore[index]
    )


def test_postgresql_compares_vectors(session: Session) -> None:
    assert comparable(session)


def test_meaning_finds_what_words_do_not(session: Session, actor: Actor, known: dict) -> None:
    question = "anabul oke ga"
    assert search(session, actor.business_id, question) == []
    hits = search(session, actor.business_id, question, vector=vector_of(MODEL, (0.9, 0.1)))
    assert [hit.entry_id for hit in hits] == [known["pets"].id, known["wifi"].id]
    assert hits[0].likeness == pytest.approx(0.994, abs=0.001)
    assert hits[0].lead > 0 > hits[1].lead
    assert (hits[0].score, hits[0].margin) == (0, 0)


def test_what_both_find_comes_first(session: Session, actor: Actor, known: dict) -> None:
    hits = search(session, actor.business_id, "wifi?", vector=vector_of(MODEL, (0.4, 0.6)))
    assert hits[0].entry_id == known["wifi"].id


def test_a_vector_of_another_model_or_length_is_not_compared(
    session: Session, actor: Actor, known: dict
) -> None:
    for other in (Vector("other", PETS.text, 2), vector_of(MODEL, (1, 0, 0))):
        assert search(session, actor.business_id, "anabul oke ga", vector=other) == []
    assert not has_vectors(session, actor.business_id, "other")
    assert has_vectors(session, actor.business_id, MODEL)


def test_a_changed_wording_needs_a_new_vector(session: Session, actor: Actor, known: dict) -> None:
    assert wanted(session, actor.business_id, MODEL, 10) == []
    index(session, known["pets"])
    assert wanted(session, actor.business_id, MODEL, 10) == [], "it reads as it did"
    known["pets"].body = "Tidak boleh."
    index(session, known["pets"])
    assert [each.entry_id for each in wanted(session, actor.business_id, MODEL, 10)] == [
        known["pets"].id
    ]


def test_a_vector_that_comes_too_late_is_not_kept(
    session: Session, actor: Actor, known: dict
) -> None:
    known["pets"].body = "Tidak boleh."
    index(session, known["pets"])
    (late,) = wanted(session, actor.business_id, MODEL, 10)
    known["pets"].body = "Boleh."
    index(session, known["pets"])
    keep(session, actor.business_id, {late: PETS})
    assert [each.text for each in wanted(session, actor.business_id, MODEL, 10)] == [
        "Boleh bawa kucing?\nBoleh."
    ]


def test_disabled_and_deleted_entries_have_no_vector(
    session: Session, actor: Actor, known: dict
) -> None:
    known["pets"].enabled = False
    index(session, known["pets"])
    unindex(session, known["wifi"])
    session.delete(known["wifi"])
    session.flush()
    assert session.execute(text("SELECT count(*) FROM knowledge_vector")).scalar() == 0
    assert wanted(session, actor.business_id, MODEL, 10) == []


def test_a_new_model_makes_every_vector_anew(session: Session, actor: Actor, known: dict) -> None:
    missing = wanted(session, actor.business_id, "newer", 10)
    assert len(missing) == 2
    keep(session, actor.business_id, {each: vector_of("newer", (1, 1, 1)) for each in missing})
    assert not has_vectors(session, actor.business_id, MODEL)
    assert has_vectors(session, actor.business_id, "newer")


def test_the_index_finds_what_comparing_all_finds(
    session: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        index(session, KnowledgeEntry(business_id=actor.business_id, title=f"N{number}", body="x"))
    for at, each in enumerate(wanted(session, actor.business_id, MODEL, 20)):
        numbers = [0.1] * 384
        numbers[at] = 1
        keep(session, actor.business_id, {each: vector_of(MODEL, numbers)})
    asked = vector_of(MODEL, [0.1] * 3 + [1.0] + [0.1] * 380)
    every = dense.nearest(session, actor.business_id, asked, 20, 1)
    monkeypatch.setattr(dense, "ALL_COMPARED", 10)
    by_index = dense.nearest(session, actor.business_id, asked, 20, 1)
    assert by_index == pytest.approx(every)


def test_another_business_compares_nothing_of_ours(shop: Actor, stranger: Actor) -> None:
    with db.transaction(shop) as session:
        entry = KnowledgeEntry(business_id=shop.business_id, title="Ada wifi?", body="Ada.")
        index(session, entry)
        make(session, shop, {"wifi": WIFI}, {"wifi": entry})
    with db.transaction(stranger) as session:
        for business in (stranger.business_id, shop.business_id):
            assert dense.nearest(session, business, WIFI, 10) == {}
