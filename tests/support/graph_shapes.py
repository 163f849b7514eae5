"""Webhooks of WhatsApp's, as Meta writes them."""

from typing import Any

TOKEN = "EAAuji"
APP_SECRET = "rahasia-aplikasi"
VERIFY_TOKEN = "kata-sandi-webhook"
WABA = "102290129340398"
NUMBER = "106540352242922"
CUSTOMER = "6281234567890"
USER = "ID.13491208655302741918"

Json = dict[str, Any]


def hook(*changes: Json, waba: str = WABA) -> Json:
    return {"object": "whatsapp_business_account", "entry": [{"id": waba, "changes": [*changes]}]}


def change(
    *messages: Json,
    statuses: tuple[Json, ...] = (),
    contacts: list[Json] | None = None,
    number: str = NUMBER,
    field: str = "messages",
    **more: Any,
) -> Json:
    value: Json = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "6281111111111", "phone_number_id": number},
        **more,
    }
    if messages:
        value["messages"] = [*messages]
        sender = {"profile": {"name": "Sari"}, "wa_id": messages[0].get("from", CUSTOMER)}
        value["contacts"] = [sender] if contacts is None else contacts
    if statuses:
        value["statuses"] = [*statuses]
    return {"field": field, "value": value}


def message(kind: str, part: Any = None, id: str = "wamid.IN1", **more: Any) -> Json:
    made: Json = {"from": CUSTOMER, "id": id, "timestamp": "1749416383", "type": kind}
    return {**made, **({kind: part} if part is not None else {}), **more}


def text(body: str, id: str = "wamid.IN1", **more: Any) -> Json:
    return message("text", {"body": body}, id, **more)


def by_username(body: str, id: str = "wamid.X", **sender: str) -> Json:
    """A message of somebody who has a username, and no number for us unless `wa_id` says one."""
    said: Json = {"from_user_id": USER, "id": id, "timestamp": "1785540000", "type": "text"}
    said["text"] = {"body": body}
    if "wa_id" in sender:
        said["from"] = sender["wa_id"]
    profile = {"name": "Sari", "username": "sari.kopi"}
    return hook(change(said, contacts=[{"profile": profile, "user_id": USER, **sender}]))


def status(kind: str, id: str = "wamid.OUT00000001", at: int = 1750030073, **more: Any) -> Json:
    return {"id": id, "status": kind, "timestamp": str(at), "recipient_id": CUSTOMER, **more}


def failure(code: int, details: str = "", **more: Any) -> Json:
    wrong = {"code": code, "title": "?", "message": "?", "error_data": {"details": details}}
    return status("failed", errors=[wrong], **more)


def echo(body: str, id: str = "wamid.HP1") -> Json:
    """What the owner typed in the WhatsApp Business app."""
    said = {"from": "6281111111111", "to": CUSTOMER, "id": id, "timestamp": "1749416390"}
    said = {**said, "type": "text", "text": {"body": body}}
    return hook(change(field="smb_message_echoes", message_echoes=[said]))
