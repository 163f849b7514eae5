import pytest

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.knowledge import entries, importing, proposals, source_pieces, sources
from chatrigo.domain.knowledge.chats import Pair
from chatrigo.domain.knowledge.importing import Unwanted
from chatrigo.domain.knowledge.pieces import Piece
from chatrigo.domain.knowledge.trial import try_question
from chatrigo.errors import Forbidden, Invalid, NotFound, SignedOut
from chatrigo.models.audit import AuditEntry
from chatrigo.models.conversation import Channel, Contact, Conversation, Message
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.models.source import KnowledgeSource

SHA = "a" * 64
ONE = Piece("Pengiriman", "hal. 1", "Kami kirim ke seluruh Indonesia setiap hari.")
TWO = Piece("Retur", "hal. 2", "Barang rusak bisa diretur dalam tiga hari.")
THREE = Piece("Garansi", "hal. 3", "Mesin kopi bergaransi resmi satu tahun.")


def add(session, actor, sha=SHA):
    return sources.add_file(session, actor, "file", "panduan.pdf", sha, 10)


def job_of(session, actor, source_id):
    run = session.get(KnowledgeSource, source_id).run
    return importing.begin(session, actor, source_id, run)


def filled(session, actor, *pieces, sha=SHA):
    row = add(session, actor, sha)
    job = job_of(session, actor, row.id)
    importing.store_pieces(session, actor, job, pieces or (ONE, TWO), "digest")
    return sources.get_source(session, actor, row.id)


def bodies(session, actor, source_id):
    return [p.body for p in source_pieces.list_pieces(session, actor, source_id).rows]


def found(session, actor, question="bisa retur barang rusak?"):
    return try_question(session, actor, question).found


def test_pieces_are_found_and_stand_apart_from_the_owner_s_own_entries(session, actor):
    row = filled(session, actor)
    assert (row.state, row.pieces, row.running) == ("ready", 2, False)
    assert found(session, actor)[0].title == "Retur"
    assert entries.list_entries(session, actor).counts.all == 0
    assert entries.questions(session, actor) == {}


def test_switching_a_source_off_and_on_is_immediate_and_remembers_pieces(session, actor):
    row = filled(session, actor)
    first, _ = source_pieces.list_pieces(session, actor, row.id).rows
    entries.enable_entry(session, actor, first.id, False)
    assert sources.enable_source(session, actor, row.id, False).enabled is False
    assert found(session, actor) == []
    entries.enable_entry(session, actor, first.id, False)
    sources.enable_source(session, actor, row.id, True)
    assert found(session, actor)[0].title == "Retur"
    assert found(session, actor, "kirim ke seluruh Indonesia?") == []
    sources.enable_source(session, actor, row.id, False)
    entries.enable_entry(session, actor, first.id, True)
    assert found(session, actor, "kirim ke seluruh Indonesia?") == []


def test_replacing_keeps_what_is_still_said(session, actor):
    row = filled(session, actor)
    first, second = source_pieces.list_pieces(session, actor, row.id).rows
    entries.change_entry(session, actor, second.id, "Retur", "Retur dalam tujuh hari.")
    sources.import_again(session, actor, row.id)
    job = job_of(session, actor, row.id)
    importing.store_pieces(session, actor, job, [THREE, TWO, ONE], "other")
    again = source_pieces.list_pieces(session, actor, row.id).rows
    assert [p.title for p in again] == ["Garansi", "Retur", "Pengiriman"]
    assert (again[1].id, again[1].body, again[1].edited) == (
        second.id,
        "Retur dalam tujuh hari.",
        True,
    )
    assert (again[2].id, again[2].edited) == (first.id, False)


def test_a_source_that_is_off_stays_off_when_it_is_read_again(session, actor):
    row = filled(session, actor)
    sources.enable_source(session, actor, row.id, False)
    sources.import_again(session, actor, row.id)
    importing.store_pieces(session, actor, job_of(session, actor, row.id), [THREE], "other")
    assert found(session, actor, "garansi mesin kopi?") == []


def test_the_same_piece_twice_in_a_document_stays_twice(session, actor):
    row = filled(session, actor, ONE, ONE, TWO)
    assert len(bodies(session, actor, row.id)) == 3
    sources.import_again(session, actor, row.id)
    importing.store_pieces(session, actor, job_of(session, actor, row.id), [ONE], "other")
    assert bodies(session, actor, row.id) == [ONE.body]


