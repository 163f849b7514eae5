"""
A template of WhatsApp's in Meta's own shape, read and filled in.

Variables are written {{1}}, {{2}} in the text of a part; ours are named after the part: "body.1",
"header.1", "button.0" (the end of the first button's address).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chatrigo.errors import Invalid

VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
LONGEST_VARIABLE = 1024
LONGEST_BODY = 1024


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """`kind` is reply, link, call, code or another of Meta's; `value` what is behind it."""

    kind: str
    text: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class VariableRow:
    """`part` is header, body or button; `number` as in the text, or the button's place."""

    name: str
    part: str
    number: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """`header_kind` is empty, text, image, video, document or location."""

    header_kind: str = ""
    header: str = ""
    body: str = ""
    footer: str = ""
    buttons: list[ButtonRow] = field(default_factory=list)
    variables: list[VariableRow] = field(default_factory=list)

    @property
    def text(self) -> str:
        """As one message reads it."""
        return "\n\n".join(part for part in (self.header, self.body, self.footer) if part)


_KINDS = {
    "QUICK_REPLY": "reply",
    "URL": "link",
    "PHONE_NUMBER": "call",
    "COPY_CODE": "code",
    "OTP": "code",
}


def read(components: Sequence[Any]) -> Shape:
    """Whatever is not of Meta's shape is left out."""
    shape = Shape()
    for part in components:
        if isinstance(part, dict):
            shape = _with(shape, part)
    return shape


def filled(shape: Shape, values: Mapping[str, str], *, examples: bool = False) -> Shape:
    """The same with its variables replaced; with `examples` those stand in for what is missing."""
    known = {v.name: (v.example if examples else "") for v in shape.variables}
    known |= {name: text for name, text in values.items() if text and name in known}

    def fill(part: str, text: str) -> str:
        return VARIABLE.sub(lambda found: known.get(f"{part}.{found[1]}") or found[0], text)

    def fill_button(number: int, text: str) -> str:
        return VARIABLE.sub(lambda found: known.get(f"button.{number}") or found[0], text)

    buttons = [
        replace(button, value=fill_button(number, button.value))
        for number, button in enumerate(shape.buttons)
    ]
    return replace(
        shape,
        header=fill("header", shape.header),
        body=fill("body", shape.body),
        buttons=buttons,
    )


def checked(shape: Shape, values: Any) -> dict[str, str]:
    """Every variable's text, fit to be sent. Raises Invalid."""
    given = values if isinstance(values, dict) else {}
    texts = {}
    for variable in shape.variables:
        text = given.get(variable.name)
        text = " ".join(text.split()) if isinstance(text, str) else ""
        if not text:
            raise Invalid("templates.variable_missing", number=variable.number)
        if len(text) > LONGEST_VARIABLE:
            raise Invalid("templates.variable_long", number=variable.number, limit=LONGEST_VARIABLE)
        texts[variable.name] = text
    if len(filled(shape, texts).body) > LONGEST_BODY:
        raise Invalid("templates.filled_long", limit=LONGEST_BODY)
    return texts


def outgoing(name: str, language: str, shape: Shape, texts: Mapping[str, str]) -> dict[str, Any]:
    """As the outbox keeps it: the fields of `integrations.channels.port.Template`."""
    parts: dict[str, list[str]] = {"header": [], "body": [], "button": []}
    for variable in shape.variables:
        text = texts[variable.name]
        is_button = variable.part == "button"
        parts[variable.part].append(f"{variable.number}:url:{text}" if is_button else text)
    made = {"header": parts["header"], "body": parts["body"], "buttons": parts["button"]}
    return {"name": name, "language": language, **made}


def _with(shape: Shape, part: Mapping[str, Any]) -> Shape:
    kind, text = str(part.get("type", "")).upper(), _text(part.get("text"))
    if kind == "HEADER":
        header_kind = str(part.get("format", "TEXT")).lower()
        variables = _variables("header", text, _examples(part, "header_text"))
        return replace(
            shape, header_kind=header_kind, header=text, variables=[*variables, *shape.variables]
        )
    if kind == "BODY":
        variables = _variables("body", text, _examples(part, "body_text"))
        return replace(shape, body=text, variables=[*shape.variables, *variables])
    if kind == "FOOTER":
        return replace(shape, footer=text)
    if kind == "BUTTONS" and isinstance(part.get("buttons"), list):
        return _with_buttons(shape, [b for b in part["buttons"] if isinstance(b, dict)])
    return shape


def _with_buttons(shape: Shape, given: list[dict[str, Any]]) -> Shape:
    buttons, variables = [], []
    for place, button in enumerate(given):
        kind = str(button.get("type", "")).upper()
        value = _text(button.get("url")) or _text(button.get("phone_number"))
        buttons.append(ButtonRow(_KINDS.get(kind, kind.lower()), _text(button.get("text")), value))
        if kind == "URL" and VARIABLE.search(value):
            example = button.get("example")
            first = _text(example[0]) if isinstance(example, list) and example else ""
            variables.append(VariableRow(f"button.{place}", "button", str(place), first))
    return replace(shape, buttons=buttons, variables=[*shape.variables, *variables])


def _variables(part: str, text: str, examples: list[str]) -> list[VariableRow]:
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    shown = examples + [""] * len(names)
    return [VariableRow(f"{part}.{n}", part, n, shown[i]) for i, n in enumerate(names)]


def _examples(part: Mapping[str, Any], name: str) -> list[str]:
    example = part.get("example")
    given = example.get(name) if isinstance(example, dict) else None
    if isinstance(given, list) and given and isinstance(given[0], list):
        given = given[0]
    return [_text(each) for each in given] if isinstance(given, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
