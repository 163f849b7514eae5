"""
Telegram: a bot of the shop's, also one that answers in the owner's own chats (Telegram Business).

Whom to answer to is the chat's id, and in the owner's chats `<chat>@<business connection>`. A
message is called `<that>:<message id>`, for Telegram counts the messages of every account anew.
"""

import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from chatrigo.config import settings
from chatrigo.integrations.channels import wire
from chatrigo.integrations.channels.port import (
    Account,
    Choice,
    Connecting,
    Event,
    Field,
    File,
    Health,
    Limits,
    Media,
    Outgoing,
    SendFailed,
    Sent,
)
from chatrigo.integrations.channels.telegram_api import (
    UPLOAD_SECONDS,
    Migrated,
    Upload,
    call,
    failed,
)
from chatrigo.integrations.channels.telegram_events import CALLBACK, UPDATES, read, verify

MEGABYTE = 1024 * 1024
PHOTO_BYTES = 10 * MEGABYTE
PHOTO_SIDES = 10_000  # width and height together
PHOTO_RATIO = 20
PHOTO_FORMATS = frozenset({"image/jpeg", "image/png", "image/webp"})
FETCH_BYTES = 20 * MEGABYTE
CHOICE_BYTES = 64
QUICK_SECONDS = 5.0
MOST_CONNECTIONS = 10
# A webhook that failed once and works again keeps its last error: it is old news after this.
ERROR_IS_NEWS = timedelta(minutes=10)
MANY_PENDING = 100


class Telegram:
    kind = "telegram"
    limits = Limits(
        text=4096,
        caption=1024,
        buttons=10,
        button_title=64,
        file_bytes=50 * MEGABYTE,
        seconds_between=1,
        per_second=30,
    )
    connecting = Connecting(
        fields=(Field("token", secret=True), Field("hook_secret", secret=True, made=True)),
        steps=("botfather", "newbot", "copy"),
        checks=("token", "webhook"),
    )

    def verify(self, account: Account, headers: Mapping[str, str], body: bytes) -> bool:
        return verify(account, headers)

    def challenge(self, account: Account, query: Mapping[str, str]) -> str | None:
        """Telegram shakes no hands."""
        return None

    def parse(self, account: Account, body: Any) -> list[Event]:
        return [read(body)]

    async def subscribe(self, account: Account, address: str) -> None:
        """Telegram calls https alone; without it we ask for updates, which no webhook may hinder."""
        token = account.secrets["token"]
        if not address.startswith("https://"):
            await call(token, "deleteWebhook", {"drop_pending_updates": False})
            return
        await call(
            token,
            "setWebhook",
            {
                "url": address,
                "secret_token": account.secrets["hook_secret"],
                "allowed_updates": UPDATES,
                "max_connections": MOST_CONNECTIONS,
                "drop_pending_updates": False,
            },
        )

    async def updates(self, account: Account, after: int, seconds: float) -> list[dict[str, Any]]:
        """
        Updates newer than `after`, waiting up to `seconds` for the first; asking for them tells
        Telegram that those up to `after` are kept. Raises SendFailed.
        """
        values: dict[str, Any] = {"timeout": int(seconds), "allowed_updates": UPDATES}
        if after:
            values["offset"] = after + 1
        found = await call(
            account.secrets["token"], "getUpdates", values, seconds=seconds + QUICK_SECONDS
        )
        return [update for update in found or () if isinstance(update, dict)]

    async def send(self, account: Account, outgoing: Outgoing) -> Sent:
        method, values, upload = _request(outgoing)
        token = account.secrets["token"]
        try:
            message = await call(token, method, values, upload=upload)
        except Migrated as moved:
            values["chat_id"] = moved.chat_id
            message = await call(token, method, values, upload=upload)
        if not isinstance(message, dict) or "message_id" not in message:
            raise failed("unknown", "nonsense", "200")
        return Sent(f"{outgoing.to}:{message['message_id']}")

    async def fetch(self, account: Account, media: Media, most: int) -> bytes:
        token = account.secrets["token"]
        found = await call(token, "getFile", {"file_id": media.reference})
        path, most = found.get("file_path", ""), min(most, FETCH_BYTES)
        if found.get("file_size", 0) > most:
            raise failed("refused", "too_big", "too_big")
        place = f"{settings.telegram_base}/file/bot{token}/{path}"
        try:
            return await wire.download(place, most, seconds=UPLOAD_SECONDS)
        except SendFailed as failure:
            key = "too_big" if failure.code == "too_big" else "no_file"
            raise failed(failure.advice, key, failure.code) from None

    async def seen(self, account: Account, to: str, message_id: str, *, typing: bool) -> None:
        """A pressed button stops blinking only when its press is answered."""
        token = account.secrets.get("token", "")
        if message_id.startswith(CALLBACK):
            press = message_id.removeprefix(CALLBACK)
            await _quietly(token, "answerCallbackQuery", {"callback_query_id": press})
        if typing:
            await _quietly(token, "sendChatAction", {**_chat(to), "action": "typing"})

    async def find(self, account: Account, outgoing: Outgoing) -> Sent | None:
        """A bot can't read what it sent."""
        return None

    async def check(self, account: Account) -> Health:
        token = account.secrets.get("token", "")
        try:
            bot = await call(token, "getMe", seconds=QUICK_SECONDS)
        except (SendFailed, Migrated) as failure:
            return Health({"token": getattr(failure, "key", "channels_telegram.failed_trouble")})
        about = {
            "external_id": str(bot.get("id", "")),
            "name": bot.get("first_name", ""),
            "username": bot.get("username", ""),
        }
        try:
            hook = await call(token, "getWebhookInfo", seconds=QUICK_SECONDS)
        except (SendFailed, Migrated):
            return Health({"token": "", "webhook": "channels_telegram.webhook_unknown"}, about)
        about |= {
            "pending": str(hook.get("pending_update_count", 0)),
            "last_error": str(hook.get("last_error_message", "")),
            "last_error_at": _iso(hook.get("last_error_date")),
        }
        return Health({"token": "", "webhook": _problem(account, hook)}, about)


