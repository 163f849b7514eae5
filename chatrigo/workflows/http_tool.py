"""A call of an owner's tool: note it, send it, note its end."""

from typing import Any

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.tools import http
from chatrigo.domain.tools.calls import UNKNOWN_END, CallRow
from chatrigo.domain.tools.http import HttpSpec, Ready, Response
from chatrigo.domain.tools.tool import Context
from chatrigo.integrations import http_tool

NO_ANSWER = "The shop's server gave no answer ({why}). Do not guess it: hand over to a person."
REDIRECTED = "The shop's server sent a redirect, which is not followed. Hand over to a person."
OTHER_KIND = "The shop's server answered with {kind}, which is neither JSON nor text."


async def call(
    actor: Actor,
    context: Context,
    spec: HttpSpec,
    arguments: dict[str, Any],
    step: int,
    *,
    dry: bool,
    seconds: float,
) -> CallRow:
    """`arguments` are checked. Raises Refused. `seconds` is what is left of the turn."""
    ready = await db.run(http.begin, actor, context, spec, arguments, step, dry=dry)
    if ready.known:
        return ready.known
    response = await send(ready, changes=spec.effect != "reads", seconds=seconds)
    if not dry:
        await db.run(http.finish, actor, ready, response)
    return CallRow(
        step,
        spec.name,
        arguments,
        spec.effect,
        response.state,
        response.text,
        response.milliseconds,
    )


async def send(ready: Ready, *, changes: bool, seconds: float = 10) -> Response:
    """
    The server's answer. `changes` is whether the request does something there: then no answer
    from a server that may have got it is no failure but an unknown end.
    """
    answer = await http_tool.send(
        ready.method, ready.url, ready.headers, ready.content, min(ready.seconds, seconds)
    )
    ms = answer.milliseconds
    if answer.status == 0:
        if changes and answer.reached:
            return Response("unknown", 0, UNKNOWN_END, ms)
        return Response("failed", 0, NO_ANSWER.format(why=answer.why), ms)
    if answer.status >= 500:
        state = "unknown" if changes else "failed"
        text = UNKNOWN_END if changes else NO_ANSWER.format(why=f"status {answer.status}")
        return Response(state, answer.status, text, ms)  # type: ignore[arg-type]
    if 300 <= answer.status < 400:
        return Response("failed", answer.status, REDIRECTED, ms)
    if not answer.body and answer.kind not in http_tool.SHOWN_KINDS:
        text = OTHER_KIND.format(kind=answer.kind[:60])
        return Response("failed" if not changes else "done", answer.status, text, ms)
    state = "refused" if answer.status >= 400 else "done"
    return Response(state, answer.status, http.told(answer.status, answer.body), ms)  # type: ignore[arg-type]
