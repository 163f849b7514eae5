"""
The Bot API over HTTP: one call, and what its errors ask of us.

Telegram repeats the HTTP status in the body; the body is what counts, for a proxy in between may
answer 200 with an error inside.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from chatrigo.config import settings
from chatrigo.integrations.channels import wire
from chatrigo.integrations.channels.port import Advice, SendFailed

SECONDS = 15.0
UPLOAD_SECONDS = 60.0
MOST_WAIT_SECONDS = 3600.0
TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}")
# What a 400 says, in parts of its words: Telegram gives no other code.
WORDS: tuple[tuple[str, Advice, str], ...] = (
    ("chat not found", "person", "unknown_person"),
    ("user not found", "person", "unknown_person"),
    ("peer_id_invalid", "person", "unknown_person"),
    ("user is deactivated", "person", "deleted"),
    ("bot can't initiate", "person", "never_wrote"),
    ("business_peer_usage_missing", "window", "business_window"),
    ("business_connection", "person", "business_ended"),
    ("business connection", "person", "business_ended"),
    ("too long", "refused", "too_long"),
    ("too big", "refused", "too_big"),
    ("photo_invalid_dimensions", "refused", "file"),
    ("wrong file", "refused", "file"),
    ("message text is empty", "refused", "empty"),
    ("button", "refused", "choices"),
    ("blocked", "person", "blocked"),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes along with a call, under the name of a parameter."""

    parameter: str
    name: str
    content: bytes
    mime: str


class Migrated(Exception):
    """Nothing was sent: the chat has another id now."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(chat_id)
        self.chat_id = chat_id


async def call(
    token: str,
    method: str,
    values: Mapping[str, Any] | None = None,
    *,
    upload: Upload | None = None,
    seconds: float = 0,
) -> Any:
    """The call's result; raises SendFailed, or Migrated."""
    if not TOKEN.fullmatch(token):
        raise failed("auth", "token", "form")
    seconds = seconds or (UPLOAD_SECONDS if upload else SECONDS)
    place = f"{settings.telegram_base}/bot{token}/{method}"
    try:
        answer = await wire.ask("POST", place, seconds=seconds, **_request(values or {}, upload))
    except SendFailed as failure:
        raise failed(failure.advice, failure.code, failure.code) from None
    return _result(answer)


def failed(
    advice: Advice, key: str, code: str = "", *, retry_after: float = 0, details: str = ""
) -> SendFailed:
    key = f"channels_telegram.failed_{key}"
    return SendFailed(advice, key, code=code, retry_after=retry_after, details=details[:300])


def _request(values: Mapping[str, Any], upload: Upload | None) -> dict[str, Any]:
    if upload is None:
        return {"json": dict(values)}
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
    }
    return {
        "data": texts,
        "files": {upload.parameter: (upload.name, upload.content, upload.mime)},
    }


def _result(answer: httpx.Response) -> Any:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or "ok" not in body:
        if answer.status_code == httpx.codes.OK:
            raise failed("unknown", "nonsense", "200")
        raise _failure(answer.status_code, "", {})
    if body["ok"] is True:
        return body.get("result")
    parameters = body.get("parameters") or {}
    if migrated := parameters.get("migrate_to_chat_id"):
        raise Migrated(migrated)
    code = body.get("error_code") or answer.status_code
    raise _failure(code, str(body.get("description", "")), parameters)


def _failure(code: int, description: str, parameters: Mapping[str, Any]) -> SendFailed:
    said = description.lower()
    if code == 429:
        seconds = min(float(parameters.get("retry_after") or 1), MOST_WAIT_SECONDS)
        return failed("wait", "too_fast", "429", retry_after=seconds, details=description)
    if code in (401, 404):  # a token of another form than Telegram's is "not found"
        return failed("auth", "token", str(code), details=description)
    if code == 409:
        return failed("retry", "elsewhere", "409", details=description)
    if code == 413:
        return failed("refused", "too_big", "413", details=description)
    if code >= 500:
        return failed("retry", "trouble", str(code), details=description)
    for words, advice, key in WORDS:
        if words in said:
            return failed(advice, key, str(code), details=description)
    if code == 403:
        return failed("person", "blocked", "403", details=description)
    return failed("refused", "refused", str(code), details=description)
