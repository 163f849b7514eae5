"""
Meta's Graph API on loopback, as strict as the real one, in a thread of its own.

    with FakeGraph() as graph:
        graph.script.append(error(131056))      # what the next call of /messages gets
        ...
        graph.deliver(url, hook(text("halo")))  # a signed webhook

It refuses what Meta refuses: no or wrong token, unknown numbers, a shape that is none, limits.
"""

import hmac
import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.support.graph_shapes import APP_SECRET, NUMBER, TOKEN, WABA
from tests.support.graph_strict import problem_of, problem_of_template

Json = dict[str, Any]


@dataclass
class Scripted:
    """One answer: after `delay` seconds, `body` with `status`; or no answer (hang, drop)."""

    status: int = 200
    body: Json | bytes = field(default_factory=dict)
    delay: float = 0
    headers: dict[str, str] = field(default_factory=dict)
    takes: bool = False  # the message goes out all the same
    drop: bool = False


@dataclass
class Call:
    method: str
    path: str
    query: dict[str, str]
    body: Json
    headers: dict[str, str]
    at: float


def error(code: int, status: int = 400, **more: Any) -> Scripted:
    return Scripted(status, {"error": _error(code, f"(#{code}) scripted", **more)})


def error_inside(code: int) -> Scripted:
    """HTTP 200, and yet no."""
    return error(code, status=200)


def hang(seconds: float = 30) -> Scripted:
    """The message is taken and no answer comes."""
    return Scripted(delay=seconds, takes=True, drop=True)


def drop() -> Scripted:
    """The message is taken and the connection breaks."""
    return Scripted(takes=True, drop=True)


def _error(code: int, message: str, details: str = "", **more: Any) -> Json:
    data = {"messaging_product": "whatsapp", "details": details or message}
    return {
        "message": message,
        "type": "OAuthException",
        "code": code,
        "error_data": data,
        "fbtrace_id": "AbCdEf",
        **more,
    }


class FakeGraph:
    """
    sent       what went out to customers, in its order: the bodies of /messages
    seen       read marks and typing
    calls      everything that was asked, also what was refused
    script     answers for the next calls of /messages, instead of the usual one
    uploads    id -> bytes       files  id -> (bytes, mime): what customers sent
    templates  what the Business account has; `page` of them at once
    subscribed where each Business account's calls go
    """

    def __init__(self) -> None:
        self.tokens = {TOKEN}
        self.numbers: dict[str, Json] = {
            NUMBER: {
                "display_phone_number": "+62 811-1111-1111",
                "verified_name": "Kopi Uji",
                "quality_rating": "GREEN",
                "status": "CONNECTED",
                "throughput": {"level": "STANDARD"},
                "whatsapp_business_manager_messaging_limit": "TIER_2K",
            }
        }
        self.wabas = {WABA}
        self.sent: list[Json] = []
        self.seen: list[Json] = []
        self.calls: list[Call] = []
        self.script: deque[Scripted] = deque()
        self.upload_script: deque[Scripted] = deque()
        self.uploads: dict[str, bytes] = {}
        self.files: dict[str, tuple[bytes, str]] = {}
        self.templates: list[Json] = []
        self.page = 2
        self.subscribed: dict[str, str] = {}
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._made = 0

    def __enter__(self) -> "FakeGraph":
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def made(self, prefix: str) -> str:
        with self._lock:
            self._made += 1
            return f"{prefix}{self._made:08d}"

    def asked(self, ending: str) -> list[Call]:
        return [call for call in self.calls if call.path.endswith(ending)]

    def signed(self, body: Json | bytes, secret: str = APP_SECRET) -> tuple[bytes, dict[str, str]]:
        """A webhook's bytes and headers, as Meta sends them."""
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        mark = "sha256=" + hmac.new(secret.encode(), raw, "sha256").hexdigest()
        return raw, {"content-type": "application/json", "x-hub-signature-256": mark}

    def deliver(
        self,
        url: str,
        *bodies: Json | bytes,
        secret: str = APP_SECRET,
        times: int = 1,
        reverse: bool = False,
        batch: bool = False,
        post: Callable[..., Any] = httpx.post,
    ) -> list[Any]:
        """Send webhooks: doubled, in the wrong order, or all entries in one call."""
        ordered = list(reversed(bodies)) if reverse else list(bodies)
        if batch:
            entries = [entry for body in ordered for entry in body["entry"]]  # type: ignore[index]
            ordered = [{"object": "whatsapp_business_account", "entry": entries}]
        answers = []
        for body in ordered:
            raw, headers = self.signed(body, secret)
            answers += [post(url, content=raw, headers=headers) for _ in range(times)]
        return answers


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512  # a burst must not be turned away at the door


