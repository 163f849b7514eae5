"""What assets/chat.js needs of the page: words, and the bubble it copies for each message that is not yet stored."""

import reflex as rx

from chatrigo.config import settings
from components import ui
from components.text import t
from state.chat import ChatState


def on_the_way() -> rx.Component:
    """What the script says and the bubble it copies for each message that is still on its way."""
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.img(
                        data_part="picture",
                        alt=t("chat.preview"),
                        class_name="my-1 max-h-72 max-w-full rounded-small",
                    ),
                    rx.el.div(data_part="text", dir="auto"),
                    data_author="customer",
                    data_mine="true",
                    class_name="bubble opacity-85 group-data-[state=refused]/pending:opacity-100",
                ),
                rx.el.div(
                    _stage("clock", t("chat.sending"), "sending"),
                    _stage("hourglass", t("chat.queued"), "queued"),
                    _stage("check", t("chat.delivered"), "sent"),
                    class_name="flex items-center gap-1 px-1 text-caption text-muted",
                ),
                rx.el.div(
                    rx.el.p(
                        rx.icon("circle-alert", size=14, class_name="shrink-0"),
                        rx.el.span(t("chat.not_sent"), ": ", rx.el.span(data_part="reason")),
                        role="alert",
                        class_name="flex items-start gap-1 text-caption font-medium text-danger-ink",
                    ),
                    rx.el.div(
                        ui.button(
                            t("chat.again"), variant="secondary", size="sm", data_chat="again"
                        ),
                        ui.button(
                            t("chat.delete"), variant="danger-quiet", size="sm", data_chat="delete"
                        ),
                        class_name="flex justify-end gap-1",
                    ),
                    class_name="hidden max-w-sm flex-col items-end gap-1 px-1 group-data-[state=refused]/pending:flex",
                ),
                class_name="flex max-w-[85%] flex-col items-end gap-1 self-end",
            ),
            id="chat-pending-bubble",
            data_state="sending",
            class_name="group/pending flex flex-col",
        ),
        rx.el.button(id="chat-refresh", type="button", on_click=ChatState.refresh),
        id="chat-words",
        hidden=True,
        data_ask_first=t("chat.ask_first"),
        data_too_long=t("chat.too_long"),
        data_count=t("chat.count"),
        data_picture_failed=t("chat.picture_failed"),
        data_not_a_picture=t("chat.not_a_picture"),
        data_picture_too_big=t("chat.picture_too_big", limit=str(settings.attachment_megabytes)),
    )


def _stage(icon: str, text: rx.Var[str], state: str) -> rx.Component:
    shown = {
        "sending": "group-data-[state=sending]/pending:inline-flex",
        "queued": "group-data-[state=queued]/pending:inline-flex",
        "sent": "group-data-[state=sent]/pending:inline-flex",
    }[state]
    return rx.el.span(
        rx.icon(icon, size=13, class_name="shrink-0"),
        text,
        class_name=f"hidden items-center gap-1 {shown}",
    )
