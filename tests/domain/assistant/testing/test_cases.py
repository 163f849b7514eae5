import pytest

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.domain.assistant.testing import cases, spreadsheet
from chatrigo.domain.assistant.testing.judging import Answer, Problem, judge
from chatrigo.errors import Forbidden, Invalid, NotFound, SignedOut
from chatrigo.events import SettingsChanged, recorded

FORM = {
    "name": "Ongkir",
    "turns": "ongkir ke bandung?\n\n kalau  ambil sendiri? ",
    "facts": "Rp12.000\ngratis",
    "forbidden": "diskon",
    "expected": "answer",
}


def add(session, actor, **wishes):
    return cases.add_case(session, actor, {**FORM, **wishes})


def test_a_case_is_kept_line_by_line(session, actor):
    row = add(session, actor)
    assert row.turns == ["ongkir ke bandung?", "kalau ambil sendiri?"]
    assert (row.facts, row.forbidden) == (["Rp12.000", "gratis"], ["diskon"])
    assert cases.list_cases(session, actor) == [row] == [cases.get_case(session, actor, row.id)]
    assert recorded(session) == [SettingsChanged(actor.business_id, "own_tests")]
    assert add(session, actor, name="").name == "ongkir ke bandung?"


@pytest.mark.parametrize(
    ("wishes", "key"),
    [
        ({"turns": " \n "}, "turns_missing"),
        ({"turns": "x" * 1001}, "turns_long"),
        ({"turns": "\n".join("x" * 11)}, "turns_many"),
        ({"facts": "x" * 201}, "facts_long"),
        ({"forbidden": "\n".join("x" * 21)}, "forbidden_many"),
        ({"expected": "dance"}, "expected_unknown"),
        ({"name": "x" * 121}, "name_long"),
        ({"turns": None}, "turns_missing"),
    ],
)
def test_what_a_case_may_not_be(session, actor, wishes, key):
    with pytest.raises(Invalid) as refused:
        add(session, actor, **wishes)
    assert refused.value.key == f"own_tests.{key}"


def test_a_case_is_changed_switched_off_deleted_and_brought_back(session, actor):
    row = cases.change_case(session, actor, add(session, actor).id, {**FORM, "name": "Kirim"})
    assert row.name == "Kirim"
    assert cases.enable_case(session, actor, row.id, False).enabled is False
    gone = cases.delete_case(session, actor, row.id)
    assert cases.list_cases(session, actor) == []
    back = cases.restore_case(session, actor, gone)
    assert (back.name, back.turns, back.enabled) == ("Kirim", row.turns, False)


def test_there_is_an_end(session, actor, monkeypatch):
    monkeypatch.setattr(cases, "MAX_CASES", 1)
    add(session, actor)
    with pytest.raises(Invalid) as refused:
        add(session, actor)
    assert refused.value.key == "own_tests.full"


def test_out_and_in_again_loses_nothing(session, actor):
    add(session, actor, name="=1+1", facts='Rp12.000\ndua "kata", koma')
    add(session, actor, name="Mati", enabled=False, expected="handover")
    written = spreadsheet.export_cases(session, actor).encode()
    before = [
        (c.name, c.turns, c.facts, c.forbidden, c.expected, c.enabled)
        for c in cases.list_cases(session, actor)
    ]
    for case in cases.list_cases(session, actor):
        cases.delete_case(session, actor, case.id)
    assert spreadsheet.import_cases(session, actor, written) == 2
    after = [
        (c.name, c.turns, c.facts, c.forbidden, c.expected, c.enabled)
        for c in cases.list_cases(session, actor)
    ]
    assert after == before


