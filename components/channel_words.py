"""How a channel is called and shown, wherever one is named."""

from typing import Any

import reflex as rx

from components.text import t

ICONS = {
    "web": "globe",
    "whatsapp": "message-circle",
    "telegram": "send",
    "instagram": "camera",
    "messenger": "message-square",
    "email": "mail",
    "api": "webhook",
}


def channel_icon(kind: Any, size: int = 14, class_name: str = "") -> rx.Component:
    return rx.match(
        kind,
        *[(name, rx.icon(icon, size=size, class_name=class_name)) for name, icon in ICONS.items()],
        rx.icon("radio", size=size, class_name=class_name),
    )


def kind_name(kind: Any) -> Any:
    return rx.match(
        kind, *[(name, t(f"channels.kind_{name}")) for name in ICONS], t("channels.kind_other")
    )


def channel_name(row: Any) -> Any:
    """Of a conversation: what the owner called the channel, else its kind."""
    return rx.cond(
        (row.channel_name != "") & (row.channel != "web"), row.channel_name, kind_name(row.channel)
    )
