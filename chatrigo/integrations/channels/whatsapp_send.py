"""A message of ours in the shape of the Cloud API."""

from typing import Any

from chatrigo.config import settings
from chatrigo.integrations.channels.port import Choice, MediaKind, Outgoing, Template
from chatrigo.integrations.channels.whatsapp_errors import failed
from chatrigo.integrations.channels.whatsapp_ids import parted
from chatrigo.integrations.channels.whatsapp_limits import is_list

OPEN_LIST = "Pilih"


def body_of(outgoing: Outgoing, media_id: str = "") -> dict[str, Any]:
    """The JSON for `/messages`; `media_id` is the uploaded file's. Raises SendFailed."""
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_addressed(outgoing.to),
        "biz_opaque_callback_data": outgoing.key,
    }
    if outgoing.reply_to and not outgoing.template:
        body["context"] = {"message_id": outgoing.reply_to}
    return {**body, **_content(outgoing, media_id)}


def _addressed(to: str) -> dict[str, str]:
    kind, id = parted(to)
    if not id:
        raise failed("refused", "itself", "limit", details="no address of WhatsApp's")
    if kind == "user" and settings.whatsapp_user_field == "recipient":
        return {"recipient": id}
    return {"to": id}


def _content(outgoing: Outgoing, media_id: str) -> dict[str, Any]:
    if outgoing.template:
        return {"type": "template", "template": _template(outgoing.template, media_id)}
    if outgoing.choices:
        shape = _list(outgoing) if is_list(outgoing) else _buttons(outgoing, media_id)
        return {"type": "interactive", "interactive": shape}
    if outgoing.file:
        kind = outgoing.file.kind
        file = {"id": media_id}
        if outgoing.body:
            file["caption"] = outgoing.body
        if kind == "document":
            file["filename"] = outgoing.file.name or "dokumen"
        return {"type": kind, kind: file}
    return {"type": "text", "text": {"body": outgoing.body, "preview_url": False}}


def _buttons(outgoing: Outgoing, media_id: str) -> dict[str, Any]:
    buttons = [
        {"type": "reply", "reply": {"id": choice.id, "title": choice.title}}
        for choice in outgoing.choices
    ]
    shape: dict[str, Any] = {
        "type": "button",
        "body": {"text": outgoing.body},
        "action": {"buttons": buttons},
    }
    if outgoing.file and outgoing.file.kind in ("image", "video", "document"):
        shape["header"] = {"type": outgoing.file.kind, outgoing.file.kind: {"id": media_id}}
    return shape


def _list(outgoing: Outgoing) -> dict[str, Any]:
    opener = outgoing.list_button or OPEN_LIST
    sections = [{"title": opener, "rows": [_row(choice) for choice in outgoing.choices]}]
    return {
        "type": "list",
        "body": {"text": outgoing.body},
        "action": {"button": opener, "sections": sections},
    }


def _row(choice: Choice) -> dict[str, str]:
    row = {"id": choice.id, "title": choice.title}
    return {**row, "description": choice.about} if choice.about else row


def _template(template: Template, media_id: str) -> dict[str, Any]:
    components: list[dict[str, Any]] = []
    if template.header_media:
        kind: MediaKind = template.header_media.kind
        file = {"id": media_id}
        if kind == "document":
            file["filename"] = template.header_media.name or "dokumen"
        components.append({"type": "header", "parameters": [{"type": kind, kind: file}]})
    elif template.header:
        components.append({"type": "header", "parameters": _texts(template.header)})
    if template.body:
        components.append({"type": "body", "parameters": _texts(template.body)})
    components += [_button(place) for place in template.buttons]
    shape: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    return {**shape, "components": components} if components else shape


def _texts(variables: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"type": "text", "text": variable} for variable in variables]


def _button(place: str) -> dict[str, Any]:
    """
    A button's variable is written "0:url:…", "1:quick_reply:…" or "0:copy_code:…": its place among
    the buttons, its kind, and what it holds.
    """
    index, _, rest = place.partition(":")
    kind, _, value = rest.partition(":")
    types = {"url": "text", "quick_reply": "payload", "copy_code": "coupon_code"}
    if not index.isdigit() or kind not in types or not value:
        raise failed("refused", "template_format", "limit", details="a button's variable")
    type = types[kind]
    parameters = [{"type": type, type: value}]
    return {"type": "button", "sub_type": kind, "index": index, "parameters": parameters}