def test_a_piece_can_not_be_deleted_by_itself(session, actor):
    row = filled(session, actor)
    piece = source_pieces.list_pieces(session, actor, row.id).rows[0]
    with pytest.raises(Invalid, match=r"sources\.piece_stays"):
        entries.delete_entry(session, actor, piece.id)


def test_deleting_is_immediate_and_written_down(session, actor):
    row = filled(session, actor)
    sources.delete_source(session, actor, row.id)
    assert found(session, actor) == []
    assert session.query(KnowledgeEntry).count() == 0
    (entry,) = session.query(AuditEntry).all()
    assert (entry.act, entry.subject) == ("knowledge.source_deleted", "panduan.pdf")
    with pytest.raises(NotFound):
        sources.get_source(session, actor, row.id)


def test_a_run_that_nobody_wants_any_more_writes_nothing(session, actor):
    row = add(session, actor)
    job = job_of(session, actor, row.id)
    sources.cancel_import(session, actor, row.id)
    for step in (
        lambda: importing.store_pieces(session, actor, job, [ONE], "d"),
        lambda: importing.go_on(session, actor, job.source_id, job.run, 1, 2),
        lambda: importing.fail(session, actor, job, "sources.broken"),
        lambda: importing.leave_unchanged(session, actor, job),
        lambda: proposals.store_proposals(session, actor, job, [], {}),
        lambda: importing.begin(session, actor, row.id, job.run),
    ):
        with pytest.raises(Unwanted):
            step()
    sources.import_again(session, actor, row.id)
    with pytest.raises(Unwanted):
        importing.begin(session, actor, row.id, job.run)
    assert bodies(session, actor, row.id) == []
    sources.delete_source(session, actor, row.id)
    with pytest.raises(Unwanted):
        importing.begin(session, actor, row.id, job.run)


def test_a_failure_leaves_what_was_read_before(session, actor):
    row = filled(session, actor)
    sources.import_again(session, actor, row.id)
    importing.fail(session, actor, job_of(session, actor, row.id), "sources.encrypted")
    row = sources.get_source(session, actor, row.id)
    assert (row.state, row.pieces) == ("failed", 2)
    assert "kata sandi" in row.problem
    assert "password" in row.problem_en
    assert found(session, actor)


def test_there_is_an_end_to_pieces(session, actor, monkeypatch):
    monkeypatch.setattr(importing, "MAX_PIECES", 2)
    monkeypatch.setattr(importing, "MAX_PIECES_OF_BUSINESS", 3)
    row = filled(session, actor, ONE, TWO, THREE)
    assert row.pieces == 2
    assert "2 potongan pertama" in row.problem
    other = add(session, actor, "b" * 64)
    with pytest.raises(Invalid, match=r"sources\.no_room"):
        importing.store_pieces(session, actor, job_of(session, actor, other.id), [ONE, TWO], "d")


def test_there_is_an_end_to_sources_and_none_is_there_twice(session, actor, monkeypatch):
    add(session, actor)
    with pytest.raises(Invalid, match=r"sources\.same"):
        add(session, actor)
    monkeypatch.setattr(sources, "MAX_SOURCES", 1)
    with pytest.raises(Invalid, match=r"sources\.full"):
        sources.add_page(session, actor, "page", "https://toko.example")
    with pytest.raises(Invalid, match=r"sources\.full"):
        sources.allow_upload(session, actor)


def test_addresses_are_completed_and_told_apart(session, actor):
    row = sources.add_page(session, actor, "page", " toko.example/faq#atas ", "daily")
    assert (row.address, row.name) == ("https://toko.example/faq", "toko.example/faq")
    with pytest.raises(Invalid, match=r"sources\.same"):
        sources.add_page(session, actor, "page", "https://toko.example/faq")
    assert sources.add_page(session, actor, "sitemap", "https://toko.example/faq").id != row.id


@pytest.mark.parametrize(
    "address",
    ["", None, 7, "ftp://x.example", "javascript:alert(1)", "http://", "http://[x", "a b"],
)
def test_what_is_no_address(session, actor, address):
    with pytest.raises(Invalid):
        sources.add_page(session, actor, "page", address)


