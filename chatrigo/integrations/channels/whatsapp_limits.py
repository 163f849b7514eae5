"""What a message on WhatsApp may be, checked before anything is sent."""

import re
from typing import NoReturn

from chatrigo.integrations.channels.port import Choice, File, Limits, Outgoing, Template
from chatrigo.integrations.channels.whatsapp_errors import failed

MEGABYTE = 1024 * 1024
LIMITS = Limits(
    text=4096,
    caption=1024,
    buttons=3,
    button_title=20,
    rows=10,
    row_title=24,
    row_about=72,
    file_bytes=100 * MEGABYTE,
    window=24,
    seconds_between=6,
    per_second=80,
)
INTERACTIVE_BODY = 1024
BUTTON_ID = 256
ROW_ID = 200
LIST_BUTTON = 20
KEY_BYTES = 512
VARIABLE = 1024
FILES = {"image": 5, "audio": 16, "video": 16, "document": 100, "sticker": 0.5}
MIMES = {
    "image": ("image/jpeg", "image/png"),
    "audio": ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
    "video": ("video/mp4", "video/3gpp"),
    "sticker": ("image/webp",),
}
# Meta refuses variables with these (132012), after having taken the message.
_UNRULY = re.compile(r"[\n\t]| {5,}")


def check(outgoing: Outgoing) -> None:
    """Raises SendFailed("refused") for what Meta would refuse."""
    if not outgoing.key or len(outgoing.key.encode()) > KEY_BYTES:
        _refuse("key", "our key is empty or too long")
    if outgoing.template:
        return _template(outgoing.template)
    if outgoing.file:
        _file(outgoing.file)
    if outgoing.choices:
        return _choices(outgoing)
    if outgoing.file:
        most = 0 if outgoing.file.kind in ("audio", "sticker") else LIMITS.caption
        return _within(outgoing.body, most, "caption")
    if not outgoing.body.strip():
        _refuse("empty")
    return _within(outgoing.body, LIMITS.text, "text")


def is_list(outgoing: Outgoing) -> bool:
    """Whether its choices are rows of a list: too many for buttons, or with more to say."""
    many = len(outgoing.choices) > LIMITS.buttons
    return many or bool(outgoing.list_button) or any(c.about for c in outgoing.choices)


def _choices(outgoing: Outgoing) -> None:
    if not outgoing.body.strip():
        _refuse("empty")
    _within(outgoing.body, INTERACTIVE_BODY, "body")
    ids = [choice.id for choice in outgoing.choices]
    if len(set(ids)) < len(ids):
        _refuse("choices", "two choices with one id")
    if not is_list(outgoing):
        for choice in outgoing.choices:
            _choice(choice, LIMITS.button_title, BUTTON_ID)
        return
    if len(outgoing.choices) > LIMITS.rows:
        _refuse("rows", f"{len(outgoing.choices)} rows")
    if outgoing.file:
        _refuse("list_file")
    _within(outgoing.list_button, LIST_BUTTON, "choices")
    for choice in outgoing.choices:
        _choice(choice, LIMITS.row_title, ROW_ID)
        _within(choice.about, LIMITS.row_about, "choices")


def _choice(choice: Choice, title: int, id: int) -> None:
    if not choice.id or not choice.title.strip():
        _refuse("choices", "a choice without id or title")
    _within(choice.id, id, "choices")
    _within(choice.title, title, "choices")


def _file(file: File) -> None:
    if not file.content:
        _refuse("file_kind", "an empty file")
    if len(file.content) > FILES[file.kind] * MEGABYTE:
        _refuse("file_size", f"{len(file.content)} bytes")
    allowed = MIMES.get(file.kind)
    if allowed and file.mime.partition(";")[0].strip().lower() not in allowed:
        _refuse("file_kind", file.mime[:60])


def _template(template: Template) -> None:
    if not template.name or not template.language:
        _refuse("template_missing")
    for variable in (*template.header, *template.body, *template.buttons):
        if not variable.strip():
            _refuse("template_count", "an empty variable")
        _within(variable, VARIABLE, "template_long")
        if _UNRULY.search(variable):
            _refuse("template_format", "lines, tabs or many blanks in a variable")
    if template.header_media:
        _file(template.header_media)


def _within(text: str, most: int, word: str) -> None:
    if len(text) > most:
        _refuse(word, f"{len(text)} of {most} characters")


def _refuse(word: str, details: str = "") -> NoReturn:
    raise failed("refused", word, "limit", details=details)
