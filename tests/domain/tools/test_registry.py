from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatrigo.domain.catalogue.products import add_product
from chatrigo.domain.tools import registry, servers
from chatrigo.domain.tools.contact import fit
from chatrigo.domain.tools.hours import standing
from chatrigo.domain.tools.tool import Context, Refused
from chatrigo.models.instructions import InstructionVersion

JAKARTA = ZoneInfo("Asia/Jakarta")
HOURS = {day: ["08:00", "21:00"] for day in ("mon", "tue", "wed", "thu")} | {
    "fri": ["18:00", "02:00"],
    "sat": None,
    "sun": ["10:00", "10:00"],
}


def test_schemas_come_from_python_types():
    schema = registry.OWN["save_contact_field"].schema["function"]
    parameters = schema["parameters"]
    assert parameters["type"] == "object"
    assert parameters["required"] == ["field", "value"]
    assert parameters["properties"]["field"]["enum"] == [
        "name",
        "phone",
        "email",
        "address",
        "note",
    ]
    assert parameters["additionalProperties"] is False
    assert "title" not in str(schema["parameters"])


@pytest.mark.parametrize("tool", registry.OWN.values(), ids=lambda tool: tool.name)
def test_every_tool_says_what_it_is(tool):
    assert tool.effect in ("reads", "writes", "outside")
    assert tool.permission
    assert len(tool.description) > 30
    with pytest.raises(Refused):
        tool.checked({"something": "of the model's own"})


def test_only_what_can_serve_is_offered(session, actor):
    assert registry.toolbox(session, actor).own == ("save_contact_field", "book_follow_up")
    assert not registry.toolbox(session, actor).may_answer
    add_product(session, actor, {"name": "Kopi"}, [{"price": 1}])
    assert "search_products" in registry.toolbox(session, actor).own
    session.add(
        InstructionVersion(business_id=actor.business_id, number=9, state="published", hours=HOURS)
    )
    session.flush()
    assert "opening_hours" in registry.toolbox(session, actor).own
    assert "prove_email" not in registry.toolbox(session, actor).own
    servers.add_tool(
        session,
        actor,
        {
            "name": "order_state",
            "description": "Where an order is by now.",
            "method": "GET",
            "url": "https://shop.example/orders/{number}",
            "effect": "reads",
            "seconds": 3,
            "verified_only": True,
        },
        [{"name": "number", "kind": "integer", "description": "", "required": True}],
        [],
    )
    found = registry.toolbox(session, actor)
    assert {"prove_email", "confirm_code"} <= set(found.own)
    names = [schema["function"]["name"] for schema in found.schemas()]
    assert {"handover", "order_state"} <= set(names)
    assert found.find_http("order_state").checked({"number": "7"}) == {"number": 7}
    with pytest.raises(Refused):
        found.find_http("order_state").checked({"number": "seven"})


def test_another_business_is_offered_nothing_of_it(session, actor, stranger):
    add_product(session, actor, {"name": "Kopi"}, [{"price": 1}])
    assert "search_products" not in registry.toolbox(session, stranger).own


@pytest.mark.parametrize(
    ("moment", "open_now", "closes", "opens_next"),
    [
        ("2026-11-24 07:59", False, None, "Tuesday 2026-11-24 08:00"),
        # Sunday's day and night run into Monday.
        ("2026-11-23 07:59", True, "Monday 2026-11-23 21:00", "Tuesday 2026-11-24 08:00"),
        ("2026-11-23 08:00", True, "Monday 2026-11-23 21:00", "Tuesday 2026-11-24 08:00"),
        ("2026-11-27 23:00", True, "Saturday 2026-11-28 02:00", "Sunday 2026-11-29 10:00"),
        ("2026-11-28 01:59", True, "Saturday 2026-11-28 02:00", "Sunday 2026-11-29 10:00"),
        ("2026-11-28 02:00", False, None, "Sunday 2026-11-29 10:00"),
        ("2026-11-29 11:00", True, "Monday 2026-11-30 21:00", "Tuesday 2026-12-01 08:00"),
    ],
)
def test_open_now_and_next(moment, open_now, closes, opens_next):
    found = standing(HOURS, datetime.fromisoformat(moment).replace(tzinfo=JAKARTA))
    assert (found["open_now"], found["closes"], found["opens_next"]) == (
        open_now,
        closes,
        opens_next,
    )


def test_always_open():
    always = {day: ["00:00", "00:00"] for day in HOURS}
    found = standing(always, datetime(2026, 11, 24, 3, 0, tzinfo=JAKARTA))
    assert (found["open_now"], found["closes"]) == (True, None)


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("phone", "0812 3456 7890", "+6281234567890"),
        ("phone", "+62 812-3456-7890", "+6281234567890"),
        ("phone", "(021) 555 1234", "+62215551234"),
        ("email", "Rina@Example.com", "rina@example.com"),
        ("note", "suka\nes  batu", "suka es batu"),
    ],
)
def test_what_a_customer_tells_is_checked(field, written, kept):
    assert fit(field, written) == kept


@pytest.mark.parametrize(
    ("field", "written"), [("phone", "nol delapan"), ("phone", "0812"), ("email", "rina@")]
)
def test_what_it_can_not_be_is_refused(field, written):
    with pytest.raises(Refused):
        fit(field, written)


def test_times_are_of_the_shops_clock():
    later = datetime.now(JAKARTA) + timedelta(hours=1)
    tool = registry.OWN["book_follow_up"]
    given = tool.checked({"what": "Telepon", "due": f"{later:%Y-%m-%dT%H:%M}"})
    assert given.due.tzinfo is None
    assert Context().conversation_id == 0
