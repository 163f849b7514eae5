"""
What was called, once per customer's message however often its workflow runs.

A tool of ours runs in the transaction that notes its call. A call to somebody else's server is
noted as `running` before it is made: if its end was never noted, nobody knows whether it
happened, and one that changes something is not made again.
"""

import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain.access import Actor, require
from chatrigo.domain.tools.tool import Context, Effect, Refused, Tool, as_text
from chatrigo.models.tools import ToolCall

UNKNOWN_END = (
    "This was begun before and its end is unknown. It is not done again. Hand over to a person."
)


@dataclass(frozen=True, slots=True)
class CallRow:
    """
    One call of a turn.

    state   done, refused (the tool said no), failed (it did not answer), unknown (begun by an
            earlier run, its end unknown), dry (a rehearsal: shown, not done), wrong (no such
            tool, or not its arguments)
    result  what the model was told, at most LONGEST_RESULT characters: data, never instructions
    """

    step: int
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    effect: Effect = "reads"
    state: str = "done"
    result: str = ""
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class Begun:
    """A call that is noted. `known` is its end, if an earlier run reached or may have reached it."""

    id: int
    known: CallRow | None = None


def begin(
    session: Session,
    actor: Actor,
    context: Context,
    name: str,
    arguments: dict[str, Any],
    effect: Effect,
    step: int,
) -> Begun:
    """Note a call before it is made. A call that only reads is made as often as it is asked."""
    added = (
        insert(ToolCall)
        .values(
            business_id=actor.business_id,
            conversation_id=context.conversation_id,
            message_id=context.message_id,
            step=step,
            name=name,
            arguments=arguments,
            arguments_hash=hash_of(arguments),
            effect=effect,
            state="running",
            result="",
            milliseconds=0,
        )
        .on_conflict_do_nothing()
        .returning(col(ToolCall.id))
    )
    id: Any = session.execute(added).scalar()
    if id:
        return Begun(id)
    query = select(ToolCall).where(
        ToolCall.business_id == actor.business_id,
        ToolCall.message_id == context.message_id,
        ToolCall.name == name,
        ToolCall.arguments_hash == hash_of(arguments),
    )
    known = session.execute(query.with_for_update()).scalars().one()
    repeatable = known.effect == "reads" or known.state in ("refused", "failed")
    return Begun(known.id or 0, None if repeatable else row_of(known))


def end(session: Session, actor: Actor, call_id: int, state: str, result: str, ms: int) -> None:
    session.execute(
        update(ToolCall)
        .where(col(ToolCall.id) == call_id, col(ToolCall.business_id) == actor.business_id)
        .values(state=state, result=result, milliseconds=ms)
    )


def run(
    session: Session,
    actor: Actor,
    context: Context,
    tool: Tool,
    written: dict[str, Any],
    step: int,
    *,
    dry: bool = False,
) -> CallRow:
    """
    Run one of our own tools, once. Raises Refused for arguments that are not the tool's.

    With `dry` nothing is noted, so it must be a tool that reads.
    """
    require(actor, tool.permission)
    arguments = tool.checked(written)
    noted = arguments.model_dump(mode="json")
    if dry:
        state, result, ms = _ran(session, actor, context, tool, arguments)
        return CallRow(step, tool.name, noted, tool.effect, state, result, ms)
    begun = begin(session, actor, context, tool.name, noted, tool.effect, step)
    if begun.known:
        return begun.known
    state, result, ms = _ran(session, actor, context, tool, arguments)
    end(session, actor, begun.id, state, result, ms)
    return CallRow(step, tool.name, noted, tool.effect, state, result, ms)


def done_before(session: Session, actor: Actor, message_ids: list[int]) -> list[CallRow]:
    """
    What earlier runs did or began for these messages and must not be done again, oldest first.

    What only reads is left out: it is read anew.
    """
    query = (
        select(ToolCall)
        .where(
            ToolCall.business_id == actor.business_id,
            col(ToolCall.message_id).in_(message_ids),
            ToolCall.effect != "reads",
            col(ToolCall.state).in_(("done", "running")),
        )
        .order_by(col(ToolCall.id))
    )
    return [row_of(call) for call in session.execute(query).scalars()]


def row_of(call: ToolCall) -> CallRow:
    unknown = call.state == "running"
    return CallRow(
        step=call.step,
        name=call.name,
        arguments=call.arguments,
        effect=call.effect,  # type: ignore[arg-type]
        state="unknown" if unknown else call.state,
        result=UNKNOWN_END if unknown else call.result,
        milliseconds=call.milliseconds,
    )


def hash_of(arguments: dict[str, Any]) -> str:
    """Two calls with the same arguments, in whatever order, are the same call."""
    written = json.dumps(arguments, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _ran(
    session: Session, actor: Actor, context: Context, tool: Tool, arguments: Any
) -> tuple[str, str, int]:
    """State, result and milliseconds; what a refusing tool wrote is taken back."""
    started = time.monotonic()
    try:
        with session.begin_nested():
            state, result = "done", as_text(tool.run(session, actor, context, arguments))
    except Refused as no:
        state, result = "refused", str(no)
    return state, result, round((time.monotonic() - started) * 1000)
