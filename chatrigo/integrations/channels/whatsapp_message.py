"""One message of a customer's: each of WhatsApp's kinds as words, files and what staff may see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chatrigo.integrations.channels.port import Media, MediaKind, MessageCame, Person
from chatrigo.integrations.channels.whatsapp_shapes import listed, mapped, shown, words

FILES: dict[str, MediaKind] = {
    "image": "image",
    "audio": "audio",
    "voice": "audio",
    "video": "video",
    "document": "document",
    "sticker": "sticker",
}
REFERRAL = ("source_type", "source_url", "source_id", "headline", "body", "media_type", "ctwa_clid")


@dataclass(frozen=True, slots=True)
class Content:
    kind: str
    body: str = ""
    media: tuple[Media, ...] = ()
    choice: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)


def message_of(message: Mapping[str, Any], person: Person, at: datetime) -> MessageCame | None:
    """None for a kind that is not known."""
    content = content_of(message)
    if content is None:
        return None
    return MessageCame(
        message_id=words(message.get("id")),
        person=person,
        at=at,
        body=content.body,
        kind=content.kind,
        media=content.media,
        choice=content.choice,
        reply_to=words(mapped(message.get("context")).get("id")),
        about={**content.about, **_around(message)},
    )


def content_of(message: Mapping[str, Any]) -> Content | None:
    """What is in it, whoever wrote it; None for a kind that is not known."""
    kind = words(message.get("type"))
    if kind in FILES:
        return _file(kind, mapped(message.get(kind)))
    if kind in ("contacts", "unsupported"):
        return _contacts(message) if kind == "contacts" else _unsupported(message)
    read = _KINDS.get(kind)
    return read(mapped(message.get(kind))) if read else None


def _text(text: Mapping[str, Any]) -> Content:
    return Content("text", words(text.get("body")))


def _file(kind: str, file: Mapping[str, Any]) -> Content:
    media = Media(
        kind=FILES[kind],
        reference=words(file.get("id")),
        mime=words(file.get("mime_type")),
        name=words(file.get("filename"))[:200],
        voice=file.get("voice") is True or kind == "voice",
    )
    shape = "image" if kind == "sticker" else FILES[kind]
    files = (media,) if media.reference else ()
    return Content(shape, words(file.get("caption")), files)


def _interactive(interactive: Mapping[str, Any]) -> Content:
    kind = words(interactive.get("type"))
    reply = mapped(interactive.get(kind))
    if kind in ("button_reply", "list_reply"):
        about = {"description": d} if (d := words(reply.get("description"))) else {}
        return Content(
            "choice", words(reply.get("title")), choice=words(reply.get("id")), about=about
        )
    # A form that was filled in (`nfm_reply`), or a kind to come.
    form = words(reply.get("response_json"))
    return Content("choice", words(reply.get("body")), about={"form": form} if form else {})


def _button(button: Mapping[str, Any]) -> Content:
    return Content("choice", words(button.get("text")), choice=words(button.get("payload")))


def _location(place: Mapping[str, Any]) -> Content:
    position = {name: shown(place.get(name)) for name in ("latitude", "longitude")}
    named = [words(place.get(name)) for name in ("name", "address")]
    body = ", ".join(word for word in named if word) or ", ".join(position.values())
    url = words(place.get("url"))
    return Content("location", body, about={**position, **({"url": url} if url else {})})


def _contacts(message: Mapping[str, Any]) -> Content:
    cards = [_card(mapped(each)) for each in listed(message.get("contacts"))]
    return Content("contacts", "\n".join(" ".join(card).strip() for card in cards))


def _card(card: Mapping[str, Any]) -> list[str]:
    name = mapped(card.get("name"))
    called = words(name.get("formatted_name")) or words(name.get("first_name"))
    phones = [mapped(phone) for phone in listed(card.get("phones"))]
    numbers = [words(phone.get("phone")) or words(phone.get("wa_id")) for phone in phones]
    return [called, *(number for number in numbers if number)]


def _order(order: Mapping[str, Any]) -> Content:
    lines = [_line(mapped(each)) for each in listed(order.get("product_items"))]
    said = [words(order.get("text")), *(f"{line['quantity']} × {line['id']}" for line in lines)]
    about = {"catalog": words(order.get("catalog_id")), "lines": lines}
    return Content("order", "\n".join(part for part in said if part), about=about)


def _line(item: Mapping[str, Any]) -> dict[str, str]:
    return {
        "id": words(item.get("product_retailer_id")),
        "quantity": shown(item.get("quantity")),
        "price": shown(item.get("item_price")),
        "currency": words(item.get("currency")),
    }


def _unsupported(message: Mapping[str, Any]) -> Content:
    errors = [mapped(error) for error in listed(message.get("errors"))]
    code = shown(errors[0].get("code")) if errors else ""
    return Content("unsupported", about={"code": code} if code else {})


def _around(message: Mapping[str, Any]) -> dict[str, Any]:
    """Where the message came from: a catalogue's product, an advertisement, passed on."""
    context = mapped(message.get("context"))
    referral = mapped(message.get("referral"))
    product = mapped(context.get("referred_product"))
    about: dict[str, Any] = {}
    if product:
        about["product"] = words(product.get("product_retailer_id"))
    if referral:
        about["referral"] = {n: v for n in REFERRAL if (v := words(referral.get(n)))}
    if context.get("forwarded") is True or context.get("frequently_forwarded") is True:
        about["forwarded"] = True
    return about


_KINDS: dict[str, Callable[[Mapping[str, Any]], Content]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _button,
    "location": _location,
    "order": _order,
}
