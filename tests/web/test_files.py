"""Signed links to pictures."""

import httpx
import pytest

from chatrigo import db, file_links, security
from chatrigo.config import settings
from chatrigo.integrations import storage
from chatrigo.models.columns import now
from chatrigo.models.conversation import Attachment
from chatrigo.web import files
from chatrigo.web.guard import Guard, routed

RAW = b"\x89PNG as it was"


@pytest.fixture
async def picture_id(shop) -> int:
    sha256 = await storage.put(RAW)
    with db.transaction(shop) as session:
        row = Attachment(
            business_id=shop.business_id,
            sha256=sha256,
            mime="image/png",
            bytes=len(RAW),
            width=1,
            height=1,
        )
        session.add(row)
        session.flush()
        assert row.id
        return row.id


async def get(path: str) -> httpx.Response:
    transport = httpx.ASGITransport(Guard(routed(files.routes)), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.origin) as client:
        return await client.get(path)


async def test_who_holds_the_link_sees_the_picture(shop, picture_id):
    answer = await get(file_links.make(shop.business_id, picture_id))
    assert answer.content == RAW
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"].startswith("private")


async def test_a_link_names_one_picture_of_one_business(shop, stranger, picture_id):
    link = file_links.make(shop.business_id, picture_id)
    signature = link.rpartition("-")[2]
    for forged in (
        f"/files/{shop.business_id}-{picture_id + 1}-{signature}",
        f"/files/{stranger.business_id}-{picture_id}-{signature}",
        file_links.make(stranger.business_id, picture_id),
        link[:-1] + ("0" if link[-1] != "0" else "1"),
    ):
        answer = await get(forged)
        assert answer.status_code == 404
        assert answer.json()["error"] == "errors.not_found"


async def test_a_link_ends_after_a_day(shop, picture_id):
    value = f"{shop.business_id}-{picture_id}"
    ended = security.sign("file", value, now() - file_links.VALID)
    assert (await get(f"/files/{value}-{ended}")).status_code == 404


@pytest.mark.parametrize("link", ["x", "1", "1-1", "1-1-", "a-b-c", "..%2f..%2fetc", "1-1-٣.x"])
async def test_what_is_no_link(database_open, link):
    assert (await get(f"/files/{link}")).status_code == 404
