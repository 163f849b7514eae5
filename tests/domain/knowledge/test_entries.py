import pytest

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.knowledge import entries
from chatrigo.domain.knowledge.trial import try_question
from chatrigo.errors import Forbidden, Invalid, NotFound, SignedOut
from chatrigo.events import SettingsChanged, recorded

QUESTION, ANSWER = "Jam buka toko berapa?", "Kami buka setiap hari jam 08.00-22.00."


def add(session, actor, title=QUESTION, body=ANSWER, kind="qa", **options):
    return entries.add_entry(session, actor, kind, title, body, **options)


def test_what_is_taught_is_found_at_once(session, actor):
    row = add(session, actor)
    trial = try_question(session, actor, "kak buka jam brp?")
    assert trial.decision == "answer"
    assert [found.entry_id for found in trial.found] == [row.id]
    assert recorded(session) == [SettingsChanged(actor.business_id, "knowledge")]


def test_what_is_changed_is_found_by_its_new_words(session, actor):
    row = add(session, actor)
    entries.change_entry(session, actor, row.id, "Apakah bisa bayar pakai QRIS?", "Bisa, Kak.")
    assert try_question(session, actor, "buka jam berapa?").found == []
    assert try_question(session, actor, "bisa qris?").found[0].title == (
        "Apakah bisa bayar pakai QRIS?"
    )


def test_what_is_switched_off_or_deleted_is_not_found(session, actor):
    row = add(session, actor)
    assert entries.enable_entry(session, actor, row.id, False).enabled is False
    assert try_question(session, actor, QUESTION).decision == "none"
    entries.enable_entry(session, actor, row.id, True)
    assert try_question(session, actor, QUESTION).decision == "answer"
    entries.delete_entry(session, actor, row.id)
    assert try_question(session, actor, QUESTION).found == []
    with pytest.raises(NotFound):
        entries.get_entry(session, actor, row.id)


def test_a_deleted_entry_comes_back_to_its_place(session, actor):
    first = add(session, actor)
    second = add(session, actor, "Ada promo?", "Belum ada.")
    gone = entries.delete_entry(session, actor, first.id)
    back = entries.restore_entry(session, actor, gone)
    assert (back.title, back.body, back.created_at) == (first.title, first.body, first.created_at)
    listed = entries.list_entries(session, actor).rows
    assert [row.id for row in listed] == [second.id, back.id]
    assert try_question(session, actor, QUESTION).decision == "answer"


def test_a_switched_off_entry_comes_back_switched_off(session, actor):
    row = add(session, actor, enabled=False)
    gone = entries.delete_entry(session, actor, row.id)
    assert entries.restore_entry(session, actor, gone).enabled is False
    assert try_question(session, actor, QUESTION).found == []


@pytest.mark.parametrize(
    "again", [QUESTION.upper(), "jam buka toko berapa", " Jam  buka tokó berapa?!"]
)
def test_the_same_question_is_warned_of(session, actor, again):
    row = add(session, actor)
    with pytest.raises(entries.Duplicate) as warned:
        add(session, actor, again, "Lain.")
    assert (warned.value.entry_id, warned.value.values) == (row.id, {"title": QUESTION})
    assert add(session, actor, again, "Lain.", duplicate_ok=True).id != row.id


def test_a_change_into_the_same_question_is_warned_of(session, actor):
    add(session, actor)
    other = add(session, actor, "Ada promo?", "Belum.")
    with pytest.raises(entries.Duplicate):
        entries.change_entry(session, actor, other.id, QUESTION, "Belum.")
    changed = entries.change_entry(session, actor, other.id, "ada promo", "Ada!")
    assert (changed.title, changed.body) == ("ada promo", "Ada!")


def test_questions_without_words_differ_by_their_signs(session, actor):
    add(session, actor, "🙂?", "Halo!")
    assert add(session, actor, "???", "Ada apa, Kak?").title == "???"


def test_texts_may_share_a_title(session, actor):
    for body in ("Satu", "Dua"):
        add(session, actor, "Kebijakan", body, "text")
    assert entries.list_entries(session, actor).found == 2


@pytest.mark.parametrize(
    ("kind", "title", "body", "key"),
    [
        ("qa", " ", "x", "knowledge.question_missing"),
        ("qa", "x", "", "knowledge.answer_missing"),
        ("qa", "x" * 301, "x", "knowledge.question_long"),
        ("qa", "x", "x" * 4001, "knowledge.answer_long"),
        ("text", "", "x", "knowledge.title_missing"),
        ("text", "x", None, "knowledge.text_missing"),
        ("text", "x", "x" * 4001, "knowledge.text_long"),
        ("video", "x", "x", "knowledge.kind_unknown"),
        (None, 7, [], "knowledge.kind_unknown"),
    ],
)
def test_a_wrong_entry_names_the_field(session, actor, kind, title, body, key):
    with pytest.raises(Invalid) as refused:
        entries.add_entry(session, actor, kind, title, body)
    assert refused.value.key == key


