from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from chatrigo.domain.access import Actor
from chatrigo.domain.tools import http, servers
from chatrigo.domain.tools.tool import Context, Refused
from chatrigo.errors import ConfirmItsYou, Forbidden, Invalid, NotFound
from chatrigo.models.audit import AuditEntry
from chatrigo.models.tools import HttpTool

WISHES = {
    "name": "cek_pesanan",
    "description": "Melihat sampai mana pesanan.",
    "method": "GET",
    "url": "https://toko.example/pesanan/{nomor}?rinci=ya",
    "effect": "reads",
    "seconds": "5",
}
ARGUMENTS = [
    {"name": "nomor", "kind": "string", "description": "Nomor pesanan", "required": "on"},
    {"name": "tahun", "kind": "integer", "description": "", "required": False},
]
HEADERS = [{"name": "X-Api-Key", "value": "rahasia-sekali"}]


def add(session, actor, arguments=ARGUMENTS, headers=HEADERS, **wishes):
    return servers.add_tool(session, actor, WISHES | wishes, arguments, headers)


def kept(session, id):
    return session.get_one(HttpTool, id)


def test_secrets_never_come_back(session, actor):
    made = add(session, actor)
    assert made.secret.startswith("ctg_")
    row = servers.get_tool(session, actor, made.row.id)
    assert row.header_names == ["X-Api-Key"]
    assert "rahasia" not in str(row)
    stored = session.execute(text("SELECT t::text FROM http_tool t")).scalar_one()
    assert "rahasia" not in stored
    assert made.secret not in stored
    notes = [str(entry.__dict__) for entry in session.query(AuditEntry)]
    assert notes
    assert not any("rahasia" in note or made.secret in note for note in notes)


def test_a_secret_opens_in_its_own_row_alone(session, actor):
    one, other = add(session, actor), add(session, actor, name="lain_lagi")
    stolen = kept(session, one.row.id)
    stolen.headers = kept(session, other.row.id).headers
    with pytest.raises(ValueError, match="purpose"):
        http.headers_of(stolen)


def test_a_header_without_a_value_keeps_the_one_it_has(session, actor):
    id = add(session, actor).row.id
    servers.change_tool(
        session,
        actor,
        id,
        WISHES,
        ARGUMENTS,
        [{"name": "X-Api-Key", "value": ""}, {"name": "X-Other", "value": "dua"}],
    )
    assert http.headers_of(kept(session, id)) == {"X-Api-Key": "rahasia-sekali", "X-Other": "dua"}
    servers.change_tool(session, actor, id, WISHES, ARGUMENTS, [])
    assert http.headers_of(kept(session, id)) == {}


def test_a_renewed_secret_signs_otherwise(session, actor):
    made = add(session, actor)
    renewed = servers.renew_secret(session, actor, made.row.id)
    assert http.secret_of(kept(session, made.row.id)) == renewed.secret != made.secret


def test_the_request(session, actor):
    made = add(session, actor)
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    ready = http.request_of(
        kept(session, made.row.id),
        {"nomor": "A/7", "tahun": 2026},
        Context(3, 4, 5),
        "rina@example.com",
        "call-9",
        now=moment,
    )
    assert ready.url == "https://toko.example/pesanan/A%2F7?rinci=ya&tahun=2026"
    assert ready.headers["X-Chatrigo-Timestamp"] == str(int(moment.timestamp()))
    assert ready.headers["X-Chatrigo-Verified"] == "rina@example.com"
    assert ready.headers["Idempotency-Key"] == "call-9"
    assert ready.content == b""


@pytest.mark.parametrize("value", ["..", ".", ""])
def test_no_argument_leads_to_another_path(value):
    with pytest.raises(Refused):
        http.address("https://toko.example/pesanan/{nomor}/x", {"nomor": value})


@pytest.mark.parametrize(
    ("wishes", "key"),
    [
        ({"name": "1x"}, "tools.name_shape"),
        ({"name": "handover"}, "tools.name_taken"),
        ({"name": "search_products"}, "tools.name_taken"),
        ({"description": "x"}, "tools.description_missing"),
        ({"method": "BREW"}, "tools.method_unknown"),
        ({"url": "ftp://toko.example/x"}, "tools.url_shape"),
        ({"url": "https://user:pass@toko.example/"}, "tools.url_shape"),
        ({"url": "https://{nomor}.example/"}, "tools.url_site"),
        ({"url": "https://toko.example:{nomor}/"}, "tools.url_shape"),
        ({"url": "https://toko.example/{lain}"}, "tools.url_argument"),
        ({"url": "https://toko.example/{nomor"}, "tools.url_argument"),
        ({"url": "https://toko.example/#x"}, "tools.url_site"),
        ({"effect": "harmless"}, "tools.effect_unknown"),
        ({"seconds": "11"}, "tools.seconds_range"),
        ({"seconds": "soon"}, "tools.seconds_range"),
    ],
)
def test_what_can_not_be_is_refused(session, actor, wishes, key):
    with pytest.raises(Invalid) as refused:
        add(session, actor, **wishes)
    assert refused.value.key == key


@pytest.mark.parametrize(
    "header",
    [
        {"name": "Host", "value": "x"},
        {"name": "X-Chatrigo-Contact", "value": "7"},
        {"name": "Content-Length", "value": "7"},
        {"name": "X-A", "value": "a\r\nX-B: b"},
        {"name": "X A", "value": "a"},
        {"name": "X-A", "value": ""},
    ],
)
def test_a_header_that_is_not_theirs(session, actor, header):
    with pytest.raises(Invalid):
        add(session, actor, headers=[header])


def test_a_name_is_given_once(session, actor):
    add(session, actor)
    with pytest.raises(Invalid) as refused:
        add(session, actor)
    assert refused.value.key == "tools.name_taken"


def test_another_business_sees_nothing(session, actor, stranger):
    id = add(session, actor).row.id
    assert servers.list_tools(session, stranger) == []
    for act in (servers.get_tool, servers.delete_tool, servers.renew_secret):
        with pytest.raises(NotFound):
            act(session, stranger, id)


def test_who_may_not_is_refused(session, actor):
    agent = Actor(1, actor.business_id, "agent")
    with pytest.raises(Forbidden):
        servers.list_tools(session, agent)
    with pytest.raises(ConfirmItsYou):
        add(session, Actor(1, actor.business_id, "owner"))
