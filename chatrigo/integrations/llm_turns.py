"""What is said to a model and what comes back, in any number of steps."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal


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
    the result of the call with the id `answers`.
    """

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    calls: tuple[ToolCall, ...] = ()
    answers: str = ""


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
    return {"role": turn.role, "content": turn.content}
