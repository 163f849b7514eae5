"""
The owner's own tools: requests to a server of theirs, signed and with the identity of the customer.

What a customer writes can talk a model into other arguments, but not into another identity: the
conversation, the contact and the address that the contact has proved stand in headers that no
model writes, and the signature covers them and the arguments. docs/tools.md says how a server
checks it.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import quote, urlencode

from pydantic import Field, ValidationError, create_model
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo import security
from chatrigo.domain.access import Actor
from chatrigo.domain.tools import calls
from chatrigo.domain.tools.calls import CallRow
from chatrigo.domain.tools.proof import proved_email
from chatrigo.domain.tools.tool import (
    Arguments,
    Context,
    Effect,
    Refused,
    as_text,
    function,
    schema_of,
    what_is_wrong,
)
from chatrigo.errors import NotFound
from chatrigo.models.columns import now as this_moment
from chatrigo.models.tools import HttpTool

PYTHON_TYPES: dict[str, Any] = {"string": str, "number": float, "integer": int, "boolean": bool}
LONGEST_ARGUMENT = 500
IN_QUERY = ("GET", "DELETE")
NOT_PROVED = (
    "Only for a customer who has proved their e-mail address. Ask for it, then call `prove_email`."
)


@dataclass(frozen=True, slots=True)
class HttpSpec:
    """A tool of the owner's as a turn is offered it; nothing secret."""

    id: int
    name: str
    description: str
    arguments: tuple[tuple[str, str, str, bool], ...]
    effect: Effect
    verified_only: bool

    @property
    def schema(self) -> dict[str, Any]:
        return _schema(self)

    def checked(self, written: dict[str, Any]) -> dict[str, Any]:
        """The arguments that were given. Raises Refused, saying what is wrong."""
        try:
            found = _model(self.arguments).model_validate(written)
        except ValidationError as error:
            raise Refused(what_is_wrong(error)) from None
        return found.model_dump(mode="json", exclude_none=True)


# Making a model of types takes a millisecond; a turn makes none that was made before.
@lru_cache(maxsize=500)
def _model(arguments: tuple[tuple[str, str, str, bool], ...]) -> type[Arguments]:
    fields: dict[str, Any] = {}
    for name, kind, description, required in arguments:
        limits: Any = {"max_length": LONGEST_ARGUMENT} if kind == "string" else {}
        about = Field(... if required else None, description=description or None, **limits)
        python = PYTHON_TYPES[kind]
        fields[name] = (python if required else python | None, about)
    return create_model("Given", __base__=Arguments, **fields)


@lru_cache(maxsize=500)
def _schema(spec: HttpSpec) -> dict[str, Any]:
    return function(spec.name, spec.description, schema_of(_model(spec.arguments)))


@dataclass(frozen=True, slots=True)
class Ready:
    """A request that may be sent, or (`known`) the end that an earlier run of the turn reached."""

    method: str = ""
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)
    seconds: int = 5
    call_id: int = 0
    known: CallRow | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """
    What came of a request: `state` done (2xx), refused (4xx), failed, or unknown (it may have
    happened). `text` is what the model is told, `status` 0 without an answer.
    """

    state: Literal["done", "refused", "failed", "unknown"]
    status: int
    text: str
    milliseconds: int


def offered(session: Session, actor: Actor) -> list[HttpSpec]:
    query = (
        select(HttpTool)
        .where(HttpTool.business_id == actor.business_id, col(HttpTool.enabled).is_(True))
        .order_by(HttpTool.name)
    )
    return [spec_of(tool) for tool in session.execute(query).scalars()]


def spec_of(tool: HttpTool) -> HttpSpec:
    return HttpSpec(
        id=tool.id or 0,
        name=tool.name,
        description=tool.description,
        arguments=tuple(
            (a["name"], a["kind"], a["description"], a["required"]) for a in tool.arguments
        ),
        effect="reads" if tool.effect == "reads" else "outside",
        verified_only=tool.verified_only,
    )


