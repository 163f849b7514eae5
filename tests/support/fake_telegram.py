"""
A Bot API on loopback: it checks what Telegram checks, and misbehaves when asked.

    fake_telegram.will(Trouble(status=429, retry_after=14), Trouble(hang=2))
    fake_telegram.sent[-1].values["text"]

Each call of a `send…` method takes the next trouble of the script. Updates put in by `deliver` go
to the webhook with its secret, as Telegram would, or wait for `getUpdates` when there is none.
"""

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from chatrigo.config import settings

TOKEN = "7000000001:AAtest_token-of_a_bot_0123456789abcde"
BOT_ID = 7000000001
MOST_PHOTO = 10 * 1024 * 1024
MOST_FILE = 50 * 1024 * 1024
KNOWN = {
    "getMe",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "getUpdates",
    "getFile",
    "answerCallbackQuery",
    "sendChatAction",
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "sendVoice",
    "sendAudio",
    "sendVideo",
    "sendSticker",
}
FILES = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVoice": "voice",
    "sendAudio": "audio",
    "sendVideo": "video",
    "sendSticker": "sticker",
}


@dataclass(frozen=True)
class Trouble:
    """What happens to one sending. The message goes out all the same with `hang` and `drop`."""

    status: int = 0
    description: str = ""
    retry_after: float | None = None
    migrate_to: int = 0
    hang: float = 0
    drop: bool = False
    inside_200: bool = False  # the error is in the body alone
    nonsense: bool = False


@dataclass(frozen=True)
class Call:
    method: str
    values: dict[str, Any]
    files: dict[str, tuple[str, str, bytes]]
    at: float


class Refused(Exception):
    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


