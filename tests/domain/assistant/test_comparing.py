import pytest

from chatrigo.domain.assistant import versions
from chatrigo.domain.assistant.comparing import Piece, compare, pieces
from chatrigo.errors import NotFound

HOURS = {"hours_known": "on", "open_mon": "on", "opens_mon": "08:00", "closes_mon": "22:00"}
WISHES = {"name": "Nandi", "tone": "Ramah dan santai.", "language": "customer"}


def test_words_that_came_and_went():
    assert pieces("Sapa dengan Kak.", "Sapa dengan Bapak atau Ibu.") == [
        Piece("same", "Sapa dengan "),
        Piece("gone", "Kak."),
        Piece("new", "Bapak atau Ibu."),
    ]
    assert pieces("", "") == []
    assert pieces("", "a b") == [Piece("new", "a b")]


def test_two_versions_field_by_field(session, actor):
    desk = versions.save_draft(session, actor, WISHES, 0)
    versions.put_live(session, actor, desk.revision)
    versions.save_draft(
        session,
        actor,
        {**WISHES, **HOURS, "tone": "Ramah dan sopan.", "topic_medical": "hand_over"},
        0,
    )
    seen = compare(session, actor, 1, 2)
    changed = {field.field: field for field in seen.fields if field.changed}
    assert set(changed) == {"tone", "hours", "topics"}
    assert seen.changed == 3
    assert [piece.kind for piece in changed["tone"].pieces] == ["same", "gone", "new"]
    assert "Senin: 08:00 – 22:00" in changed["hours"].pieces[0].text
    english = compare(session, actor, 1, 2, "en")
    assert "Monday" in next(f for f in english.fields if f.field == "hours").pieces[0].text
    assert compare(session, actor, 2, 2).changed == 0
    with pytest.raises(NotFound):
        compare(session, actor, 1, 3)