def begin(
    session: Session,
    actor: Actor,
    context: Context,
    spec: HttpSpec,
    arguments: dict[str, Any],
    step: int,
    *,
    dry: bool = False,
) -> Ready:
    """
    Note the call and make its request. Raises Refused for a customer who has proved nothing, and
    for a tool that is gone or off by now.
    """
    query = select(HttpTool).where(
        HttpTool.business_id == actor.business_id,
        HttpTool.id == spec.id,
        col(HttpTool.enabled).is_(True),
    )
    tool = session.execute(query).scalars().first()
    if tool is None:
        raise Refused("The tool is no longer there.")
    verified = proved_email(session, actor, context)
    if tool.verified_only and not verified:
        raise Refused(NOT_PROVED)
    if dry:
        return request_of(tool, arguments, context, verified, "rehearsal", test=True)
    begun = calls.begin(session, actor, context, spec.name, arguments, spec.effect, step)
    if begun.known:
        return Ready(known=begun.known)
    ready = request_of(tool, arguments, context, verified, f"call-{begun.id}")
    return Ready(
        ready.method, ready.url, ready.headers, ready.content, ready.seconds, begun.id, None
    )


def finish(session: Session, actor: Actor, ready: Ready, response: Response) -> None:
    """Note the end. One that nobody knows stays `running`: it is not done again."""
    if response.state == "unknown":
        return
    ms = response.milliseconds
    calls.end(session, actor, ready.call_id, response.state, response.text, ms)


def trial(session: Session, actor: Actor, tool_id: int, written: dict[str, Any]) -> Ready:
    """The request of the owner's own trial. Raises Refused for wrong arguments, NotFound."""
    query = select(HttpTool).where(
        HttpTool.business_id == actor.business_id, HttpTool.id == tool_id
    )
    tool = session.execute(query).scalars().first()
    if tool is None:
        raise NotFound
    arguments = spec_of(tool).checked(written)
    return request_of(tool, arguments, Context(), "", f"test-{security.token()[:16]}", test=True)


def request_of(
    tool: HttpTool,
    arguments: dict[str, Any],
    context: Context,
    verified: str,
    key: str,
    *,
    test: bool = False,
    now: datetime | None = None,
) -> Ready:
    url, left = address(tool.url, arguments)
    content = b""
    if tool.method in IN_QUERY:
        if left:
            url += ("&" if "?" in url else "?") + urlencode({k: _plain(v) for k, v in left.items()})
    else:
        content = json.dumps(left, ensure_ascii=False).encode()
    identity = {
        "X-Chatrigo-Timestamp": str(int((now or this_moment()).timestamp())),
        "X-Chatrigo-Business": str(tool.business_id),
        "X-Chatrigo-Conversation": str(context.conversation_id),
        "X-Chatrigo-Contact": str(context.contact_id),
        "X-Chatrigo-Verified": verified or "no",
        "Idempotency-Key": key,
    }
    signature = sign(secret_of(tool), tool.method, url, identity, content)
    headers = {
        **headers_of(tool),
        **identity,
        "X-Chatrigo-Signature": f"v1={signature}",
        "Accept": "application/json, text/plain",
        **({"Content-Type": "application/json"} if tool.method not in IN_QUERY else {}),
        **({"X-Chatrigo-Test": "yes"} if test else {}),
    }
    return Ready(tool.method, url, headers, content, tool.seconds)


def sign(secret: str, method: str, url: str, identity: Mapping[str, str], content: bytes) -> str:
    """HMAC-SHA256, in hex, of the lines: identity's values in their order, method, url, body."""
    lines = "\n".join([*identity.values(), method, url, ""]).encode()
    return hmac.new(secret.encode(), lines + content, hashlib.sha256).hexdigest()


def address(template: str, arguments: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """
    The address with its {argument}s filled in, and the arguments that it does not name.

    Raises Refused for a value that would lead to another path.
    """
    left = dict(arguments)
    url = template
    for name in arguments:
        mark = "{" + name + "}"
        if mark in url:
            value = _plain(left.pop(name))
            if value in ("", ".", ".."):
                raise Refused(f"{name}: not a value for an address")
            url = url.replace(mark, quote(value, safe=""))
    if "{" in url:
        raise Refused("An argument of the address is missing.")
    return url, left


def headers_of(tool: HttpTool) -> dict[str, str]:
    if not tool.headers:
        return {}
    opened = security.unlock(purpose("headers", tool), tool.headers)
    return {str(name): str(value) for name, value in json.loads(opened).items()}


def secret_of(tool: HttpTool) -> str:
    return security.unlock(purpose("signature", tool), tool.secret)


def purpose(what: str, tool: HttpTool) -> str:
    """What a secret of the row is locked for; the model's columns say the same."""
    return f"{what} of http tool {tool.id} of business {tool.business_id}"


def told(status: int, body: str) -> str:
    """A response as the model reads it: data, cut to size."""
    return as_text(f"HTTP {status}\n{body}")


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
