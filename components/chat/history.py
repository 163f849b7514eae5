"""What was said: the shop's greeting, the messages by day, what the assistant is writing."""

import reflex as rx

from chatrigo.domain.conversations.rows import MessageRow
from components import ui
from components.text import t
from components.when import clock, day
from state.chat import ChatState

# A kawung, the old batik pattern of four leaves, as the wallpaper of the conversation.
_LEAF = "M20 20C14 14 14 6 20 1C26 6 26 14 20 20Z"
_KAWUNG = "".join(
    f"<path d='{_LEAF}' transform='rotate({turn} 20 20)'/>" for turn in (0, 90, 180, 270)
)
WALLPAPER = (
    "url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='40' height='40'%3E"
    + _KAWUNG.replace("<", "%3C").replace(">", "%3E")
    + '%3C/svg%3E")'
)


def history() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            aria_hidden=True,
            style={"mask_image": WALLPAPER},
            class_name="pointer-events-none absolute inset-0 bg-ink opacity-[0.035]",
        ),
        rx.el.div(
            rx.cond(
                ChatState.standing == "loading",
                _loading(),
                rx.fragment(_beginning(), _rows(), _draft()),
            ),
            rx.el.div(id="chat-pending", class_name="flex flex-col gap-1.5 empty:hidden"),
            id="chat-scroll",
            tab_index=0,
            aria_label=t("chat.messages"),
            role="region",
            class_name="absolute inset-0 flex flex-col gap-1.5 overflow-x-hidden overflow-y-auto overscroll-contain "
            "px-3 pt-4 pb-3 outline-none focus-visible:outline-2 focus-visible:-outline-offset-2 sm:px-5",
        ),
        _newer(),
        class_name="relative min-h-0 grow",
    )


def _newer() -> rx.Component:
    return rx.el.button(
        t("chat.new_messages"),
        rx.icon("arrow-down", size=16),
        type="button",
        data_chat="newest",
        class_name="absolute bottom-3 left-1/2 hidden min-h-10 -translate-x-1/2 items-center gap-1.5 rounded-full "
        "bg-accent px-4 text-small font-semibold text-accent-contrast shadow-raised "
        "group-data-[newer=true]/chat:flex",
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.span(t("ui.loading"), class_name="sr-only"),
        ui.skeleton("h-16 w-3/5 rounded-bubble"),
        ui.skeleton("h-10 w-2/5 self-end rounded-bubble"),
        ui.skeleton("h-20 w-2/3 rounded-bubble"),
        role="status",
        class_name="flex flex-col gap-3",
    )


def _beginning() -> rx.Component:
    """Older messages, or the note that there are none; then what the shop says first."""
    return rx.cond(
        ChatState.has_earlier,
        ui.button(
            t("chat.earlier"),
            variant="secondary",
            size="sm",
            icon="history",
            on_click=ChatState.show_earlier,
            data_chat="earlier",
            class_name="mb-2 self-center",
        ),
        rx.fragment(
            ui.system_line(t("chat.start", name=ChatState.face.name)),
            _greeting(),
            rx.cond(ChatState.messages.length() == 0, _quick_questions()),
        ),
    )


def _greeting() -> rx.Component:
    greeting = ChatState.face.greeting
    return rx.el.div(
        ui.bubble(
            "ai",
            rx.cond(greeting != "", greeting, t("chat.greeting")),
            heading=assistant_name(),
            meta=rx.cond(ChatState.face.assistant_on, t("chat.ai_note"), ""),
        ),
        class_name="mt-2 flex flex-col",
    )


def assistant_name() -> rx.Component:
    name = ChatState.face.assistant_name
    return rx.el.span(
        rx.icon("sparkles", size=13, class_name="shrink-0"),
        rx.cond(name != "", t("chat.assistant_named", name=name), t("chat.assistant")),
        class_name="inline-flex items-center gap-1 text-ai-ink",
    )


