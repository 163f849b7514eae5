"""What Meta refuses of a message or a template, as (code, words, HTTP status)."""

import re
from typing import Any

Problem = tuple[int, str, int]


def problem_of(body: dict[str, Any], uploads: dict[str, bytes]) -> Problem | None:
    """None for a message that Meta takes."""
    if body.get("messaging_product") != "whatsapp":
        return 100, "messaging_product is required", 400
    if not (_is_phone(body.get("to")) ^ _is_user(body.get("recipient"))):
        return 131009, "to, or recipient, must name one customer", 400
    if len(str(body.get("biz_opaque_callback_data", "")).encode()) > 512:
        return 131009, "biz_opaque_callback_data is too long", 400
    kind = body.get("type")
    if not isinstance(kind, str) or not isinstance(body.get(kind), dict):
        return 131008, f"{kind} is required", 400
    part = body[kind]
    if kind == "text":
        return _long(part.get("body"), 4096)
    if kind in ("image", "audio", "video", "document", "sticker"):
        return _media(part, uploads) or _long(part.get("caption", "-"), 1024)
    if kind == "interactive":
        return _interactive(part, uploads)
    return None if kind in ("template", "reaction") else (131051, "Unsupported message type", 400)


def problem_of_template(body: dict[str, Any], known: list[dict[str, Any]]) -> Problem | None:
    name = str(body.get("name", ""))
    if not re.fullmatch(r"[a-z0-9_]{1,512}", name):
        return 100, "Invalid name", 400
    if body.get("category") not in ("MARKETING", "UTILITY", "AUTHENTICATION"):
        return 100, "Invalid category", 400
    if any((t["name"], t["language"]) == (name, body.get("language")) for t in known):
        return 100, "There is already content in this language", 400
    for component in body.get("components", []):
        count = len(set(re.findall(r"\{\{\d+\}\}", component.get("text", ""))))
        examples = component.get("example", {})
        given = examples.get("body_text", [[]])[0] or examples.get("header_text", [])
        if count != len(given) and component.get("type") in ("BODY", "HEADER"):
            return 100, "Message templates with variables need examples", 400
    return None


def _interactive(part: dict[str, Any], uploads: dict[str, bytes]) -> Problem | None:
    action = part.get("action", {})
    if problem := _long(part.get("body", {}).get("text"), 1024):
        return problem
    header = part.get("header", {})
    if header and (problem := _media(header[header["type"]], uploads)):
        return problem
    if part.get("type") == "button":
        replies = [button["reply"] for button in action.get("buttons", [])]
        well = all(1 <= len(r["title"]) <= 20 and 1 <= len(r["id"]) <= 256 for r in replies)
        return None if 1 <= len(replies) <= 3 and well else (131009, "buttons", 400)
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    well = all(len(r["title"]) <= 24 and len(r.get("description", "")) <= 72 for r in rows)
    if not 1 <= len(rows) <= 10 or not well or not 1 <= len(action.get("button", "")) <= 20:
        return 131009, "rows", 400
    return None


def _media(part: dict[str, Any], uploads: dict[str, bytes]) -> Problem | None:
    if ("id" in part) == ("link" in part):
        return 131009, "id or link, and not both", 400
    return None if "link" in part or part["id"] in uploads else (131053, "Media upload error", 400)


def _long(text: Any, most: int) -> Problem | None:
    well = isinstance(text, str) and 0 < len(text) <= most
    return None if well else (131009, f"1 to {most} characters", 400)


def _is_phone(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9]{5,20}", value) is not None


def _is_user(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Z]{2}\.[A-Za-z0-9.]+", value) is not None