def place(to: str) -> tuple[int | str, str]:
    """The chat's id, and the business connection through which to answer, if any."""
    chat, _, connection = to.partition("@")
    return (int(chat) if chat.lstrip("-").isdecimal() else chat), connection


def _chat(to: str) -> dict[str, Any]:
    chat, connection = place(to)
    return {"chat_id": chat} | ({"business_connection_id": connection} if connection else {})


def _request(outgoing: Outgoing) -> tuple[str, dict[str, Any], Upload | None]:
    values = _chat(outgoing.to)
    if outgoing.reply_to:
        number = outgoing.reply_to.rpartition(":")[2]
        if number.isdecimal():
            values["reply_parameters"] = {
                "message_id": int(number),
                "allow_sending_without_reply": True,
            }
    if outgoing.choices:
        values["reply_markup"] = _keyboard(outgoing.choices)
    if outgoing.file:
        if outgoing.body:
            values["caption"] = outgoing.body
        method, upload = _upload(outgoing.file)
        return method, values, upload
    if not outgoing.body.strip():
        raise failed("refused", "empty")
    values["text"] = outgoing.body
    values["link_preview_options"] = {"is_disabled": True}
    return "sendMessage", values, None


def _keyboard(choices: tuple[Choice, ...]) -> dict[str, Any]:
    """One button a row: on a telephone two side by side cut each other's words."""
    if any(not 1 <= len(choice.id.encode()) <= CHOICE_BYTES for choice in choices):
        raise failed("refused", "choices")
    return {
        "inline_keyboard": [
            [{"text": choice.title, "callback_data": choice.id}] for choice in choices
        ]
    }


def _upload(file: File) -> tuple[str, Upload]:
    if len(file.content) > Telegram.limits.file_bytes:
        raise failed("refused", "too_big")
    method, parameter = _way(file)
    extension = file.mime.partition("/")[2].partition(";")[0]
    name = file.name or f"{file.kind}.{extension or 'bin'}"
    return method, Upload(parameter, name, file.content, file.mime)


def _way(file: File) -> tuple[str, str]:
    if file.kind == "image" and file.mime in PHOTO_FORMATS and _is_a_photo(file.content):
        return "sendPhoto", "photo"
    if file.kind == "audio" and file.mime.startswith("audio/ogg"):
        return "sendVoice", "voice"
    if file.kind == "audio" and file.mime in ("audio/mpeg", "audio/mp4"):
        return "sendAudio", "audio"
    if file.kind == "video" and file.mime == "video/mp4":
        return "sendVideo", "video"
    if file.kind == "sticker" and file.mime == "image/webp":
        return "sendSticker", "sticker"
    return "sendDocument", "document"


def _is_a_photo(content: bytes) -> bool:
    """Telegram refuses very large or very long pictures as photos, but takes them as files."""
    if len(content) > PHOTO_BYTES:
        return False
    try:
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return False
    short, long = sorted((width, height))
    return width + height <= PHOTO_SIDES and long <= PHOTO_RATIO * short


async def _quietly(token: str, method: str, values: Mapping[str, Any]) -> None:
    try:
        await call(token, method, values, seconds=QUICK_SECONDS)
    except (SendFailed, Migrated):
        return


def _problem(account: Account, hook: Mapping[str, Any]) -> str:
    """What is wrong with how updates reach us, as a key; empty when nothing is."""
    url, wanted = hook.get("url", ""), account.settings.get("webhook_url", "")
    polling = not settings.https
    if polling and url:
        return "channels_telegram.webhook_elsewhere"
    if not polling and not url:
        return "channels_telegram.webhook_missing"
    if wanted and url != wanted:
        return "channels_telegram.webhook_elsewhere"
    failed_at = hook.get("last_error_date")
    recent = failed_at and datetime.now(UTC) - datetime.fromtimestamp(failed_at, UTC)
    if recent and recent < ERROR_IS_NEWS:
        return "channels_telegram.webhook_fails"
    if hook.get("pending_update_count", 0) > MANY_PENDING:
        return "channels_telegram.webhook_behind"
    return ""


def _iso(seconds: object) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat() if isinstance(seconds, int) else ""


adapter = Telegram()
