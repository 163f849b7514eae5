"""
The Graph API of Messenger and Instagram on loopback: it checks what Meta checks.

    fake_messenger.will(error(190), hang(5))
    fake_messenger.sent[-1]["message"]["text"]
"""

import hmac
import json
import threading
from collections import deque
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from chatrigo.config import settings

TOKEN = "EAAtest-page-token"
APP_SECRET = "app_secret_for_tests"
PAGE, INSTAGRAM = "104000000000001", "17841400000000001"
MOST_TEXT = {"page": 2000, "instagram": 1000}

Json = dict[str, Any]


@dataclass(frozen=True)
class Trouble:
    """What happens to one message; it goes out all the same with `hang` and `drop`."""

    status: int = 0
    body: Json | bytes = field(default_factory=dict)
    hang: float = 0
    drop: bool = False


def error(code: int, status: int = 400, subcode: int = 0, message: str = "") -> Trouble:
    said = {"message": message or f"(#{code}) scripted", "code": code, "error_subcode": subcode}
    return Trouble(status, {"error": {**said, "type": "OAuthException", "fbtrace_id": "A"}})


def signature(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, "sha256").hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}


class Refused(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.trouble = error(code, 401 if code == 190 else 400, message=message)


class FakeMessenger:
    """`object` is `page` or `instagram`: whose limits hold."""

    def __init__(self) -> None:
        self.token = TOKEN
        self.object = "page"
        self.sent: list[Json] = []
        self.actions: list[Json] = []
        self.uploads: dict[str, tuple[Json, bytes]] = {}
        self.files: dict[str, bytes] = {}  # path -> content
        self.subscribed: list[str] = []
        self.instagram: Json = {"id": INSTAGRAM, "username": "kopi.uji"}
        self.window_closed = False
        self.stopping = threading.Event()
        self._script: deque[Trouble] = deque()
        self._lock = threading.Lock()
        self._number = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def will(self, *troubles: Trouble) -> None:
        self._script.extend(troubles)

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def trouble(self) -> Trouble:
        with self._lock:
            return self._script.popleft() if self._script else Trouble()

    def message(self, body: Json) -> Json:
        to = str((body.get("recipient") or {}).get("id", ""))
        if not to.isdecimal():
            raise Refused(100, "(#100) Param recipient[id] must be a valid ID string")
        if "sender_action" in body:
            self.actions.append(body)
            return {"recipient_id": to}
        if body.get("messaging_type") not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
            raise Refused(100, "(#100) messaging_type")
        if self.window_closed and body.get("tag") != "HUMAN_AGENT":
            raise Refused(10, "(#10) This message is sent outside of allowed window.")
        message = body.get("message") or {}
        self._check(message)
        self.sent.append(body)
        with self._lock:
            self._number += 1
            return {"recipient_id": to, "message_id": f"m_ours_{self._number}"}

    def _check(self, message: Json) -> None:
        text, attachment = message.get("text"), message.get("attachment")
        if (text is None) == (attachment is None):
            raise Refused(100, "(#100) Must send either text or an attachment")
        if text is not None and not 1 <= len(text) <= MOST_TEXT[self.object]:
            raise Refused(100, "(#100) Length of param message[text] is out of range")
        if attachment and attachment["payload"].get("attachment_id") not in self.uploads:
            raise Refused(100, "(#100) Invalid attachment id")
        replies = message.get("quick_replies", [])
        if len(replies) > 13 or any(not reply.get("payload") for reply in replies):
            raise Refused(100, "(#100) quick_replies")
        if any(len(reply["title"]) > 20 for reply in replies):
            raise Refused(100, "(#100) title is too long")

    def keep(self, fields: Json, content: bytes) -> Json:
        message = json.loads(fields["message"])
        if message["attachment"]["type"] not in ("image", "audio", "video", "file"):
            raise Refused(100, "(#100) attachment type")
        id = str(9000 + len(self.uploads))
        self.uploads[id] = (message, content)
        return {"attachment_id": id}


def _handler(fake: FakeMessenger) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._do(b"")

        def do_DELETE(self) -> None:
            self._do(b"")

        def do_POST(self) -> None:
            self._do(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _do(self, raw: bytes) -> None:
            try:
                self._answer(urlsplit(self.path).path, raw)
            except Refused as refused:
                self._write(refused.trouble.status, refused.trouble.body)
            except OSError:
                return

        def _answer(self, path: str, raw: bytes) -> None:
            if path in fake.files:
                self._write(200, fake.files[path])
                return
            if self.headers.get("Authorization") != f"Bearer {fake.token}":
                raise Refused(190, "Error validating access token: Session has expired")
            name = path.removeprefix(f"/{settings.graph_version}/")
            if name == "me":
                page: Json = {"id": PAGE, "name": "Kopi Uji"}
                account = {"instagram_business_account": fake.instagram} if fake.instagram else {}
                self._write(200, page | account)
            elif name == "me/subscribed_apps":
                self._subscribe(raw)
            elif name == "me/message_attachments":
                self._write(200, fake.keep(*self._form(raw)))
            elif name == "me/messages":
                self._message(json.loads(raw))
            else:
                raise Refused(100, f"(#100) Unknown path {name}")

        def _subscribe(self, raw: bytes) -> None:
            if self.command == "GET":
                apps = [{"id": "1", "subscribed_fields": fake.subscribed}] * bool(fake.subscribed)
                self._write(200, {"data": apps})
                return
            chosen = json.loads(raw)["subscribed_fields"].split(",") if raw else []
            fake.subscribed = chosen
            self._write(200, {"success": True})

        def _message(self, body: Json) -> None:
            trouble = Trouble() if "sender_action" in body else fake.trouble()
            if trouble.status:
                self._write(trouble.status, trouble.body)
                return
            answer = fake.message(body)
            fake.stopping.wait(trouble.hang)
            if trouble.drop:
                self.close_connection = True
                self.connection.close()
            else:
                self._write(200, answer)

        def _form(self, raw: bytes) -> tuple[Json, bytes]:
            kind = self.headers.get("Content-Type", "")
            form = BytesParser(policy=HTTP).parsebytes(
                b"Content-Type: " + kind.encode() + b"\r\n\r\n" + raw
            )
            fields: Json = {}
            for part in form.iter_parts():
                name = part.get_param("name", header="content-disposition")
                fields[name] = part.get_payload(decode=True)
            if "filedata" not in fields:
                raise Refused(100, "(#100) No file")
            content = fields.pop("filedata")
            return {name: value.decode() for name, value in fields.items()}, content

        def _write(self, status: int, body: Json | bytes) -> None:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@pytest.fixture
def fake_messenger(monkeypatch: pytest.MonkeyPatch):
    """A running one, to which the settings point."""
    fake = FakeMessenger()
    fake.start()
    monkeypatch.setitem(settings.__dict__, "graph_base", fake.url)
    yield fake
    fake.stop()
