"""A new template as a form writes it, checked before Meta sees it."""

import re
from typing import Any

from chatrigo.domain.channels.template_shape import LONGEST_BODY, VARIABLE
from chatrigo.domain.fields import choice_of, line_of, text_of
from chatrigo.errors import Invalid

CATEGORIES = ("UTILITY", "MARKETING")
LANGUAGES = ("id", "en")
LINE, BUTTON, LINK = 60, 25, 2000
REPLIES = 3
_NAME = re.compile(r"[a-z][a-z0-9_]{0,511}")


def drafted(form: Any) -> dict[str, Any]:
    """What Meta is given. Raises Invalid, with the field in its key."""
    form = form if isinstance(form, dict) else {}
    name = line_of(form.get("name"), "templates.name", most=512, least=1)
    if not _NAME.fullmatch(name):
        raise Invalid("templates.name_wrong")
    header = line_of(form.get("header"), "templates.header", most=LINE)
    body = text_of(form.get("body"), "templates.body", most=LONGEST_BODY, least=1)
    footer = line_of(form.get("footer"), "templates.footer", most=LINE)
    if VARIABLE.search(footer):
        raise Invalid("templates.footer_variable")
    in_header, in_body = _numbers(header, "header"), _numbers(body, "body")
    if len(in_header) > 1:
        raise Invalid("templates.header_variables")
    if body.startswith("{{") or body.endswith("}}"):
        raise Invalid("templates.body_edge")
    examples = _examples(form.get("examples"), len(in_header) + len(in_body))
    components: list[dict[str, Any]] = []
    if header:
        shown = {"header_text": examples[:1]} if in_header else None
        components.append(_part("HEADER", header, shown, format="TEXT"))
    in_text = examples[len(in_header) :]
    components.append(_part("BODY", body, {"body_text": [in_text]} if in_text else None))
    if footer:
        components.append(_part("FOOTER", footer, None))
    if buttons := _buttons(form):
        components.append({"type": "BUTTONS", "buttons": buttons})
    return {
        "name": name,
        "language": choice_of(form.get("language"), "templates.language", LANGUAGES),
        "category": choice_of(form.get("category"), "templates.category", CATEGORIES),
        "components": components,
    }


def _part(type: str, text: str, example: dict[str, Any] | None, **more: str) -> dict[str, Any]:
    part: dict[str, Any] = {"type": type, **more, "text": text}
    return {**part, "example": example} if example else part


def _numbers(text: str, field: str) -> list[str]:
    """The variables of a text, which must be {{1}}, {{2}} … without a gap."""
    numbers = list(dict.fromkeys(VARIABLE.findall(text)))
    if sorted(numbers) != sorted(str(n + 1) for n in range(len(numbers))):
        raise Invalid(f"templates.{field}_numbers")
    if text.count("{{") != len(VARIABLE.findall(text)):
        raise Invalid(f"templates.{field}_numbers")
    return sorted(numbers, key=int)


def _examples(value: Any, count: int) -> list[str]:
    """One a line, in the order of the variables, the header's first."""
    lines = [line.strip() for line in value.splitlines()] if isinstance(value, str) else []
    given = [line for line in lines if line]
    if len(given) != count:
        raise Invalid("templates.examples_count", count=count)
    return given


def _buttons(form: dict[str, Any]) -> list[dict[str, str]]:
    replies = [
        line_of(form.get(f"reply_{n}"), "templates.reply", most=BUTTON)
        for n in range(1, REPLIES + 1)
    ]
    buttons = [{"type": "QUICK_REPLY", "text": text} for text in replies if text]
    if len({button["text"] for button in buttons}) < len(buttons):
        raise Invalid("templates.reply_double")
    text = line_of(form.get("link_text"), "templates.link", most=BUTTON)
    url = line_of(form.get("link"), "templates.link", most=LINK)
    if bool(text) != bool(url):
        raise Invalid("templates.link_half")
    if url and (not re.fullmatch(r"https://[^\s/{}]+\.[^\s{}]+", url)):
        raise Invalid("templates.link_wrong")
    return [*buttons, {"type": "URL", "text": text, "url": url}] if url else buttons
