import pytest

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.assistant import instructions
from chatrigo.errors import Forbidden, Invalid
from chatrigo.events import SettingsChanged, recorded
from chatrigo.models.business import Assistant

WISHES = {
    "name": "Nandi",
    "persona": "Barista yang ramah.",
    "tone": "Santai",
    "do": "Sapa dengan Kak.\nTawarkan menu.",
    "dont": "Jangan janji diskon.",
    "language": "customer",
    "handover_line": "Sebentar ya, Kak.",
}
HOURS = {"hours_known": "on", "open_mon": "on", "opens_mon": "08:00", "closes_mon": "22:00"}


def test_the_form_is_taken_over_whole(session, actor):
    row = instructions.change_instructions(session, actor, {**WISHES, **HOURS})
    assert row == instructions.get_instructions(session, actor)
    assert {key: getattr(row, key) for key in WISHES} == WISHES
    assert (row.days[0].open, row.days[0].opens, row.days[0].closes) == (True, "08:00", "22:00")
    assert not any(day.open for day in row.days[1:])
    assert recorded(session) == [SettingsChanged(actor.business_id, "assistant")]


def test_hours_are_stored_by_weekday(session, actor):
    instructions.change_instructions(session, actor, {**WISHES, **HOURS})
    stored = session.get(Assistant, actor.business_id).hours
    assert stored == {
        "mon": ["08:00", "22:00"],
        **dict.fromkeys(("tue", "wed", "thu", "fri", "sat", "sun")),
    }


def test_hours_that_are_not_known_are_not_stored(session, actor):
    row = instructions.change_instructions(session, actor, {**WISHES, **HOURS, "hours_known": ""})
    assert not row.hours_known
    assert session.get(Assistant, actor.business_id).hours == {}
    assert all(day.open for day in row.days)


@pytest.mark.parametrize("clock", ["24:00", "", None, "08:60", 8, "08:00:00", "pagi", "8:0"])
def test_a_time_is_a_time(session, actor, clock):
    with pytest.raises(Invalid) as refused:
        instructions.change_instructions(session, actor, {**WISHES, **HOURS, "closes_mon": clock})
    assert refused.value.key == "assistant.hours_shape"


@pytest.mark.parametrize("written", ["7", "7.00", " 07:00 ", "7:00"])
def test_a_time_is_written_as_people_do(session, actor, written):
    row = instructions.change_instructions(
        session, actor, {**WISHES, **HOURS, "opens_mon": written}
    )
    assert row.days[0].opens == "07:00"


@pytest.mark.parametrize(
    ("field", "limit"),
    [
        ("name", 60),
        ("persona", 2000),
        ("tone", 500),
        ("do", 4000),
        ("dont", 4000),
        ("handover_line", 500),
    ],
)
def test_a_long_text_names_the_field(session, actor, field, limit):
    instructions.change_instructions(session, actor, {**WISHES, field: "x" * limit})
    with pytest.raises(Invalid) as refused:
        instructions.change_instructions(session, actor, {**WISHES, field: "x" * (limit + 1)})
    assert refused.value.key == f"assistant.{field}_long"
    assert refused.value.values["limit"] == limit


@pytest.mark.parametrize("nonsense", [None, 7, [], "abc", {}, {"language": "klingon"}])
def test_a_form_that_is_none_changes_nothing(session, actor, nonsense):
    before = instructions.change_instructions(session, actor, WISHES)
    with pytest.raises(Invalid):
        instructions.change_instructions(session, actor, nonsense)
    session.expire_all()
    after = instructions.get_instructions(session, actor)
    assert after.language == before.language


def test_the_assistant_is_switched_off_and_on(session, actor):
    assert instructions.switch_assistant(session, actor, False).enabled is False
    assert instructions.switch_assistant(session, actor, "nonsense").enabled is False
    assert instructions.switch_assistant(session, actor, True).enabled is True


def test_a_business_without_a_row_gets_one(session, actor):
    session.delete(session.get(Assistant, actor.business_id))
    session.flush()
    assert instructions.get_instructions(session, actor).enabled


def test_another_business_has_its_own(shop, stranger):
    with db.transaction(shop) as session:
        instructions.change_instructions(session, shop, WISHES)
    with db.transaction(stranger) as session:
        assert instructions.get_instructions(session, stranger).name == ""
        instructions.switch_assistant(session, stranger, False)
    with db.transaction(shop) as session:
        row = instructions.get_instructions(session, shop)
        assert (row.enabled, row.name) == (True, "Nandi")


def test_agents_are_refused(session, actor):
    agent = Actor(1, actor.business_id, "agent")
    for call in (
        lambda: instructions.get_instructions(session, agent),
        lambda: instructions.change_instructions(session, agent, WISHES),
        lambda: instructions.switch_assistant(session, agent, False),
    ):
        with pytest.raises(Forbidden):
            call()
