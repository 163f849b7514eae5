"""All doors at once: every route of the application, found by itself, and its socket."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import httpx
import pytest
import websockets
from starlette.routing import Route

from chatrigo import cookies, web
from chatrigo.config import ROOT, settings
from chatrigo.web import policy
from tests.support.browser import sign_in
from tests.support.knocking import knocker
from tests.support.served import app_socket, served

ELSEWHERE = "https://evil.example"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
}
REFLEX = [("GET", "/ping"), ("GET", "/_health"), ("POST", "/_upload"), ("GET", "/no-such-page")]


def routes() -> list[Route]:
    """Every route that any module of `chatrigo.web` has."""
    modules = [
        importlib.import_module(f"{web.__name__}.{found.name}")
        for found in pkgutil.iter_modules(web.__path__)
    ]
    return [route for module in modules for route in getattr(module, "routes", [])]


def doors() -> list[tuple[str, str]]:
    ours = [
        (method, _filled(route.path)) for route in routes() for method in route.methods or {"GET"}
    ]
    return [*sorted(ours), *REFLEX]


def _filled(path: str) -> str:
    """The path with something for each of its parameters."""
    parts = [("x" if part.startswith("{") else part) for part in path.split("/")]
    return "/".join(parts).replace("catalogue.{kind}", "catalogue.csv")


def test_every_route_is_part_of_the_application():
    from chatrigo.chatrigo import app

    served_routes = {route.path for route in app.api_transformer[0].routes}  # type: ignore[index,union-attr]
    assert {route.path for route in routes()} == served_routes


async def test_every_response_of_every_route_has_the_headers(shop, database_url, monkeypatch):
    async with (
        served(database_url, monkeypatch) as origin,
        httpx.AsyncClient(base_url=origin, headers={"Origin": origin}) as client,
    ):
        for method, path in [*doors(), ("OPTIONS", "/auth/enter"), ("PUT", "/auth/enter")]:
            answer = await client.request(method, path)
            assert answer.status_code < 500, (method, path)
            for name, value in ALWAYS.items():
                assert answer.headers.get(name) == value, (method, path, name)
            assert "camera=()" in answer.headers["permissions-policy"], path
            rules = answer.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in rules, path
            assert "base-uri 'none'" in rules, path
            assert "access-control-allow-origin" not in answer.headers, path
            assert "server" not in answer.headers or "uvicorn" in answer.headers["server"]


async def test_trace_is_not_answered(shop, database_url, monkeypatch):
    async with served(database_url, monkeypatch) as origin, httpx.AsyncClient() as client:
        for path in ("/", "/auth/enter", "/ping"):
            assert (await client.request("TRACE", origin + path)).status_code in (403, 404, 405), (
                path
            )


async def test_no_route_takes_our_cookie_from_another_site(shop, database_url, monkeypatch):
    cookie = sign_in(shop)
    async with (
        served(database_url, monkeypatch) as origin,
        httpx.AsyncClient(base_url=origin, headers={"cookie": cookie}) as client,
    ):
        for method, path in doors():
            if method in {"GET", "HEAD"}:
                continue
            foreign = {"Origin": ELSEWHERE, "Sec-Fetch-Site": "cross-site"}
            refused = await client.request(method, path, json={}, headers=foreign)
            assert refused.status_code == 403, (method, path)
            assert "access-control-allow-origin" not in refused.headers
        for path in sorted(READ_ONLY - WITHOUT_COOKIE):
            foreign = {"Sec-Fetch-Site": "cross-site"}
            followed = await client.get(_filled(path), headers=foreign)
            assert followed.status_code == 403, path


# Routes that answer GET, each looked through by hand: it only reads. What brings our cookie along
# goes through `web/signed`, which refuses it from another site.
WITHOUT_COOKIE = {"/files/{link}", "/hooks/{kind}/{hook}"}
READ_ONLY = {
    *WITHOUT_COOKIE,
    "/export/catalogue.{kind}",
    "/export/knowledge.csv",
    "/export/audit.csv",
}


def test_a_route_that_is_read_changes_nothing():
    read = {route.path for route in routes() if "GET" in (route.methods or ())}
    assert read <= READ_ONLY


@pytest.mark.parametrize("origin", [ELSEWHERE, "null", "http://localhost.evil.example", "http://x"])
async def test_the_socket_opens_for_our_own_pages_only(origin, shop, database_url, monkeypatch):
    cookie = sign_in(shop)
    async with served(database_url, monkeypatch) as ours:
        async with knocker(ours, cookie):
            pass  # our own page gets in
        address = ours.replace("http", "ws") + "/_event/?EIO=4&transport=websocket&token=t"
        with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
            async with websockets.connect(
                address,
                additional_headers={"Cookie": cookie},
                origin=origin,  # type: ignore[arg-type]
            ):
                pass
        assert refused.value.response.status_code in (400, 403)


async def test_a_socket_that_died_in_silence_is_given_up(shop, database_url, monkeypatch):
    from chatrigo.serving.web_server import PING_EVERY, PONG_WITHIN

    assert 20 <= (PING_EVERY + PONG_WITHIN).total_seconds() <= 45
    async with served(database_url, monkeypatch) as ours:
        monkeypatch.setattr(app_socket(), "ping_interval", 0.2)
        monkeypatch.setattr(app_socket(), "ping_timeout", 0.3)
        address = ours.replace("http", "ws") + "/_event/?EIO=4&transport=websocket&token=t"
        async with websockets.connect(address, origin=ours) as wire:  # type: ignore[arg-type]
            with pytest.raises(websockets.exceptions.ConnectionClosed):
                while True:  # pings come, and none is answered
                    await wire.recv()


def test_cookies_on_https_belong_to_this_host_alone(monkeypatch):
    monkeypatch.setitem(settings.__dict__, "origin", "https://chat.example.com")
    module = importlib.reload(cookies)
    try:
        assert module.SESSION == "__Host-chatrigo_session"
        written = module.written(module.SESSION, "t", 30)
        for part in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/;"):
            assert part in written
        assert "domain" not in written.lower()
    finally:
        monkeypatch.undo()
        importlib.reload(cookies)


def test_https_is_for_good_and_for_every_part(monkeypatch):
    monkeypatch.setitem(settings.__dict__, "origin", "https://chat.example.com")
    module = importlib.reload(policy)
    try:
        assert "max-age=31536000; includeSubDomains" in str(module.HEADERS)
        assert "upgrade-insecure-requests" in str(module.Policies(None).of("/inbox"))
    finally:
        monkeypatch.undo()
        importlib.reload(policy)


def _scripts() -> list[tuple[Path, ast.expr]]:
    """What each `call_script(...)` of ours is given."""
    sources = (
        path
        for folder in ("chatrigo", "components", "pages", "state")
        for path in sorted((ROOT / folder).rglob("*.py"))
    )
    return [
        (path, node.args[0])
        for path in sources
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("call_script", "call_function")
        and node.args
    ]


def test_scripts_are_ours_and_values_in_them_are_quoted():
    """
    The client evaluates these. So each is written in our sources, and what comes from outside
    stands in it as JSON: `json.dumps(value)`, or the name of one of our own elements.
    """
    scripts = _scripts()
    assert len(scripts) > 20
    for path, script in scripts:
        for part in ast.walk(script):
            if isinstance(part, ast.FormattedValue):
                text = ast.unparse(part.value)
                safe = CONSTANT.fullmatch(text) or text in OWN_WORDS
                assert safe, f"{path.relative_to(ROOT)}: {text} is put into a script unquoted"


# JSON, or a constant of the module (or what stands in one).
CONSTANT = re.compile(r"json\.dumps\(.+\)|_?[A-Z][A-Z_]*(\[\w+\])?")
# Values that only ever hold words of our own: ids of rows, dialogs and fields, names of functions.
OWN_WORDS = {"dialog", "renew", "row.id", "self.error_field", "self.locale", "script", "what"}
