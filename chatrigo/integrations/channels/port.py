"""
What every channel looks like from inside: events that come in, messages that go out.

An adapter turns a vendor's webhook (or poll) into events, sends an `Outgoing`, and says in a
`SendFailed` what a failure means for us. It knows no database: who called, and what becomes of
it, is decided in the domain. Times are aware UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

MediaKind = Literal["image", "audio", "video", "document", "sticker"]
Status = Literal["sent", "delivered", "read", "failed"]
# What a failure asks of the outbox.
#   retry    the vendor's trouble: again, a few times, with growing gaps
#   wait     too fast: not before `retry_after` seconds
#   window   the customer wrote too long ago: only a template may be sent
#   auth     the token or a permission is gone: pause the channel, tell the owner
#   account  the vendor restricts the account: pause, tell the owner
#   person   this customer can't be reached here
#   refused  this message is wrong, and will be wrong again
#   unknown  it may have gone out: never send it again blindly
Advice = Literal["retry", "wait", "window", "auth", "account", "person", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Account:
    """
    A connected account of a business on a channel.

    external_id  what the vendor calls it: a phone number id, a bot's id, a page's id, an address
    secrets      tokens and passwords, opened; settings  what is not secret
    """

    kind: str
    external_id: str
    secrets: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """
    Who wrote. `id` is what to answer to; `also` are other ids of the same person, the oldest kind
    first: both a telephone number and a business-scoped id, say. `phone` is E.164 digits.
    """

    id: str
    name: str = ""
    also: tuple[str, ...] = ()
    phone: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A file of the vendor's, still to be fetched: `reference` is an id or an address of theirs."""

    kind: MediaKind
    reference: str
    mime: str = ""
    name: str = ""
    voice: bool = False


@dataclass(frozen=True, slots=True)
class MessageCame:
    """
    A customer's message. `body` is what was written, or what a choice, place or card says in words.

    kind    text, image, audio, video, document, location, contacts, choice, order, unsupported
    choice  the id behind a pressed button or a chosen row
    about   more for staff: a place's coordinates, an order's lines, an advertisement
    """

    message_id: str
    person: Person
    at: datetime
    body: str = ""
    kind: str = "text"
    media: tuple[Media, ...] = ()
    choice: str = ""
    reply_to: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    edits: str = ""  # the id of an earlier message whose text this replaces


@dataclass(frozen=True, slots=True)
class EchoCame:
    """What a person of the shop wrote in the vendor's own app: they have taken over."""

    message_id: str
    person: Person
    at: datetime
    body: str = ""
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class ReactionCame:
    """An emoji on a message; empty takes it back."""

    person: Person
    message_id: str
    emoji: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StatusCame:
    """What became of a message of ours. `key` is our own, where the vendor returns it."""

    message_id: str
    status: Status
    at: datetime
    key: str = ""
    failure: "SendFailed | None" = None


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """The same person under another id."""

    old: str
    new: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """They blocked us, or came back (`left` false)."""

    person: Person
    left: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing for us, and why: an unknown field, a group, our own echo."""

    why: str


Event = MessageCame | EchoCame | ReactionCame | StatusCame | PersonChanged | PersonLeft | Ignored


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, or a row of a list."""

    id: str
    title: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of ours to send."""

    kind: MediaKind
    content: bytes
    mime: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template and what its variables hold, by part: header, body, buttons."""

    name: str
    language: str
    header: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    header_media: File | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """
    One bubble to one person. `key` is our own and stays the same over every try.

    A `template` stands alone; a `file` may have `body` as its caption; `choices` are buttons, or
    rows of a list that opens by `list_button`.
    """

    key: str
    to: str
    body: str = ""
    file: File | None = None
    choices: tuple[Choice, ...] = ()
    list_button: str = ""
    template: Template | None = None
    reply_to: str = ""
    subject: str = ""
    by_person: bool = False  # a colleague wrote it, not the assistant
    also: tuple[str, ...] = ()  # other ids of the person, as in `Person`


