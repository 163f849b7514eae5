"""What a tool is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.json_schema import GenerateJsonSchema

from chatrigo.domain.fields import storable

# What a model is told of one result, in characters.
LONGEST_RESULT = 4_000
Effect = Literal["reads", "writes", "outside"]


class Arguments(BaseModel):
    """The arguments of a tool. What the model adds of its own is refused, blanks are trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Refused(Exception):
    """A tool says no, in words for the model alone: no customer and no owner reads them."""


@dataclass(frozen=True, slots=True)
class Context:
    """
    For whom a tool acts. In a rehearsal there is no conversation, and its id is 0.

    `version_id` is whose instructions are tried; 0 are those that customers meet.
    """

    conversation_id: int = 0
    contact_id: int = 0
    message_id: int = 0
    locale: str = "id"
    version_id: int = 0
    # The customer's bubbles that this turn answers, `message_id` being the last of them.
    message_ids: tuple[int, ...] = ()


NOBODY = Context()


@dataclass(frozen=True)
class Tool:
    """
    One of our own tools.

    `effect` is its side-effect class: `reads` our data, `writes` it, or acts `outside`. A
    rehearsal runs tools that read, and only shows the others. `run(session, actor, context,
    arguments)` is one transaction; what it returns is data for the model, and what an answer may
    name. So it never repeats what a customer or the model wrote: that would make their numbers ours.
    """

    name: str
    description: str
    arguments: type[Arguments]
    effect: Effect
    permission: str
    run: Callable[..., Any]

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The tool as a model is offered it: JSON schema made from the Python types."""
        return function(self.name, self.description, schema_of(self.arguments))

    def checked(self, written: dict[str, Any]) -> Arguments:
        """Raises Refused, saying what is wrong, for arguments that are not the tool's."""
        try:
            return self.arguments.model_validate(written)
        except ValidationError as error:
            raise Refused(what_is_wrong(error)) from None


def function(name: str, description: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": parameters},
    }


def schema_of(arguments: type[BaseModel]) -> dict[str, Any]:
    made = arguments.model_json_schema(schema_generator=_Plain)
    return {key: value for key, value in made.items() if key not in ("title", "description")}


def what_is_wrong(error: ValidationError) -> str:
    """One line a fault, with the argument's name and nothing of what was written."""
    faults = [
        f"{'.'.join(map(str, fault['loc'])) or 'arguments'}: {fault['msg']}"
        for fault in error.errors(include_input=False, include_url=False)
    ]
    return "; ".join(faults)[:500]


def as_text(result: Any) -> str:
    """A result as the model reads it, cut to LONGEST_RESULT."""
    text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)
    text = storable(text)
    return text if len(text) <= LONGEST_RESULT else text[: LONGEST_RESULT - 12] + "… (cut off)"


class _Plain(GenerateJsonSchema):
    """Without the titles that pydantic makes of names: they are tokens that say nothing new."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