def test_where_it_was_used(session, actor):
    row = filled(session, actor)
    piece = source_pieces.list_pieces(session, actor, row.id).rows[1]
    channel, contact = (
        Channel(business_id=actor.business_id),
        Contact(business_id=actor.business_id, name="Budi"),
    )
    session.add_all([channel, contact])
    session.flush()
    conversation = Conversation(
        business_id=actor.business_id, channel_id=channel.id, contact_id=contact.id
    )
    session.add(conversation)
    session.flush()
    for body in ("Bisa, tiga hari.", "Betul, tiga hari."):
        session.add(
            Message(
                business_id=actor.business_id,
                conversation_id=conversation.id,
                channel_id=channel.id,
                author="ai",
                body=body,
                evidence=[{"entry_id": piece.id, "title": "", "body": ""}] * 2,
            )
        )
    session.flush()
    assert sources.get_source(session, actor, row.id).used == 2
    assert sources.list_sources(session, actor)[0].used == 2
    (use,) = source_pieces.list_uses(session, actor, row.id)
    assert (use.conversation_id, use.contact, use.answer) == (
        conversation.id,
        "Budi",
        "Betul, tiga hari.",
    )


def test_pieces_are_a_window_that_can_be_searched(session, actor):
    many = [Piece(f"Bab {n}", "", f"Isi bab nomor {n}.") for n in range(source_pieces.WINDOW + 3)]
    row = filled(session, actor, *many)
    first = source_pieces.list_pieces(session, actor, row.id)
    assert (len(first.rows), first.found, first.pages) == (source_pieces.WINDOW, len(many), 2)
    last = source_pieces.list_pieces(session, actor, row.id, page=99)
    assert (last.page, last.rows[-1].title) == (2, many[-1].title)
    assert source_pieces.list_pieces(session, actor, row.id, "bab nomor 17.").found == 1
    for nonsense in (None, [], -1, "x"):
        source_pieces.list_pieces(session, actor, row.id, nonsense, nonsense)


# Proposals

PAIRS = [Pair("Buka jam berapa?", "Jam 08.00.", "pesan 1"), Pair("Ada wifi?", "Ada.", "pesan 3")]


def proposed(session, actor, pairs=PAIRS):
    row = sources.add_file(session, actor, "whatsapp", "chat.txt", SHA, 10)
    details = {"people": ["Budi", "Kopi"], "shop": "Kopi"}
    proposals.store_proposals(session, actor, job_of(session, actor, row.id), pairs, details)
    return row.id, proposals.list_proposals(session, actor).rows


def test_nothing_is_used_before_it_is_approved(session, actor):
    source_id, rows = proposed(session, actor)
    assert [row.question for row in rows] == ["Buka jam berapa?", "Ada wifi?"]
    assert sources.get_source(session, actor, source_id).proposed == 2
    assert found(session, actor, "buka jam berapa?") == []
    proposals.approve(session, actor, rows[0].id, "Jam buka?", "Jam 08.00 sampai 22.00.")
    assert found(session, actor, "jam buka?")[0].body == "Jam 08.00 sampai 22.00."
    assert proposals.reject_all(session, actor, [rows[1].id]) == 1
    assert proposals.count_proposals(session, actor) == 0
    with pytest.raises(Invalid, match=r"sources\.decided"):
        proposals.approve(session, actor, rows[0].id, "Jam buka?", "x")


def test_what_was_decided_is_not_proposed_again(session, actor):
    source_id, rows = proposed(session, actor)
    proposals.reject_all(session, actor, [rows[0].id])
    sources.choose_shop(session, actor, source_id, "Budi")
    job = job_of(session, actor, source_id)
    assert job.details["shop"] == "Budi"
    proposals.store_proposals(session, actor, job, PAIRS, {"people": ["Budi"], "shop": "Budi"})
    assert [r.question for r in proposals.list_proposals(session, actor).rows] == ["Ada wifi?"]


def test_what_is_taught_already_is_left(session, actor):
    _, rows = proposed(session, actor)
    entries.add_entry(session, actor, "qa", "ada WIFI", "Ada, gratis.")
    assert [row.known for row in proposals.list_proposals(session, actor).rows] == [False, True]
    done = proposals.approve_all(session, actor, [row.id for row in rows])
    assert (done.taught, done.left) == (1, 1)
    with pytest.raises(entries.Duplicate):
        proposals.approve(session, actor, rows[1].id, "Ada wifi?", "Ada.")
    proposals.approve(session, actor, rows[1].id, "Ada wifi?", "Ada.", duplicate_ok=True)


