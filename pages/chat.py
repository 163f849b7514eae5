"""/c/<shop>: a shop's chat with its customers; also what the widget shows in its frame."""

import reflex as rx

from components.chat import chat
from state.chat import ChatState

ROUTE = "/c/[shop]"
TITLE = "Chat"
ON_LOAD = [ChatState.follow]


def page() -> rx.Component:
    return chat()
