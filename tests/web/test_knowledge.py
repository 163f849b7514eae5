"""Files handed in as knowledge."""

import httpx
import pytest

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.knowledge import sources
from chatrigo.integrations import storage
from chatrigo.web import knowledge
from chatrigo.web.guard import Guard, routed
from tests.support.browser import sign_in

TEXT = b"Kami buka setiap hari jam 08.00 sampai 22.00."


@pytest.fixture
async def http():
    transport = httpx.ASGITransport(Guard(routed(knowledge.routes)), raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=settings.origin, headers={"Origin": settings.origin}
    ) as client:
        yield client


async def post(http, raw, cookie="", kind="file", name="panduan.txt"):
    headers = {"X-File-Name": name, **({"Cookie": cookie} if cookie else {})}
    return await http.post(f"/knowledge/files?kind={kind}", content=raw, headers=headers)


async def test_a_file_becomes_a_source(http, shop):
    answer = await post(http, TEXT, sign_in(shop), name="Jam%20buka%20%F0%9F%95%97.txt")
    assert answer.status_code == 201
    with db.transaction(shop) as session:
        (row,) = sources.list_sources(session, shop)
    assert (row.id, row.name, row.state) == (answer.json()["source"], "Jam buka 🕗.txt", "queued")
    assert row.bytes == len(TEXT)


async def test_the_same_file_is_a_source_once(http, shop, stranger):
    cookie = sign_in(shop)
    assert (await post(http, TEXT, cookie)).status_code == 201
    again = await post(http, TEXT, cookie, name="lain.txt")
    assert (again.status_code, again.json()["error"]) == (422, "sources.same")
    assert (await post(http, TEXT, sign_in(stranger))).status_code == 201


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x\\passwd", "%2e%2e%2fpasswd"])
async def test_a_name_is_no_path(http, shop, name):
    await post(http, TEXT, sign_in(shop), name=name)
    with db.transaction(shop) as session:
        (row,) = sources.list_sources(session, shop)
    assert row.name == "passwd"


@pytest.mark.parametrize(
    ("raw", "kind", "error"),
    [
        (b"", "file", "sources.empty"),
        (b"  \n", "file", "sources.empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "file", "sources.kind_unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "file", "sources.old_office"),
        (b"%PDF-1.7", "whatsapp", "sources.no_chat"),
        (TEXT, "page", "sources.kind_unknown"),
        (TEXT, "", "sources.kind_unknown"),
    ],
)
async def test_what_is_refused_at_the_door(http, shop, raw, kind, error):
    answer = await post(http, raw, sign_in(shop), kind=kind)
    assert (answer.status_code, answer.json()["error"]) == (422, error)


async def test_thirty_megabytes_and_no_more(http, shop):
    cookie = sign_in(shop)
    assert (await post(http, b"kopi " * (sources.MAX_BYTES // 5), cookie)).status_code == 201
    refused = await post(http, b"x" * (sources.MAX_BYTES + 1), cookie)
    assert refused.status_code == 413
    assert "30 MB" in refused.json()["message"]


async def test_who_may_not_teach_is_refused_before_anything_is_kept(http, shop):
    assert (await post(http, TEXT)).status_code == 401
    assert (await post(http, TEXT, sign_in(shop, role="agent"))).status_code == 403
    import hashlib

    sha256 = hashlib.sha256(TEXT).hexdigest()
    assert not storage.path(sha256, storage.room_of(shop.business_id)).exists()


async def test_another_site_can_not_hand_in_files(http, shop):
    answer = await http.post(
        "/knowledge/files",
        content=TEXT,
        headers={"Cookie": sign_in(shop), "Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
