"""The owner's own tools, as the owner sets them up: `http` is what a turn makes of them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session
from sqlmodel import col, func, select

from chatrigo import security
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.accounts import step_up
from chatrigo.domain.fields import choice_of, line_of, text_of
from chatrigo.domain.settings import own_business
from chatrigo.domain.tools.http import PYTHON_TYPES, Ready, headers_of, purpose, trial
from chatrigo.domain.tools.registry import HANDOVER, OWN
from chatrigo.domain.tools.tool import Refused
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.columns import now
from chatrigo.models.tools import HttpTool

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
KINDS = tuple(PYTHON_TYPES)
EFFECTS = ("reads", "outside")
MAX_TOOLS = 20
MAX_ARGUMENTS = 10
MAX_HEADERS = 10
MAX_SECONDS = 10
TOPIC = "tools"

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_MARK = re.compile(r"\{([^{}]*)\}")
# Ours, or the connection's: a tool's own headers can't take their place.
_RESERVED = re.compile(
    r"(?i)host|content-.*|transfer-encoding|connection|upgrade|te|trailer|proxy-.*|expect"
    r"|idempotency-key|accept-encoding|x-chatrigo-.*"
)


@dataclass(frozen=True, slots=True)
class ArgumentRow:
    name: str
    kind: str
    description: str
    required: bool


@dataclass(frozen=True, slots=True)
class HttpToolRow:
    """A tool without its secrets: of the headers only the names leave the database."""

    id: int
    name: str
    description: str
    method: str
    url: str
    effect: str
    seconds: int
    verified_only: bool
    enabled: bool
    arguments: list[ArgumentRow] = field(default_factory=list)
    header_names: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Made:
    """A new tool, and the secret that signs its requests: it is shown this once."""

    row: HttpToolRow
    secret: str


def list_tools(session: Session, actor: Actor) -> list[HttpToolRow]:
    require(actor, "configure")
    query = (
        select(HttpTool)
        .where(HttpTool.business_id == actor.business_id)
        .order_by(HttpTool.name)
        .limit(MAX_TOOLS)
    )
    return [_row(tool) for tool in session.execute(query).scalars()]


def get_tool(session: Session, actor: Actor, tool_id: Any) -> HttpToolRow:
    require(actor, "configure")
    return _row(owned(session, actor, HttpTool, tool_id))


def add_tool(session: Session, actor: Actor, wishes: Any, arguments: Any, headers: Any) -> Made:
    """
    `wishes` are name, description, method, url, effect, seconds and verified_only; `arguments` a
    list of the like of ArgumentRow; `headers` a list of `{"name", "value"}`. Raises Invalid.
    """
    require(actor, "configure")
    require(actor, "keys")
    step_up.require_recent(session, actor)
    own_business(session, actor, lock=True)
    count = select(func.count()).where(HttpTool.business_id == actor.business_id)
    if int(session.execute(count).scalar_one()) >= MAX_TOOLS:
        raise Invalid("tools.full", limit=MAX_TOOLS)
    tool = HttpTool(business_id=actor.business_id, name="", description="", url="")
    _fill(session, actor, tool, wishes, arguments)
    named = _headers(headers, {})
    session.add(tool)
    session.flush()
    secret = _new_secret(tool)
    _lock_headers(tool, named)
    session.flush()
    audit.note(session, actor, "tools.added", tool.name, after=_told(tool))
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return Made(_row(tool), secret)


def change_tool(
    session: Session, actor: Actor, tool_id: Any, wishes: Any, arguments: Any, headers: Any
) -> HttpToolRow:
    """
    As `add_tool`. A header without a value keeps the one it has; one that is missing is removed.

    Its headers go wherever the address leads, so changing that asks for proof like the headers.
    """
    require(actor, "configure")
    own_business(session, actor, lock=True)
    tool = owned(session, actor, HttpTool, tool_id, lock=True)
    before, place, old = _told(tool), tool.url, headers_of(tool)
    named = _headers(headers, old)
    with session.no_autoflush:
        _fill(session, actor, tool, wishes, arguments)
    if named != old or place != tool.url:
        require(actor, "keys")
        step_up.require_recent(session, actor)
    _lock_headers(tool, named)
    tool.updated_at = now()
    session.flush()
    audit.note(session, actor, "tools.changed", tool.name, before=before, after=_told(tool))
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return _row(tool)


def switch_tool(session: Session, actor: Actor, tool_id: Any, on: Any) -> HttpToolRow:
    require(actor, "configure")
    tool = owned(session, actor, HttpTool, tool_id, lock=True)
    tool.enabled, tool.updated_at = on is True, now()
    session.flush()
    audit.note(session, actor, "tools.changed", tool.name, after={"enabled": tool.enabled})
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return _row(tool)


def delete_tool(session: Session, actor: Actor, tool_id: Any) -> HttpToolRow:
    require(actor, "configure")
    tool = owned(session, actor, HttpTool, tool_id, lock=True)
    row = _row(tool)
    session.delete(tool)
    session.flush()
    audit.note(session, actor, "tools.deleted", row.name, before=_told(tool))
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return row


def renew_secret(session: Session, actor: Actor, tool_id: Any) -> Made:
    """Sign with a new secret from now on; the old one is worth nothing any more."""
    require(actor, "keys")
    step_up.require_recent(session, actor)
    tool = owned(session, actor, HttpTool, tool_id, lock=True)
    secret = _new_secret(tool)
    session.flush()
    audit.note(session, actor, "tools.secret_renewed", tool.name)
    return Made(_row(tool), secret)


def try_tool(session: Session, actor: Actor, tool_id: Any, samples: Any) -> Ready:
    """
    The request that a trial with these arguments, as typed, sends to the owner's server.

    Raises Invalid, saying what is wrong with them.
    """
    require(actor, "configure")
    tool = owned(session, actor, HttpTool, tool_id)
    given = samples if isinstance(samples, Mapping) else {}
    written = {
        argument["name"]: given[argument["name"]]
        for argument in tool.arguments
        if given.get(argument["name"]) not in (None, "")
    }
    try:
        return trial(session, actor, tool.id or 0, written)
    except Refused as refusal:
        raise Invalid("tools.sample_wrong", what=str(refusal)) from None


def _fill(session: Session, actor: Actor, tool: HttpTool, wishes: Any, arguments: Any) -> None:
    asked = wishes if isinstance(wishes, Mapping) else {}
    name = _name(session, actor, tool, asked.get("name"))
    described = text_of(asked.get("description"), "tools.description", most=500, least=10)
    method = choice_of(asked.get("method"), "tools.method", METHODS)
    listed = _arguments(arguments)
    url = _url(asked.get("url"), [argument["name"] for argument in listed])
    effect = choice_of(asked.get("effect"), "tools.effect", EFFECTS)
    seconds = _seconds(asked.get("seconds"))
    tool.name, tool.description, tool.method, tool.url = name, described, method, url
    tool.arguments, tool.effect, tool.seconds = listed, effect, seconds
    tool.verified_only = asked.get("verified_only") in (True, "on", "true")


def _name(session: Session, actor: Actor, tool: HttpTool, value: Any) -> str:
    name = line_of(value, "tools.name", most=40, least=2).lower().replace(" ", "_")
    if not _NAME.fullmatch(name):
        raise Invalid("tools.name_shape")
    taken = select(HttpTool.id).where(
        HttpTool.business_id == actor.business_id,
        HttpTool.name == name,
        col(HttpTool.id) != (tool.id or 0),
    )
    if name in OWN or name == HANDOVER or session.execute(taken).first():
        raise Invalid("tools.name_taken", name=name)
    return name


def _url(value: Any, arguments: list[str]) -> str:
    """An address whose site no argument can change. Raises Invalid."""
    url = line_of(value, "tools.url", most=1000, least=8).replace(" ", "")
    marks = _MARK.findall(url)
    try:
        parts = urlsplit(_MARK.sub("x", url))
        site = urlsplit(url)
        port = site.port
    except ValueError:
        raise Invalid("tools.url_shape") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Invalid("tools.url_shape")
    if (
        "{" in site.netloc
        or "{" in site.scheme
        or parts.fragment
        or (port is not None and port < 1)
    ):
        raise Invalid("tools.url_site")
    unknown = next((mark for mark in marks if mark not in arguments), None)
    if unknown is None and set("{}") & set(_MARK.sub("", url)):
        unknown = "{"
    if unknown is not None:
        raise Invalid("tools.url_argument", name=unknown)
    return url


def _arguments(arguments: Any) -> list[dict[str, Any]]:
    listed = [a for a in arguments if isinstance(a, Mapping)] if isinstance(arguments, list) else []
    if len(listed) > MAX_ARGUMENTS:
        raise Invalid("tools.arguments_many", limit=MAX_ARGUMENTS)
    made: list[dict[str, Any]] = []
    for argument in listed:
        name = line_of(argument.get("name"), "tools.argument", most=40, least=1).lower()
        if not _NAME.fullmatch(name):
            raise Invalid("tools.argument_shape", name=name)
        if any(name == known["name"] for known in made):
            raise Invalid("tools.argument_twice", name=name)
        made.append(
            {
                "name": name,
                "kind": choice_of(argument.get("kind"), "tools.kind", KINDS),
                "description": line_of(
                    argument.get("description"), "tools.argument_text", most=200
                ),
                "required": argument.get("required") in (True, "on", "true"),
            }
        )
    return made


def _headers(headers: Any, old: Mapping[str, str]) -> dict[str, str]:
    listed = [h for h in headers if isinstance(h, Mapping)] if isinstance(headers, list) else []
    if len(listed) > MAX_HEADERS:
        raise Invalid("tools.headers_many", limit=MAX_HEADERS)
    made: dict[str, str] = {}
    for header in listed:
        name = line_of(header.get("name"), "tools.header", most=60)
        given = header.get("value")
        value = given.strip() if isinstance(given, str) else ""
        if not name and not value:
            continue
        if not _HEADER.fullmatch(name) or _RESERVED.fullmatch(name):
            raise Invalid("tools.header_shape", name=name)
        value = value or old.get(name, "")
        if not value or len(value) > 2000 or not (value.isascii() and value.isprintable()):
            raise Invalid("tools.header_value", name=name)
        made[name] = value
    return made


def _seconds(value: Any) -> int:
    text = str(value).strip() if isinstance(value, int | str) else ""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= MAX_SECONDS):
        raise Invalid("tools.seconds_range", limit=MAX_SECONDS)
    return int(text)


def _new_secret(tool: HttpTool) -> str:
    secret = f"ctg_{security.token()}"
    tool.secret = security.lock(purpose("signature", tool), secret)
    return secret


def _lock_headers(tool: HttpTool, headers: Mapping[str, str]) -> None:
    tool.header_names = list(headers)
    opened = json.dumps(dict(headers))
    tool.headers = security.lock(purpose("headers", tool), opened) if headers else ""


def _told(tool: HttpTool) -> dict[str, Any]:
    """For the audit log: everything but the secrets."""
    return {
        "method": tool.method,
        "url": tool.url,
        "effect": tool.effect,
        "verified_only": tool.verified_only,
        "headers": list(tool.header_names),
    }


def _row(tool: HttpTool) -> HttpToolRow:
    return HttpToolRow(
        id=tool.id or 0,
        name=tool.name,
        description=tool.description,
        method=tool.method,
        url=tool.url,
        effect=tool.effect,
        seconds=tool.seconds,
        verified_only=tool.verified_only,
        enabled=tool.enabled,
        arguments=[ArgumentRow(**argument) for argument in tool.arguments],
        header_names=list(tool.header_names),
    )