def _quick_questions() -> rx.Component:
    return rx.el.ul(
        rx.foreach(ChatState.face.quick_questions, lambda question: rx.el.li(_quick(question))),
        aria_label=t("chat.questions"),
        class_name="mt-2 flex flex-col items-start gap-2 group-data-[pending=true]/chat:hidden "
        "group-data-[standing=closed]/chat:hidden",
    )


def _quick(question: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        question,
        type="button",
        dir="auto",
        data_say=question,
        class_name="min-h-11 rounded-control border border-accent bg-surface px-4 py-2 text-start font-semibold "
        "text-accent-ink transition-colors hover:bg-accent-soft active:bg-accent-soft",
    )


def _rows() -> rx.Component:
    return rx.el.div(
        rx.foreach(
            ChatState.earlier,
            lambda row, index: _row(row, ChatState.earlier[index - 1], index > 0),
        ),
        rx.foreach(
            ChatState.messages,
            lambda row, index: _row(row, ChatState.messages[index - 1], index > 0),
        ),
        id="chat-rows",
        role="log",
        aria_label=t("chat.messages"),
        aria_live="polite",
        class_name="flex flex-col gap-1.5 empty:hidden",
    )


def _row(row: MessageRow, previous: MessageRow, follows: rx.Var[bool]) -> rx.Component:
    mine = row.author == "contact"
    same_day = follows & (previous.day == row.day)
    same_voice = same_day & (previous.author == row.author)
    return rx.el.div(
        rx.cond(same_day, rx.fragment(), _day(row.at)),
        ui.bubble(
            rx.match(row.author, ("contact", "customer"), ("ai", "ai"), "person"),
            row.body,
            mine=mine,
            heading=rx.cond(mine | same_voice, rx.fragment(), _speaker(row)),
            above=rx.cond(row.picture != "", _picture(row)),
            meta=_meta(row, mine),
        ),
        key=row.id,
        data_id=row.id,
        data_key=row.key,
        data_author=row.author,
        class_name="flex flex-col",
    )


def _speaker(row: MessageRow) -> rx.Component:
    return rx.el.div(
        rx.cond(
            row.author == "ai",
            assistant_name(),
            rx.el.span(
                rx.icon("user-round", size=13, class_name="shrink-0"),
                rx.cond(row.author_name != "", row.author_name, t("chat.person")),
                class_name="inline-flex items-center gap-1 text-accent-ink",
            ),
        ),
        class_name="mt-1.5",
    )


def _picture(row: MessageRow) -> rx.Component:
    return rx.el.a(
        rx.el.img(
            src=row.picture,
            width=row.width,
            height=row.height,
            alt=t("chat.picture"),
            loading="lazy",
            class_name="h-auto max-h-72 w-auto max-w-full rounded-small object-cover",
        ),
        href=row.picture,
        target="_blank",
        rel="noopener",
        reload_document=True,
        class_name="my-1 block",
    )


def _meta(row: MessageRow, mine: rx.Var[bool]) -> rx.Component:
    return rx.fragment(
        clock(row.at, ChatState.face.zone),
        rx.cond(mine, rx.icon("check", size=13, aria_label=t("chat.delivered"))),
    )


def _day(at: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        day(at, ChatState.face.zone),
        class_name="my-3 self-center rounded-full bg-surface px-3 py-1 text-caption font-semibold text-muted "
        "shadow-card",
    )


def _draft() -> rx.Component:
    """What the assistant is writing; the finished message is what screen readers hear."""
    return rx.cond(
        ChatState.thinking | (ChatState.draft != ""),
        rx.el.div(
            rx.el.div(assistant_name(), class_name="mt-1.5 px-1 text-caption font-semibold"),
            rx.cond(ChatState.draft != "", ui.bubble("ai", ChatState.draft), ui.typing_bubble()),
            aria_live="off",
            data_draft="true",
            class_name="flex flex-col gap-1",
        ),
    )