def test_a_file_of_others_is_taken_by_its_headings_and_refused_by_line(session, actor):
    file = (
        "Aktif;Pertanyaan;Fakta;Harapan\n"
        "ya;buka jam brp? | tutup jam brp?;08.00 | 22.00;jawab\n"
        ";;;\n"
        "tidak;;x;\n"
        "ya;ada parkir?;;menari\n"
        "tidak;mau komplain;;ke orang\n"
    ).encode("utf-16")
    seen = spreadsheet.preview_import(session, actor, file)
    assert [(row.line, row.problem) for row in seen.rows] == [
        (2, ""),
        (4, "own_tests.turns_missing"),
        (5, "own_tests.expected_unknown"),
        (6, ""),
    ]
    assert (seen.ready, seen.skipped) == (2, 2)
    assert spreadsheet.import_cases(session, actor, file) == 2
    first, second = cases.list_cases(session, actor)
    assert (first.turns, first.facts) == (["buka jam brp?", "tutup jam brp?"], ["08.00", "22.00"])
    assert (second.expected, second.enabled) == ("handover", False)


@pytest.mark.parametrize(
    ("file", "key"),
    [
        (b"", "csv_empty"),
        (b"turns\n", "csv_empty"),
        (b"a,b\n1,2\n", "csv_columns"),
        (b"\x00\x01\x02", "csv_unreadable"),
        ("bukan bytes", "csv_unreadable"),
        (b"x" * 1_000_001, "csv_big"),
        (b"turns\n" + b"x\n" * 201, "csv_rows"),
    ],
)
def test_a_file_that_is_none(session, actor, file, key):
    with pytest.raises(Invalid) as refused:
        spreadsheet.preview_import(session, actor, file)
    assert refused.value.key == f"errors.{key}"


def test_nothing_to_save_is_said(session, actor):
    with pytest.raises(Invalid) as refused:
        spreadsheet.import_cases(session, actor, b"turns,name\n,x\n")
    assert refused.value.key == "errors.csv_nothing"


@pytest.fixture
def case(session, actor):
    return add(session, actor)


def answers(*texts, act="model"):
    return [Answer("q", text, act) for text in texts]


def test_a_case_is_passed(case):
    assert judge(case, answers("Rp12.000", "Gratis, cukup 12 ribu tidak perlu.")) == []


def test_why_a_case_fails(case):
    assert judge(case, answers("Dapat diskon!", "Tidak tahu")) == [
        Problem("missing", "Rp12.000"),
        Problem("missing", "gratis"),
        Problem("forbidden", "diskon"),
    ]
    handed = judge(case, answers("Rp12.000", "12 ribu, gratis", act="handover"))
    assert handed == [Problem("action", "handover")]
    assert judge(case, answers("nur eine")) == [Problem("broken", "")]


@pytest.mark.parametrize("act", ["model", "approved", "small_talk", "declined"])
def test_what_counts_as_an_answer(session, actor, act):
    case = add(session, actor, turns="halo", facts="", forbidden="")
    assert judge(case, answers("hai", act=act)) == []


@pytest.mark.parametrize(
    ("act", "text", "passes"),
    [
        ("clarify", "Maksudnya yang mana?", True),
        ("model", "Yang ukuran apa, Kak? 😊", True),
        ("model", "Rp12.000.", False),
        ("handover", "Sebentar ya?", False),
    ],
)
def test_asking_back(session, actor, act, text, passes):
    case = add(session, actor, turns="kopi brp?", facts="", forbidden="", expected="clarify")
    assert (judge(case, answers(text, act=act)) == []) is passes


def test_another_business_sees_nothing(shop, stranger):
    with db.transaction(shop) as session:
        row = add(session, shop)
    with db.transaction(stranger) as session:
        assert cases.list_cases(session, stranger) == []
        for call in (cases.get_case, cases.delete_case):
            with pytest.raises(NotFound):
                call(session, stranger, row.id)
        with pytest.raises(NotFound):
            cases.change_case(session, stranger, row.id, FORM)


def test_who_may_not_configure_is_refused(session, actor):
    for who, refusal in ((Actor(1, actor.business_id, "agent"), Forbidden), (PUBLIC, SignedOut)):
        for call in (
            lambda who=who: cases.list_cases(session, who),
            lambda who=who: cases.add_case(session, who, FORM),
            lambda who=who: spreadsheet.export_cases(session, who),
            lambda who=who: spreadsheet.import_cases(session, who, b"turns\nx\n"),
        ):
            with pytest.raises(refusal):
                call()
