"""Templates: read as Meta writes them, filled in, checked, and sent into a conversation."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.channels import templates
from chatrigo.domain.channels.template_draft import drafted
from chatrigo.domain.channels.template_shape import filled, read
from chatrigo.errors import Forbidden, Invalid, NotFound
from chatrigo.i18n import translate
from chatrigo.models.channel import OutboxMessage
from chatrigo.models.columns import now
from chatrigo.models.conversation import Channel, Contact, ContactIdentity, Conversation

READY: dict[str, Any] = {
    "id": "77",
    "name": "pesanan_siap",
    "language": "id",
    "category": "UTILITY",
    "status": "APPROVED",
    "components": [
        {
            "type": "HEADER",
            "format": "TEXT",
            "text": "Pesanan {{1}}",
            "example": {"header_text": ["INV-1"]},
        },
        {
            "type": "BODY",
            "text": "Halo {{1}}, ambil jam {{2}} ya {{1}}.",
            "example": {"body_text": [["Budi", "14.00"]]},
        },
        {"type": "FOOTER", "text": "Kopi Uji"},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Siap"},
                {
                    "type": "URL",
                    "text": "Lacak",
                    "url": "https://a.example/{{1}}",
                    "example": ["x"],
                },
            ],
        },
    ],
}
VALUES = {"header.1": "INV-9", "body.1": "Sari", "body.2": "15.00", "button.1": "inv-9"}
FORM = {
    "name": "pesanan_siap",
    "category": "UTILITY",
    "language": "id",
    "header": "Pesanan {{1}}",
    "body": "Halo {{1}}, ambil jam {{2}} ya.",
    "footer": "Kopi Uji",
    "examples": "INV-1\nBudi\n14.00",
    "reply_1": "Siap",
    "link_text": "Lacak",
    "link": "https://a.example/lacak",
}


@pytest.fixture
def number(session: Session, actor: Actor) -> Channel:
    channel = Channel(business_id=actor.business_id, kind="whatsapp", external_id="1", secrets="x")
    session.add(channel)
    session.flush()
    return channel


@pytest.fixture
def conversation(session: Session, actor: Actor, number: Channel) -> Conversation:
    contact = Contact(business_id=actor.business_id, name="Sari")
    session.add(contact)
    session.flush()
    assert contact.id
    assert number.id
    own = {"business_id": actor.business_id, "channel_id": number.id, "contact_id": contact.id}
    session.add(ContactIdentity(**own, external_id="phone:6281"))
    conversation = Conversation(**own, window_closes_at=now() - timedelta(hours=1))
    session.add(conversation)
    session.flush()
    return conversation


def stored(session: Session, actor: Actor, number: Channel, *given: Any) -> list[Any]:
    assert number.id
    templates.store_all(session, actor, number.id, given)
    return templates.list_templates(session, actor, number.id)


def test_a_template_is_read_with_its_variables_and_filled():
    shape = read(READY["components"])

    assert [v.name for v in shape.variables] == ["header.1", "body.1", "body.2", "button.1"]
    assert [v.example for v in shape.variables] == ["INV-1", "Budi", "14.00", "x"]
    done = filled(shape, VALUES)
    assert done.text == "Pesanan INV-9\n\nHalo Sari, ambil jam 15.00 ya Sari.\n\nKopi Uji"
    assert done.buttons[1].value == "https://a.example/inv-9"
    assert filled(shape, {"body.1": "Sari"}).body == "Halo Sari, ambil jam {{2}} ya Sari."
    assert filled(shape, {}, examples=True).header == "Pesanan INV-1"
    assert filled(shape, {"body.1": "{{2}}", "body.2": "x"}).body.startswith("Halo {{2}},")


@pytest.mark.parametrize("components", [[], [None, 3], [{"type": 4}], [{"type": "BUTTONS"}]])
def test_what_is_no_template_is_an_empty_one(components: Any):
    assert read(components).text == ""


def test_what_meta_has_replaces_what_stood_here(session: Session, actor: Actor, number: Channel):
    paused = {**READY, "name": "lama", "status": "PAUSED", "quality_score": {"score": "RED"}}
    rows = stored(session, actor, number, READY, paused, READY, {"name": ""}, {})

    assert [(r.name, r.sendable, r.warning) for r in rows] == [
        ("pesanan_siap", True, ""),
        ("lama", False, "paused"),
    ]
    assert rows[0].body == "Halo Budi, ambil jam 14.00 ya Budi."
    again = stored(session, actor, number, {**READY, "quality_score": {"score": "YELLOW"}})
    assert [(r.id, r.warning) for r in again] == [(rows[0].id, "quality_yellow")]


def test_6_a_template_opens_a_closed_window(
    session: Session, actor: Actor, number: Channel, conversation: Conversation
):
    [row] = stored(session, actor, number, READY)

    sent = templates.send_template(session, actor, conversation.id, row.id, VALUES, "kunci-123")
    again = templates.send_template(session, actor, conversation.id, row.id, VALUES, "kunci-123")

    assert again is None
    assert sent
    assert sent.body.startswith("Pesanan INV-9")
    [waiting] = session.execute(select(OutboxMessage)).scalars()
    assert waiting.to == "phone:6281"
    assert waiting.payload["template"] == {
        "name": "pesanan_siap",
        "language": "id",
        "header": ["INV-9"],
        "body": ["Sari", "15.00"],
        "buttons": ["1:url:inv-9"],
    }
    assert conversation.handler == "human"


@pytest.mark.parametrize(
    ("change", "values", "key"),
    [
        ({}, {}, "variable_missing"),
        ({}, None, "variable_missing"),
        ({}, {**VALUES, "body.1": "a" * 1025}, "variable_long"),
        ({}, {**VALUES, "body.1": "a" * 600}, "filled_long"),
        ({"status": "PENDING"}, VALUES, "not_sendable"),
        ({"components": [{"type": "HEADER", "format": "IMAGE"}]}, {}, "not_sendable"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    session: Session,
    actor: Actor,
    number: Channel,
    conversation: Conversation,
    change: Any,
    values: Any,
    key: str,
):
    [row] = stored(session, actor, number, {**READY, **change})

    with pytest.raises(Invalid) as refused:
        templates.send_template(session, actor, conversation.id, row.id, values, "kunci-123")
    assert refused.value.key == f"templates.{key}"


def test_a_template_of_another_number_is_not_sent(
    session: Session, actor: Actor, number: Channel, conversation: Conversation
):
    other = Channel(business_id=actor.business_id, kind="whatsapp", external_id="2")
    session.add(other)
    session.flush()
    [row] = stored(session, actor, other, READY)

    with pytest.raises(Invalid, match="other_number"):
        templates.send_template(session, actor, conversation.id, row.id, VALUES, "kunci-123")
    assert templates.list_sendable(session, actor, conversation.id) == []


def test_another_business_and_a_viewer_reach_nothing(shop: Actor, stranger: Actor):
    with db.transaction(shop) as session:
        channel = Channel(
            business_id=shop.business_id, kind="whatsapp", external_id="1", secrets="x"
        )
        session.add(channel)
        session.flush()
        id = channel.id or 0
        [row] = stored(session, shop, channel, READY)
    viewer = Actor(1, shop.business_id, "viewer")
    with db.transaction(stranger) as session:
        for reach in (templates.list_templates, templates.require_number):
            with pytest.raises(NotFound):
                reach(session, stranger, id)
        with pytest.raises(NotFound):
            templates.preview(session, stranger, row.id, {})
        with pytest.raises(NotFound):
            templates.store_all(session, stranger, id, [])
    with db.transaction(viewer) as session:
        for act in (templates.require_number, templates.list_sendable):
            with pytest.raises(Forbidden):
                act(session, viewer, id)
        with pytest.raises(Forbidden):
            templates.send_template(session, viewer, 1, row.id, {}, "kunci-123")


def test_a_draft_in_metas_shape():
    made = drafted(FORM)

    assert made["components"] == [
        {
            "type": "HEADER",
            "format": "TEXT",
            "text": "Pesanan {{1}}",
            "example": {"header_text": ["INV-1"]},
        },
        {
            "type": "BODY",
            "text": "Halo {{1}}, ambil jam {{2}} ya.",
            "example": {"body_text": [["Budi", "14.00"]]},
        },
        {"type": "FOOTER", "text": "Kopi Uji"},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Siap"},
                {"type": "URL", "text": "Lacak", "url": "https://a.example/lacak"},
            ],
        },
    ]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"name": ""}, "name_missing"),
        ({"name": "Pesanan Siap"}, "name_wrong"),
        ({"name": "a" * 513}, "name_long"),
        ({"category": "AUTHENTICATION"}, "category_unknown"),
        ({"language": "xx"}, "language_unknown"),
        ({"header": "a" * 61}, "header_long"),
        ({"header": "{{1}} dan {{2}}"}, "header_variables"),
        ({"header": "{{2}}"}, "header_numbers"),
        ({"body": " "}, "body_missing"),
        ({"body": "a" * 1025}, "body_long"),
        ({"body": "Halo {{1}} dan {{3}} ya"}, "body_numbers"),
        ({"body": "Halo {{nama lain}} ya"}, "body_numbers"),
        ({"body": "{{1}} halo {{2}} ya"}, "body_edge"),
        ({"footer": "{{1}}"}, "footer_variable"),
        ({"footer": "a" * 61}, "footer_long"),
        ({"examples": "satu"}, "examples_count"),
        ({"reply_1": "a" * 26}, "reply_long"),
        ({"reply_2": "Siap"}, "reply_double"),
        ({"link": ""}, "link_half"),
        ({"link": "http://a.example"}, "link_wrong"),
        ({"link": "javascript:alert(1)"}, "link_wrong"),
    ],
)
def test_a_draft_is_checked_before_meta_sees_it(change: Any, key: str):
    with pytest.raises(Invalid) as refused:
        drafted({**FORM, **change})

    assert refused.value.key == f"templates.{key}"
    assert translate(refused.value.key, "id", **refused.value.values)


@pytest.mark.parametrize("form", [None, [], "x", {"name": 3, "body": []}])
def test_a_draft_that_is_none_is_refused(form: Any):
    with pytest.raises(Invalid):
        drafted(form)