@dataclass(frozen=True, slots=True)
class Sent:
    """The vendor took it; what it is called there. Empty where the vendor names nothing."""

    message_id: str


class SendFailed(Exception):
    """
    It did not go out, or may not have.

    code   the vendor's own; key  the sentence in the catalogue that says what happened and what
    to do next (`channels.failed_<...>`); retry_after  seconds, for `wait`.
    """

    def __init__(
        self, advice: Advice, key: str, *, code: str = "", retry_after: float = 0, details: str = ""
    ) -> None:
        super().__init__(f"{advice} {code} {details}".strip())
        self.advice = advice
        self.key = key
        self.code = code
        self.retry_after = retry_after
        self.details = details


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel takes. A text that is longer is split by us at the ends of sentences."""

    text: int
    caption: int = 1024
    buttons: int = 0
    button_title: int = 20
    rows: int = 0
    row_title: int = 24
    row_about: int = 72
    file_bytes: int = 0
    window: int = 0  # hours after the customer's last message; 0 is no window
    seconds_between: float = 0  # to the same person
    per_second: float = 0  # by the account


@dataclass(frozen=True, slots=True)
class Health:
    """
    How an account is, asked of the vendor. `steps` are the checks by name (token, number, webhook,
    permissions ...), each with the key of a sentence when it fails, and empty when it is well.
    `about` tells the rest: `external_id` and `name` as the vendor has them, `quality`, `limit` ...
    """

    steps: Mapping[str, str]
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        return not any(self.steps.values())


@dataclass(frozen=True, slots=True)
class Field:
    """
    One thing that connecting an account asks for; its words are `channels.<kind>_<name>` and
    `channels.<kind>_<name>_hint` in the catalogue.

    secret  kept locked, never shown again; `made` is made by us instead of asked (a verify token)
    and, if `shown`, given to the owner to copy into the vendor's own screen. The field
    `external_id` is what the vendor calls the account.
    """

    name: str
    secret: bool = False
    optional: bool = False
    made: bool = False
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Connecting:
    """
    How an account is connected, as data for the screen.

    steps  what to do at the vendor's first, in order: `channels.<kind>_step_<name>`
    checks the names of `Health.steps` in their order: `channels.check_<name>`
    webhook whether the owner copies our address into the vendor's screen; where the vendor can be
    told by `Adapter.subscribe`, they need not
    """

    fields: tuple[Field, ...]
    steps: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    webhook: bool = False


class Adapter(Protocol):
    """What each channel's module offers as `adapter`, an object made once."""

    kind: str
    limits: Limits
    connecting: Connecting

    def verify(self, account: Account, headers: Mapping[str, str], body: bytes) -> bool:
        """
        Whether the vendor sent this call. Before anything is parsed, on the raw bytes, in constant
        time. Names of headers are in lower case.
        """
        ...

    def challenge(self, account: Account, query: Mapping[str, str]) -> str | None:
        """What to answer the vendor who asks whether the address is ours; None to refuse."""
        ...

    def parse(self, account: Account, body: Any) -> list[Event]:
        """
        All events of one call, from its decoded JSON. Never raises for what it does not know:
        that is `Ignored`. Whatever was sent for another account is not ours.
        """
        ...

    async def subscribe(self, account: Account, address: str) -> None:
        """Have the vendor call `address` ("" for not any more). Raises SendFailed."""
        ...

    async def send(self, account: Account, outgoing: Outgoing) -> Sent:
        """Raises SendFailed. Has a time limit of its own; never repeats by itself."""
        ...

    async def fetch(self, account: Account, media: Media, most: int) -> bytes:
        """A file of the vendor's, at most `most` bytes. Raises SendFailed."""
        ...

    async def seen(self, account: Account, to: str, message_id: str, *, typing: bool) -> None:
        """Tell the customer that the message is read, and perhaps being answered. Never fails."""
        ...

    async def find(self, account: Account, outgoing: Outgoing) -> Sent | None:
        """Whether a message of unknown fate went out, where the vendor can tell; else None."""
        ...

    async def check(self, account: Account) -> Health:
        """Ask the vendor how the account is. Never raises."""
        ...