@dataclass
class FakeTelegram:
    token: str = TOKEN
    blocked: set[int] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)  # file id -> content
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=10_000))
    webhook: dict[str, Any] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    last_error: str = ""

    def __post_init__(self) -> None:
        self._script: deque[Trouble] = deque()
        self._lock = threading.Lock()
        self._number = 100
        self._update = 5000
        self._news = threading.Condition()
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def sent(self) -> list[Call]:
        """What reached a customer."""
        return [call for call in self.calls if call.method in FILES or call.method == "sendMessage"]

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def will(self, *troubles: Trouble) -> None:
        self._script.extend(troubles)

    def revoke(self) -> None:
        """The owner had BotFather make another token."""
        self.token = f"{BOT_ID}:AAanother_token_of_the_same_bot_01234567"

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        with self._news:
            self._news.notify_all()
        self._server.shutdown()
        self._server.server_close()

    def update(self, **parts: Any) -> dict[str, Any]:
        """An update with the next number."""
        self._update += 1
        return {"update_id": self._update, **parts}

    def wrote(self, text: str, chat: int = 814999112, **more: Any) -> dict[str, Any]:
        """An update: a customer wrote this."""
        with self._lock:
            self._number += 1
            number = self._number
        who = {"id": chat, "is_bot": False, "first_name": "Budi", "username": "budi"}
        return self.update(
            message={
                "message_id": number,
                "from": who,
                "chat": {"id": chat, "type": "private", "first_name": "Budi"},
                "date": int(time.time()),
                "text": text,
                **more,
            }
        )

    def wait(self, update: dict[str, Any]) -> None:
        """For `getUpdates`."""
        with self._news:
            self.waiting.append(update)
            self._news.notify_all()

    async def deliver(
        self, update: dict[str, Any], url: str = "", *, secret: str | None = None
    ) -> httpx.Response:
        """Call the webhook, with the secret that it was set with or another."""
        given = self.webhook.get("secret_token", "") if secret is None else secret
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.post(
                url or self.webhook["url"],
                json=update,
                headers={"X-Telegram-Bot-Api-Secret-Token": given} if given else {},
            )

    def answer(self, method: str, values: dict[str, Any], files: dict[str, Any]) -> Any:
        if method not in KNOWN:
            raise Refused(404, "Not Found: method not found")
        self.calls.append(Call(method, values, files, time.monotonic()))
        if method in FILES or method == "sendMessage":
            return self._send(method, values, files)
        return getattr(self, f"_{method}")(values)

    def trouble(self) -> Trouble:
        with self._lock:
            return self._script.popleft() if self._script else Trouble()

    def _send(self, method: str, values: dict[str, Any], files: dict[str, Any]) -> dict[str, Any]:
        chat = values.get("chat_id")
        if not isinstance(chat, int) and not str(chat).lstrip("-").isdecimal():
            raise Refused(400, "Bad Request: chat not found")
        if int(chat) in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if method == "sendMessage":
            text = values.get("text", "")
            if not text.strip():
                raise Refused(400, "Bad Request: message text is empty")
            if len(text) > 4096:
                raise Refused(400, "Bad Request: message is too long")
        else:
            self._check_file(method, values, files)
        self._check_keyboard(values.get("reply_markup"))
        with self._lock:
            self._number += 1
            number = self._number
        return {
            "message_id": number,
            "chat": {"id": int(chat), "type": "private"},
            "date": int(time.time()),
        } | ({"text": values["text"]} if "text" in values else {})

    def _check_file(self, method: str, values: dict[str, Any], files: dict[str, Any]) -> None:
        if FILES[method] not in files:
            raise Refused(400, f"Bad Request: there is no {FILES[method]} in the request")
        size = len(files[FILES[method]][2])
        if size > (MOST_PHOTO if method == "sendPhoto" else MOST_FILE):
            raise Refused(413, "Request Entity Too Large")
        if len(values.get("caption", "")) > 1024:
            raise Refused(400, "Bad Request: message caption is too long")

    def _check_keyboard(self, markup: Any) -> None:
        markup = json.loads(markup) if isinstance(markup, str) else markup or {}
        for row in markup.get("inline_keyboard", []):
            for button in row:
                if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
                    raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
                if not button.get("text"):
                    raise Refused(400, "Bad Request: inline keyboard button text is empty")

    def _getMe(self, _: Any) -> dict[str, Any]:
        return {"id": BOT_ID, "is_bot": True, "first_name": "Kopi Uji", "username": "kopi_uji_bot"}

    def _setWebhook(self, values: dict[str, Any]) -> bool:
        if not values.get("url", "").startswith("https://"):
            raise Refused(400, "Bad Request: bad webhook: HTTPS url must be provided for webhook")
        secret = values.get("secret_token", "")
        if not 1 <= len(secret) <= 256 or not secret.replace("-", "").replace("_", "").isalnum():
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        if not 1 <= values.get("max_connections", 40) <= 100:
            raise Refused(400, "Bad Request: max_connections")
        self.webhook = dict(values)
        return True

    def _deleteWebhook(self, _: Any) -> bool:
        self.webhook = {}
        return True

    def _getWebhookInfo(self, _: Any) -> dict[str, Any]:
        error = {"last_error_date": int(time.time()), "last_error_message": self.last_error}
        return {
            "url": self.webhook.get("url", ""),
            "pending_update_count": len(self.waiting),
        } | (error if self.last_error else {})

    def _getUpdates(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, ends = values.get("offset", 0), time.monotonic() + values.get("timeout", 0)
        with self._news:
            self.waiting = [one for one in self.waiting if one["update_id"] >= offset]
            while not self.waiting and not self.stopping.is_set():
                left = ends - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    break
            return self.waiting[:100]

    def _getFile(self, values: dict[str, Any]) -> dict[str, Any]:
        content = self.files.get(values.get("file_id", ""))
        if content is None:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(content) > 20 * 1024 * 1024:
            raise Refused(400, "Bad Request: file is too big")
        return {
            "file_id": values["file_id"],
            "file_size": len(content),
            "file_path": f"documents/{values['file_id']}",
        }

    def _answerCallbackQuery(self, values: dict[str, Any]) -> bool:
        if not values.get("callback_query_id"):
            raise Refused(400, "Bad Request: query is too old and response timeout expired")
        return True

    def _sendChatAction(self, values: dict[str, Any]) -> bool:
        if values.get("action") != "typing":
            raise Refused(400, "Bad Request: wrong parameter action in request")
        return True


def _handler(fake: FakeTelegram) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            try:
                self._answer(body)
            except OSError:
                return

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            start = f"/file/bot{fake.token}/documents/"
            content = fake.files.get(path.removeprefix(start)) if path.startswith(start) else None
            if content is None:
                self._reply(404, {"ok": False, "error_code": 404, "description": "Not Found"})
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _answer(self, body: bytes) -> None:
            place = urlsplit(self.path).path
            token, _, method = place.removeprefix("/bot").partition("/")
            if token != fake.token:
                self._refuse(Refused(401, "Unauthorized"))
                return
            sending = method in FILES or method == "sendMessage"
            trouble = fake.trouble() if sending else Trouble()
            try:
                if trouble.status:
                    raise _refusal(trouble)
                values, files = self._parts(body)
                result = fake.answer(method, values, files)
            except Refused as refused:
                self._refuse(refused, 200 if trouble.inside_200 else refused.code)
                return
            fake.stopping.wait(trouble.hang)
            if trouble.drop:
                self.close_connection = True
                self.connection.close()
            elif trouble.nonsense:
                self._write(200, b"<html>proxy</html>")
            else:
                self._reply(200, {"ok": True, "result": result})

        def _parts(self, body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
            kind = self.headers.get("Content-Type", "")
            if kind.startswith("application/json"):
                values = json.loads(body)
                if not isinstance(values, dict):
                    raise Refused(400, "Bad Request: can't parse JSON object")
                return values, {}
            if not kind.startswith("multipart/form-data"):
                raise Refused(400, "Bad Request: unsupported content type")
            form = BytesParser(policy=HTTP).parsebytes(
                b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body
            )
            values: dict[str, Any] = {}
            files: dict[str, Any] = {}
            for part in form.iter_parts():
                name = part.get_param("name", header="content-disposition")
                content = part.get_payload(decode=True)
                if part.get_filename():
                    files[name] = (part.get_filename(), part.get_content_type(), content)
                else:
                    values[name] = content.decode()
            return values, files

        def _refuse(self, refused: Refused, status: int = 0) -> None:
            body = {"ok": False, "error_code": refused.code, "description": refused.description}
            if refused.parameters:
                body["parameters"] = refused.parameters
            self._reply(status or refused.code, body)

        def _reply(self, status: int, body: dict[str, Any]) -> None:
            self._write(status, json.dumps(body).encode())

        def _write(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _refusal(trouble: Trouble) -> Refused:
    parameters: dict[str, Any] = {}
    description = trouble.description or "Bad Request: no"
    if trouble.retry_after is not None:
        parameters["retry_after"] = trouble.retry_after
        description = f"Too Many Requests: retry after {trouble.retry_after}"
    if trouble.migrate_to:
        parameters["migrate_to_chat_id"] = trouble.migrate_to
        description = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refused(trouble.status, description, **parameters)


@pytest.fixture
def fake_telegram(monkeypatch: pytest.MonkeyPatch):
    """A running one, to which the settings point."""
    fake = FakeTelegram()
    fake.start()
    monkeypatch.setitem(settings.__dict__, "telegram_base", fake.url)
    yield fake
    fake.stop()