def _handler(graph: FakeGraph) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            self.raw = raw
            call = Call(
                self.command, parts.path, query, _json(raw), _lower(self.headers), time.monotonic()
            )
            graph.calls.append(call)
            try:
                self._route(call)
            except OSError:
                self.close_connection = True

        def _route(self, call: Call) -> None:
            if call.headers.get("authorization") not in {f"Bearer {t}" for t in graph.tokens}:
                return self._refuse(190, "Invalid OAuth access token", 401)
            if match := re.fullmatch(r"/files/([0-9A-Za-z]+)", call.path):
                return self._file(match[1])
            match = re.fullmatch(r"/v[0-9]+\.[0-9]/([0-9A-Za-z_]+)(?:/([a-z_]+))?", call.path)
            if match is None:
                return self._refuse(100, "Unsupported request")
            id, edge = match[1], match[2] or ""
            known = graph.numbers if edge in ("messages", "media") else graph.wabas
            if edge and id not in known:
                return self._refuse(100, f"Object {id} does not exist", subcode=33)
            act = {
                ("POST", "messages"): self._message,
                ("POST", "media"): self._upload,
                ("GET", "message_templates"): self._templates,
                ("POST", "message_templates"): self._create,
                ("GET", "subscribed_apps"): self._apps,
                ("POST", "subscribed_apps"): self._subscribe,
                ("DELETE", "subscribed_apps"): self._unsubscribe,
                ("GET", ""): self._object,
            }.get((call.method, edge))
            if act is None:
                return self._refuse(100, "Unsupported request")
            return act(call, id)

        def _message(self, call: Call, _: str) -> None:
            if call.body.get("status") == "read":
                graph.seen.append(call.body)
                return self._send({"success": True})
            if graph.script:
                return self._scripted(graph.script.popleft(), call.body)
            if problem := problem_of(call.body, graph.uploads):
                return self._refuse(*problem)
            graph.sent.append(call.body)
            to = call.body.get("to") or call.body.get("recipient")
            return self._send(
                {
                    "messaging_product": "whatsapp",
                    "contacts": [{"input": to, "wa_id": to}],
                    "messages": [{"id": graph.made("wamid.OUT"), "message_status": "accepted"}],
                }
            )

        def _scripted(self, answer: Scripted, body: Json) -> None:
            if answer.takes:
                graph.sent.append(body)
            graph.stopping.wait(answer.delay)
            if answer.drop:
                self.close_connection = True
                return
            self._send(answer.body, answer.status, headers=answer.headers)

        def _upload(self, call: Call, _: str) -> None:
            if graph.upload_script:
                return self._scripted(graph.upload_script.popleft(), {})
            form = self.raw
            if b'name="messaging_product"' not in form or b'name="file"; filename=' not in form:
                return self._refuse(100, "messaging_product and file are required")
            content = form.split(b'name="file"', 1)[1].split(b"\r\n\r\n", 1)[1]
            id = graph.made("44")
            graph.uploads[id] = content.rsplit(b"\r\n--", 1)[0]
            return self._send({"id": id})

        def _object(self, call: Call, id: str) -> None:
            if id in graph.numbers:
                asked = call.query.get("fields", "").split(",")
                found = {n: v for n, v in graph.numbers[id].items() if n in asked}
                return self._send({**found, "id": id})
            if id in graph.files:
                raw, mime = graph.files[id]
                url = f"{graph.base}/files/{id}"
                more = {"id": id, "messaging_product": "whatsapp", "file_size": str(len(raw))}
                return self._send({"url": url, "mime_type": mime, **more})
            return self._refuse(100, f"Object {id} does not exist", subcode=33)

        def _file(self, id: str) -> None:
            if id not in graph.files:
                return self._send(b"gone", 404)
            raw, mime = graph.files[id]
            return self._send(raw, kind=mime)

        def _templates(self, call: Call, id: str) -> None:
            start = int(call.query.get("after") or 0)
            page = graph.templates[start : start + graph.page]
            body: Json = {"data": page, "paging": {"cursors": {}}}
            if start + graph.page < len(graph.templates):
                after = str(start + graph.page)
                next_page = f"{graph.base}/v23.0/{id}/message_templates?after={after}"
                body["paging"] = {"cursors": {"after": after}, "next": next_page}
            return self._send(body)

        def _create(self, call: Call, _: str) -> None:
            if problem := problem_of_template(call.body, graph.templates):
                return self._refuse(*problem)
            made = {"id": graph.made("77"), "status": "PENDING", "category": call.body["category"]}
            graph.templates.append({**call.body, **made})
            return self._send(made)

        def _apps(self, _: Call, id: str) -> None:
            there = id in graph.subscribed
            app = {"whatsapp_business_api_data": {"id": "670843887433847", "name": "Chatrigo"}}
            self._send({"data": [app] if there else []})

        def _subscribe(self, call: Call, id: str) -> None:
            graph.subscribed[id] = str(call.body.get("override_callback_uri", ""))
            self._send({"success": True})

        def _unsubscribe(self, _: Call, id: str) -> None:
            graph.subscribed.pop(id, None)
            self._send({"success": True})

        def _refuse(self, code: int, message: str, status: int = 400, subcode: int = 0) -> None:
            more = {"error_subcode": subcode} if subcode else {}
            self._send({"error": _error(code, message, **more)}, status)

        def _send(
            self,
            body: Json | bytes,
            status: int = 200,
            kind: str = "application/json",
            headers: dict[str, str] | None = None,
        ) -> None:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(raw)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _json(raw: bytes) -> Json:
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
