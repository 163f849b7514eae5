import pytest

from chatrigo.config import settings
from chatrigo.web.guard import MEGABYTE, Guard
from chatrigo.web.policy import Policies

ELSEWHERE = {"Origin": "https://evil.example"}


async def test_a_page_gives_a_browser_its_name_once(http):
    first = await http.get("/page")
    cookie = first.headers["set-cookie"]
    assert cookie.startswith("chatrigo_browser=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert first.headers["cache-control"] == "private, no-cache"
    assert "set-cookie" not in (await http.get("/page")).headers


async def test_what_is_no_page_names_nobody(http):
    assert "set-cookie" not in (await http.post("/echo", content=b"x")).headers


async def test_a_page_may_be_framed_by_nobody_except_a_shop_s_chat(http):
    page, chat = await http.get("/page"), await http.get("/c/kopi")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors *" in chat.headers["content-security-policy"]
    assert "x-frame-options" not in chat.headers


async def test_every_response_is_guarded(http):
    for response in (await http.get("/page"), await http.post("/echo"), await http.get("/none")):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "camera=()" in response.headers["permissions-policy"]
        assert "strict-transport-security" not in response.headers


def test_inline_scripts_are_allowed_by_what_they_say(tmp_path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "index.html").write_text("<script>one()</script><script src='/x.js'></script>")
    (tmp_path / "inbox" / "index.html").write_text("<script type=module>two()</script>")
    (tmp_path / "404.html").write_text("<script>three()</script>")
    policies = Policies(tmp_path)
    home, inbox = policies.of("/"), policies.of("/inbox")
    assert home != inbox == policies.of("/inbox/")
    assert policies.of("/nowhere") == policies.of("/no/where") != home
    for headers in (home, inbox):
        assert "'unsafe-inline'" not in headers["Content-Security-Policy"].split(";")[1]
        assert headers["Content-Security-Policy"].count("'sha256-") == 1


async def test_a_body_has_a_limit(http):
    assert (await http.post("/echo", content=b"x" * MEGABYTE)).text == str(MEGABYTE)
    refused = await http.post("/echo", content=b"x" * (MEGABYTE + 1))
    assert refused.status_code == 413
    assert refused.json() == {
        "error": "errors.body_too_large",
        "message": "Kirimannya terlalu besar. Paling besar 1 MB.",
    }


async def test_a_body_of_unknown_length_is_counted_as_it_arrives(http):
    async def endless():
        for _ in range(30):
            yield b"x" * 100_000

    refused = await http.post("/echo", content=endless())
    assert refused.status_code == 413
    assert refused.json()["error"] == "errors.body_too_large"
    assert refused.headers["x-content-type-options"] == "nosniff"


async def test_a_picture_may_be_larger(http):
    most = settings.attachment_megabytes * MEGABYTE
    assert (await http.post("/chat/kopi/attachments", content=b"x" * most)).status_code == 200
    refused = await http.post("/chat/kopi/attachments", content=b"x" * 20 * MEGABYTE)
    assert refused.status_code == 413
    assert f"{settings.attachment_megabytes} MB" in refused.json()["message"]


async def test_errors_are_told_in_the_language_that_was_asked_for(http):
    for languages, words in {
        "en-US,en;q=0.9": "That is too large. The most is 1 MB.",
        "id-ID,id;q=0.9,en;q=0.8": "Kirimannya terlalu besar. Paling besar 1 MB.",
        "fr, en;q=0.5": "That is too large. The most is 1 MB.",
        "fr": "Kirimannya terlalu besar. Paling besar 1 MB.",
    }.items():
        refused = await http.post(
            "/echo", content=b"x" * 2 * MEGABYTE, headers={"Accept-Language": languages}
        )
        assert refused.json()["message"] == words


async def test_a_crash_is_told_by_an_id_and_nothing_else(http):
    crashed = await http.get("/crash")
    assert crashed.status_code == 500
    assert "hunter2" not in crashed.text
    assert crashed.json()["error"] == "errors.unexpected"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": settings.origin}, 204),
        (ELSEWHERE, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": f"{settings.origin}.evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({"Sec-Fetch-Site": "none"}, 204),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
    ],
)
async def test_another_site_s_page_can_not_use_our_cookies(http, database_open, headers, status):
    del http.headers["Origin"]
    assert (await http.post("/auth/leave", headers=headers)).status_code == status


async def test_another_site_may_send_what_needs_no_cookie_but_not_with_one(http):
    assert (await http.post("/echo", content=b"x", headers=ELSEWHERE)).text == "1"
    http.cookies.set("chatrigo_session", "x")
    assert (await http.post("/echo", content=b"x", headers=ELSEWHERE)).status_code == 403
    assert (await http.get("/page", headers=ELSEWHERE)).status_code == 200


async def test_what_is_not_http_passes():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    await Guard(app)({"type": "lifespan"}, None, None)
    await Guard(app)({"type": "websocket"}, None, None)
    assert seen == ["lifespan", "websocket"]
