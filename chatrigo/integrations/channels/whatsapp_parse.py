"""
WhatsApp's webhook as events. Never raises: whatever a call holds, what is not known is `Ignored`.

Shapes: one POST has `entry` x `changes` x (`messages`, `statuses`, `message_echoes`), of as many
numbers as the app serves. Only what belongs to the account is parsed.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from chatrigo.integrations.channels.port import (
    Account,
    EchoCame,
    Event,
    Ignored,
    Person,
    PersonChanged,
    ReactionCame,
    Status,
    StatusCame,
)
from chatrigo.integrations.channels.whatsapp_errors import from_status
from chatrigo.integrations.channels.whatsapp_ids import phone_id, user_id
from chatrigo.integrations.channels.whatsapp_message import content_of, message_of
from chatrigo.integrations.channels.whatsapp_shapes import listed, mapped, words

ECHOES = "smb_message_echoes"
# "played" is what a voice message reports beyond "read".
STATUSES: dict[str, Status] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}


def events(account: Account, body: Any) -> list[Event]:
    """All that one call says to this account, in its order."""
    found: list[Event] = []
    for field, value in changes(body):
        number = number_of(value)
        if number and number != account.external_id:
            found.append(Ignored(f"another number: {number}"))
        elif field == ECHOES:
            found += [_echo(each) for each in listed(value.get("message_echoes"))]
        elif field == "messages":
            found += _messages(value)
        else:
            found.append(Ignored(f"field {field[:60]}"))
    return found or [Ignored("empty")]


def numbers(body: Any) -> list[str]:
    """The ids of all numbers that the call speaks of, each once: for whom else it is."""
    return list(dict.fromkeys(n for _, value in changes(body) if (n := number_of(value))))


def changes(body: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for entry in listed(mapped(body).get("entry")):
        for change in listed(mapped(entry).get("changes")):
            yield words(mapped(change).get("field")), mapped(mapped(change).get("value"))


def number_of(value: Mapping[str, Any]) -> str:
    return words(mapped(value.get("metadata")).get("phone_number_id"))


def _messages(value: Mapping[str, Any]) -> list[Event]:
    people = [mapped(each) for each in listed(value.get("contacts"))]
    found: list[Event] = [_message(mapped(each), people) for each in listed(value.get("messages"))]
    found += [_status(mapped(each)) for each in listed(value.get("statuses"))]
    if not found:
        found.append(Ignored("errors" if value.get("errors") else "no messages"))
    return found


def _message(message: Mapping[str, Any], people: list[Mapping[str, Any]]) -> Event:
    kind = words(message.get("type"))
    if words(message.get("group_id")):
        return Ignored("group")
    if kind == "system":
        return _system(message)
    person = _person(message, people)
    if person is None or not words(message.get("id")):
        return Ignored("nobody")
    if kind == "reaction":
        reaction = mapped(message.get("reaction"))
        of = words(reaction.get("message_id"))
        return ReactionCame(person, of, words(reaction.get("emoji")), moment(message))
    return message_of(message, person, moment(message)) or Ignored(f"type {kind[:60]}")


def _person(message: Mapping[str, Any], people: list[Mapping[str, Any]]) -> Person | None:
    """
    Who wrote, from the message and the entry about them that comes beside it.

    The number is what to answer to, if there is one; a call may bring both, or the scoped id alone.
    """
    phone, user = phone_id(message.get("from")), user_id(message.get("from_user_id"))
    about = _about(people, phone, user)
    phone = phone or phone_id(about.get("wa_id"))
    user = user or user_id(about.get("user_id"))
    profile = mapped(about.get("profile"))
    return _known(phone, user, words(profile.get("name")), words(profile.get("username")))


def _about(people: list[Mapping[str, Any]], phone: str, user: str) -> Mapping[str, Any]:
    for each in people:
        if phone and phone_id(each.get("wa_id")) == phone:
            return each
        if user and user_id(each.get("user_id")) == user:
            return each
    # A number may be written in two ways (Brazil, Mexico): one sender is certainly the one.
    return people[0] if len(people) == 1 else {}


def _known(phone: str, user: str, name: str = "", username: str = "") -> Person | None:
    if not (phone or user):
        return None
    return Person(
        id=phone or user,
        name=name[:120],
        also=(user,) if phone and user else (),
        phone=phone.partition(":")[2],
        username=username[:120],
    )


def _system(message: Mapping[str, Any]) -> Event:
    """
    Somebody's number or scoped id is another from now on.

    The old scoped id is named in a field, or only in the sentence "… changed from X to Y".
    """
    system = mapped(message.get("system"))
    kind, at = words(system.get("type")), moment(message)
    phone, user = phone_id(system.get("wa_id")), user_id(system.get("user_id"))
    if kind == "user_changed_number":
        old = phone_id(message.get("from")) or user_id(message.get("from_user_id"))
        phone = phone or phone_id(system.get("new_wa_id"))
    elif kind == "user_changed_user_id":
        told = words(system.get("body")).rpartition(" changed from ")[2].partition(" to ")[0]
        named = system.get("previous_user_id") or message.get("from_user_id")
        old = user_id(named) or user_id(told) or phone_id(message.get("from"))
        phone = phone or phone_id(message.get("from"))
    else:
        return Ignored(f"system {kind[:60]}")
    new = _known(phone, user)
    if not old or new is None or {old} == {new.id, *new.also}:
        return Ignored(f"system {kind[:60]}")
    return PersonChanged(old, new, at)


def _status(status: Mapping[str, Any]) -> Event:
    known, id = STATUSES.get(words(status.get("status"))), words(status.get("id"))
    if known is None or not id:
        return Ignored(f"status {words(status.get('status'))[:60]}")
    failure = from_status(status.get("errors")) if known == "failed" else None
    key = words(status.get("biz_opaque_callback_data"))
    return StatusCame(id, known, moment(status), key, failure)


def _echo(message: Any) -> Event:
    """What the owner typed on the phone, on a number that is also in the WhatsApp Business app."""
    message = mapped(message)
    person = _known(phone_id(message.get("to")), user_id(message.get("to_user_id")))
    said = content_of(message)
    if person is None or said is None or not words(message.get("id")):
        return Ignored("echo")
    return EchoCame(words(message.get("id")), person, moment(message), said.body, said.media)


def moment(thing: Mapping[str, Any]) -> datetime:
    """When it happened; now for what can't be, and for what is yet to come."""
    now = datetime.now(UTC)
    try:
        return min(datetime.fromtimestamp(int(thing.get("timestamp", "")), UTC), now)
    except (TypeError, ValueError, OverflowError, OSError):
        return now
