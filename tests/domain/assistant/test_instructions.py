import pytest
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.assistant import instructions
from chatrigo.domain.assistant.instructions import instructions_row, read
from chatrigo.errors import Forbidden, Invalid
from chatrigo.events import SettingsChanged, recorded
from chatrigo.models.audit import AuditEntry
from chatrigo.models.business import Assistant
from chatrigo.models.instructions import InstructionVersion

WISHES = {
    "name": "Nandi",
    "persona": "Barista yang ramah.",
    "tone": "Santai",
    "do": "Sapa dengan Kak.\nTawarkan menu.",
    "dont": "Jangan janji diskon.",
    "more": "Kami libur saat Lebaran.",
    "language": "customer",
    "handover_line": "Sebentar ya, Kak.",
}
HOURS = {"hours_known": "on", "open_mon": "on", "opens_mon": "08:00", "closes_mon": "22:00"}


def shown(wishes):
    return instructions_row(InstructionVersion(business_id=1, **read(wishes)))


def test_the_form_is_read_whole():
    row = shown({**WISHES, **HOURS})
    assert {key: getattr(row, key) for key in WISHES} == WISHES
    assert (row.days[0].open, row.days[0].opens, row.days[0].closes) == (True, "08:00", "22:00")
    assert not any(day.open for day in row.days[1:])


def test_hours_are_stored_by_weekday():
    assert read({**WISHES, **HOURS})["hours"] == {
        "mon": ["08:00", "22:00"],
        **dict.fromkeys(("tue", "wed", "thu", "fri", "sat", "sun")),
    }


def test_hours_that_are_not_known_are_not_stored():
    wishes = {**WISHES, **HOURS, "hours_known": ""}
    assert read(wishes)["hours"] == {}
    assert not shown(wishes).hours_known
    assert all(day.open for day in shown(wishes).days)


@pytest.mark.parametrize("clock", ["24:00", "", None, "08:60", 8, "08:00:00", "pagi", "8:0"])
def test_a_time_is_a_time(clock):
    with pytest.raises(Invalid) as refused:
        read({**WISHES, **HOURS, "closes_mon": clock})
    assert refused.value.key == "assistant.hours_shape"


@pytest.mark.parametrize("written", ["7", "7.00", " 07:00 ", "7:00"])
def test_a_time_is_written_as_people_do(written):
    assert shown({**WISHES, **HOURS, "opens_mon": written}).days[0].opens == "07:00"


@pytest.mark.parametrize(
    ("field", "limit"),
    [
        ("name", 60),
        ("persona", 2000),
        ("tone", 500),
        ("do", 4000),
        ("dont", 4000),
        ("more", 4000),
        ("handover_line", 500),
    ],
)
def test_a_long_text_names_the_field(field, limit):
    read({**WISHES, field: "x" * limit})
    with pytest.raises(Invalid) as refused:
        read({**WISHES, field: "x" * (limit + 1)})
    assert refused.value.key == f"assistant.{field}_long"
    assert refused.value.values["limit"] == limit


@pytest.mark.parametrize("nonsense", [None, 7, [], "abc", {}, {"language": "klingon"}])
def test_a_form_that_is_none_is_refused(nonsense):
    with pytest.raises(Invalid):
        read(nonsense)


def test_the_assistant_is_switched_off_and_on(session, actor):
    assert instructions.switch_assistant(session, actor, False) is False
    assert instructions.switch_assistant(session, actor, "nonsense") is False
    assert instructions.is_enabled(session, actor) is False
    assert instructions.switch_assistant(session, actor, True) is True
    assert SettingsChanged(actor.business_id, "assistant") in recorded(session)
    acts = session.execute(select(AuditEntry.act)).scalars().all()
    assert acts == ["assistant.switched"] * 3


def test_a_business_without_a_row_gets_one(session, actor):
    session.delete(session.get(Assistant, actor.business_id))
    session.flush()
    assert instructions.is_enabled(session, actor)
    assert instructions.switch_assistant(session, actor, True)


def test_another_business_has_its_own_switch(shop, stranger):
    with db.transaction(stranger) as session:
        instructions.switch_assistant(session, stranger, False)
    with db.transaction(shop) as session:
        assert instructions.is_enabled(session, shop)


def test_agents_are_refused(session, actor):
    agent = Actor(1, actor.business_id, "agent")
    for call in (
        lambda: instructions.is_enabled(session, agent),
        lambda: instructions.switch_assistant(session, agent, False),
    ):
        with pytest.raises(Forbidden):
            call()
