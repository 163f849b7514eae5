"""What is said to a model and what comes back, in any number of steps."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from chatrigo.errors import Unavailable

Reason = Literal["timeout", "refused", "unreachable", "broken_off", "nonsense", "overloaded"]


class ModelFailed(Unavailable):
    """
    No answer, or not a whole one. `reason`:

    * timeout      no first token in time, silence between tokens, or the whole run too long
    * refused      the server does not want this request: key, model, quota, contents
    * unreachable  no connection, or a server that fails
    * broken_off   the answer stopped in the middle
    * nonsense     not the protocol, or neither text nor tool call
    * overloaded   the server is busy, or all our own places were taken for too long

    `status` is what the server answered with, 0 for nothing.
    """

    def __init__(self, reason: Reason, status: int = 0) -> None:
        super().__init__("errors.model_unavailable")
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """
    `arguments` is what the model wrote: a JSON object, or {} (and `whole` is false) when it was
    none. Trust nothing. `id` is by which its result refers to it.
    """

    name: str
    arguments: dict[str, Any]
    id: str = field(default="", compare=False)
    whole: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """
    One turn for the model. `calls` are those of an assistant's turn; a turn of the role `tool` is
    the result of the call with the id `answers`. `pictures` are data URIs.
    """

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    calls: tuple[ToolCall, ...] = ()
    answers: str = ""
    pictures: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; zeros from a server that does not say."""

    input_tokens: int
    output_tokens: int
    model: str


def as_message(turn: Turn) -> dict[str, Any]:
    """The turn in OpenAI's form."""
    if turn.role == "tool":
        return {"role": "tool", "tool_call_id": turn.answers, "content": turn.content}
    if turn.calls:
        calls = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
            }
            for call in turn.calls
        ]
        return {"role": turn.role, "content": turn.content or None, "tool_calls": calls}
    if turn.pictures:
        seen = [{"type": "image_url", "image_url": {"url": uri}} for uri in turn.pictures]
        return {"role": turn.role, "content": [{"type": "text", "text": turn.content}, *seen]}
    return {"role": turn.role, "content": turn.content}