def test_approved_pairs_outlive_their_source(session, actor):
    source_id, rows = proposed(session, actor)
    proposals.approve_all(session, actor, [rows[0].id])
    sources.delete_source(session, actor, source_id)
    assert found(session, actor, "buka jam berapa?")
    assert proposals.count_proposals(session, actor) == 0


def test_staff_s_edits_may_be_proposed(session, actor):
    proposals.propose(session, actor, "edit", "message:7", "Ada parkir?", "Ada, gratis.")
    (row,) = proposals.list_proposals(session, actor).rows
    assert (row.origin_kind, row.origin, row.origin_name) == ("edit", "message:7", "")
    with pytest.raises(Invalid):
        proposals.propose(session, actor, "mimpi", "", "Ada?", "Ada.")
    with pytest.raises(Forbidden):
        proposals.propose(session, Actor(1, actor.business_id, "viewer"), "edit", "", "A?", "b")


@pytest.mark.parametrize("ids", [None, [], "1", [None], ["x"], [1.5], [2**70], list(range(1, 500))])
def test_nonsense_is_approved_by_nobody(session, actor, ids):
    with pytest.raises(NotFound):
        proposals.approve_all(session, actor, ids)
    with pytest.raises(NotFound):
        proposals.reject_all(session, actor, ids)


def everything(session, who, source_id, piece_id, proposal_id):
    """Every call that names a row of somebody's."""
    return [
        lambda: sources.get_source(session, who, source_id),
        lambda: sources.rename_source(session, who, source_id, "x"),
        lambda: sources.enable_source(session, who, source_id, False),
        lambda: sources.schedule_source(session, who, source_id, "daily"),
        lambda: sources.import_again(session, who, source_id),
        lambda: sources.cancel_import(session, who, source_id),
        lambda: sources.choose_shop(session, who, source_id, "Budi"),
        lambda: sources.delete_source(session, who, source_id),
        lambda: source_pieces.list_pieces(session, who, source_id),
        lambda: source_pieces.list_uses(session, who, source_id),
        lambda: source_pieces.get_piece(session, who, piece_id),
        lambda: entries.change_entry(session, who, piece_id, "x", "x"),
        lambda: entries.enable_entry(session, who, piece_id, False),
        lambda: proposals.get_proposal(session, who, proposal_id),
        lambda: proposals.approve(session, who, proposal_id, "x?", "x"),
    ]


def test_another_business_sees_nothing(shop, stranger):
    with db.transaction(shop) as session:
        row = filled(session, shop)
        piece = source_pieces.list_pieces(session, shop, row.id).rows[0]
        proposals.propose(session, shop, "edit", "", "Ada parkir?", "Ada.")
        (proposal,) = proposals.list_proposals(session, shop).rows
    with db.transaction(stranger) as session:
        for call in everything(session, stranger, row.id, piece.id, proposal.id):
            with pytest.raises(NotFound):
                call()
        assert sources.list_sources(session, stranger) == []
        assert proposals.list_proposals(session, stranger).found == 0
        assert proposals.reject_all(session, stranger, [proposal.id]) == 0
        assert found(session, stranger) == []
        assert add(session, stranger).id != row.id
    with db.transaction(shop) as session:
        assert sources.get_source(session, shop, row.id) == row
        assert proposals.count_proposals(session, shop) == 1


def test_who_may_not_teach_is_refused(session, actor):
    row = filled(session, actor)
    piece = source_pieces.list_pieces(session, actor, row.id).rows[0]
    agent, nobody = Actor(1, actor.business_id, "agent"), Actor(None, 0, "public")
    for who, refusal in ((agent, Forbidden), (nobody, SignedOut)):
        for call in [
            *everything(session, who, row.id, piece.id, 1),
            lambda who=who: sources.list_sources(session, who),
            lambda who=who: sources.allow_upload(session, who),
            lambda who=who: add(session, who, "c" * 64),
            lambda who=who: sources.add_page(session, who, "page", "https://x.example"),
            lambda who=who: proposals.list_proposals(session, who),
            lambda who=who: proposals.count_proposals(session, who),
            lambda who=who: proposals.approve_all(session, who, [1]),
            lambda who=who: proposals.reject_all(session, who, [1]),
        ]:
            with pytest.raises(refusal):
                call()