def test_a_refused_change_leaves_the_entry_as_it_was(session, actor):
    row = add(session, actor)
    with pytest.raises(Invalid):
        entries.change_entry(session, actor, row.id, "Baru?", "")
    assert entries.get_entry(session, actor, row.id).title == QUESTION


def test_the_list_is_a_window_newest_first(session, actor):
    for number in range(entries.WINDOW + 2):
        add(session, actor, f"Pertanyaan {number}?", "Ya")
    first = entries.list_entries(session, actor)
    assert (len(first.rows), first.found, first.page, first.pages) == (50, 52, 1, 2)
    assert first.rows[0].title == "Pertanyaan 51?"
    last = entries.list_entries(session, actor, page=2)
    assert [row.title for row in last.rows] == ["Pertanyaan 1?", "Pertanyaan 0?"]
    assert entries.list_entries(session, actor, page=99).page == 2


def test_the_list_is_filtered_and_counted(session, actor):
    add(session, actor)
    add(session, actor, "Tentang kami", "Kedai kopi 100% arabika", "text")
    off = add(session, actor, "Ada promo?", "Belum.")
    entries.enable_entry(session, actor, off.id, False)

    def titles(view, search=""):
        return [row.title for row in entries.list_entries(session, actor, view, search).rows]

    assert titles("qa") == ["Ada promo?", QUESTION]
    assert titles("text") == ["Tentang kami"]
    assert titles("disabled") == ["Ada promo?"]
    assert titles("all", "KOPI tentang") == ["Tentang kami"]
    assert titles("all", "100%") == ["Tentang kami"]
    assert titles("all", "%") == ["Tentang kami"]
    assert titles("qa", "arabika") == []
    assert entries.list_entries(session, actor).counts == entries.EntryCounts(3, 2, 1, 1)


@pytest.mark.parametrize("nonsense", [None, -1, 0, "abc", 3.5, [], {}, 10**30, "'; DROP TABLE x"])
def test_nonsense_is_tolerated_by_the_list(session, actor, nonsense):
    add(session, actor)
    page = entries.list_entries(session, actor, nonsense, nonsense, nonsense)
    assert page.page == 1


def test_half_an_emoji_in_a_search_is_no_crash(session, actor):
    entries.add_entry(session, actor, "qa", "Buka jam berapa?", "Jam delapan.")
    assert entries.list_entries(session, actor, search="buka\ud83d").found == 1


def test_there_is_an_end_to_entries(session, actor, monkeypatch):
    monkeypatch.setattr(entries, "MAX_ENTRIES", 1)
    add(session, actor)
    with pytest.raises(Invalid) as refused:
        add(session, actor, "Ada promo?", "Belum.")
    assert refused.value.key == "knowledge.full"


def test_another_business_sees_nothing(shop, stranger):
    with db.transaction(shop) as session:
        row = add(session, shop)
    with db.transaction(stranger) as session:
        assert entries.list_entries(session, stranger).counts.all == 0
        assert entries.questions(session, stranger) == {}
        assert try_question(session, stranger, QUESTION).found == []
        for call in (
            lambda: entries.get_entry(session, stranger, row.id),
            lambda: entries.change_entry(session, stranger, row.id, "Curi?", "x"),
            lambda: entries.enable_entry(session, stranger, row.id, False),
            lambda: entries.delete_entry(session, stranger, row.id),
        ):
            with pytest.raises(NotFound):
                call()
        add(session, stranger)
    with db.transaction(shop) as session:
        assert entries.list_entries(session, shop).rows == [row]


def test_who_may_not_teach_is_refused(session, actor):
    row = add(session, actor)
    agent, nobody = Actor(1, actor.business_id, "agent"), Actor(None, 0, "public")
    for who, refusal in ((agent, Forbidden), (nobody, SignedOut)):
        for call in (
            lambda who=who: entries.list_entries(session, who),
            lambda who=who: entries.get_entry(session, who, row.id),
            lambda who=who: add(session, who, "Baru?", "x"),
            lambda who=who: entries.change_entry(session, who, row.id, "Baru?", "x"),
            lambda who=who: entries.enable_entry(session, who, row.id, False),
            lambda who=who: entries.delete_entry(session, who, row.id),
            lambda who=who: entries.restore_entry(session, who, row),
            lambda who=who: entries.questions(session, who),
            lambda who=who: try_question(session, who, QUESTION),
        ):
            with pytest.raises(refusal):
                call()
