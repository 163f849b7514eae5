"""
The customer's side of a conversation.

Composer, outbox and scrolling belong to assets/chat.js, which finds its places by id: React
renders them once and leaves their contents alone.
"""

import reflex as rx

from chatrigo.config import settings
from chatrigo.domain.conversations.post import LONGEST
from chatrigo.domain.conversations.rows import MessageRow
from components import ui
from components.shell import preferences
from components.text import t
from state.chat import ChatState
from state.locale import LocaleState

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
PICTURES = "image/jpeg,image/png,image/webp,image/gif"


def chat() -> rx.Component:
    """The whole page; a column in the middle on wide screens, all of it in the widget."""
    return rx.el.div(
        rx.match(
            ChatState.standing,
            ("unknown", _problem(_unknown())),
            ("failed", _problem(ui.error_state(ChatState.follow, text=t("chat.failed_text")))),
            _conversation(),
        ),
        on_mount=rx.call_script("window.chatrigo?.mount()"),
        class_name="h-dvh bg-sunken text-ink",
    )


def _conversation() -> rx.Component:
    return rx.el.main(
        _header(),
        _offline(),
        _scroller(),
        _composer(),
        _words(),
        _drop_target(),
        id="chat",
        data_name=ChatState.face.name,
        data_standing=ChatState.standing,
        data_limit=str(LONGEST),
        data_megabytes=str(settings.attachment_megabytes),
        class_name="group/chat relative mx-auto flex h-full w-full max-w-3xl flex-col overflow-hidden "
        "bg-canvas sm:border-x sm:border-border in-data-embed:border-x-0",
    )


def _header() -> rx.Component:
    loading = ChatState.standing == "loading"
    return rx.el.header(
        rx.cond(
            loading,
            ui.skeleton("size-11 shrink-0 rounded-full"),
            ui.avatar(ChatState.face.name),
        ),
        rx.el.div(
            rx.cond(
                loading,
                ui.skeleton("h-4 w-36"),
                rx.el.h1(ChatState.face.name, class_name="truncate text-lead font-bold"),
            ),
            rx.cond(loading, ui.skeleton("mt-2 h-3 w-48"), _who_answers()),
            class_name="min-w-0 grow",
        ),
        ui.menu(
            "chat-menu",
            ui.menu_button("chat-menu", "ellipsis-vertical", t("chat.menu")),
            rx.el.div(preferences(), class_name="px-3 py-2"),
            label=t("chat.menu"),
            class_name="w-72",
        ),
        rx.el.span(
            ui.icon_button("x", t("chat.close"), tip="", data_chat="close"),
            class_name="hidden in-data-embed:block",
        ),
        class_name="z-sticky flex shrink-0 items-center gap-3 border-b border-border bg-surface px-3 py-2.5 "
        "pt-[max(0.625rem,env(safe-area-inset-top))] shadow-card sm:px-4",
    )


def _who_answers() -> rx.Component:
    text = rx.cond(
        ChatState.by_person,
        rx.cond(ChatState.waiting, t("chat.person_called"), t("chat.person_here")),
        t("chat.assistant_fast"),
    )
    return rx.el.p(
        rx.el.span(
            aria_hidden=True,
            data_who=rx.cond(
                ChatState.by_person, rx.cond(ChatState.waiting, "sun", "person"), "ai"
            ),
            class_name="size-2 shrink-0 rounded-full bg-ai data-[who=person]:bg-positive "
            "data-[who=sun]:bg-sun",
        ),
        rx.el.span(text, class_name="truncate"),
        role="status",
        class_name="flex items-center gap-1.5 text-small text-muted",
    )


def _offline() -> rx.Component:
    return rx.el.p(
        rx.icon("wifi-off", size=16, class_name="shrink-0"),
        t("chat.offline"),
        role="status",
        class_name="hidden shrink-0 items-center justify-center gap-2 bg-sun px-4 py-1.5 text-center "
        "text-small font-semibold text-sun-contrast group-data-[offline=true]/chat:flex",
    )


def _scroller() -> rx.Component:
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
            heading=_assistant_name(),
            meta=rx.cond(ChatState.face.assistant_on, t("chat.ai_note"), ""),
        ),
        class_name="mt-2 flex flex-col",
    )


def _assistant_name() -> rx.Component:
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
        class_name="mt-2 flex flex-col items-start gap-2 group-data-[pending=true]/chat:hidden",
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
        rx.cond(same_day, rx.fragment(), _day(row.day)),
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
            _assistant_name(),
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
            class_name="max-h-72 w-auto max-w-full rounded-small object-contain",
        ),
        href=row.picture,
        target="_blank",
        rel="noopener",
        reload_document=True,
        class_name="my-1 block",
    )


def _meta(row: MessageRow, mine: rx.Var[bool]) -> rx.Component:
    return rx.fragment(
        ui.time(_clock(row.at), iso=row.at),
        rx.cond(mine, rx.icon("check", size=13, aria_label=t("chat.delivered"))),
    )


def _day(day: rx.Var[str]) -> rx.Component:
    shown = _day_name(day)
    words = rx.match(shown, ("today", t("chat.today")), ("yesterday", t("chat.yesterday")), shown)
    return rx.el.div(
        words,
        class_name="my-3 self-center rounded-full bg-surface px-3 py-1 text-caption font-semibold text-muted "
        "shadow-card first-letter:uppercase",
    )


def _clock(at: rx.Var[str]) -> rx.Var[str]:
    """Hours and minutes in the shop's zone."""
    return _in_browser(
        "((at, zone, english) => new Date(at).toLocaleTimeString(english ? 'en-GB' : 'id-ID',"
        " {hour: '2-digit', minute: '2-digit', timeZone: zone}))",
        at,
        ChatState.face.zone,
        LocaleState.is_english,
    )


def _day_name(day: rx.Var[str]) -> rx.Var[str]:
    """`today`, `yesterday`, or the date in words; all in the shop's zone."""
    return _in_browser(
        "((day, zone, english) => {"
        " const on = (ago) => new Date(Date.now() - ago * 864e5)"
        ".toLocaleDateString('sv-SE', {timeZone: zone});"
        " if (day === on(0)) return 'today'; if (day === on(1)) return 'yesterday';"
        " return new Date(`${day}T12:00:00Z`).toLocaleDateString(english ? 'en-GB' : 'id-ID',"
        " {weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC',"
        " ...(day.slice(0, 4) === on(0).slice(0, 4) ? {} : {year: 'numeric'})}); })",
        day,
        ChatState.face.zone,
        LocaleState.is_english,
    )


def _in_browser(function: str, *args: rx.Var) -> rx.Var[str]:
    data = rx.vars.VarData.merge(*(arg._get_all_var_data() for arg in args))
    given = ", ".join(str(arg) for arg in args)
    return rx.Var(_js_expr=f"{function}({given})", _var_type=str, _var_data=data).to(str)


def _draft() -> rx.Component:
    """What the assistant is writing; the finished message is what screen readers hear."""
    return rx.cond(
        ChatState.thinking | (ChatState.draft != ""),
        rx.el.div(
            rx.el.div(_assistant_name(), class_name="mt-1.5 px-1 text-caption font-semibold"),
            rx.cond(ChatState.draft != "", ui.bubble("ai", ChatState.draft), ui.typing_bubble()),
            aria_live="off",
            data_draft="true",
            class_name="flex flex-col gap-1",
        ),
    )


def _composer() -> rx.Component:
    return rx.el.form(
        rx.cond(
            (ChatState.standing == "open") & ~ChatState.by_person,
            ui.button(
                t("chat.ask_person"),
                variant="soft",
                size="sm",
                icon="hand",
                on_click=ChatState.ask_for_person,
                class_name="rounded-full",
            ),
        ),
        _notice(),
        _attachment(),
        rx.el.div(
            _file_input("chat-file", "paperclip", t("chat.attach")),
            _file_input("chat-camera", "camera", t("chat.camera"), only_on_phones=True),
            rx.el.textarea(
                id="chat-text",
                rows=1,
                dir="auto",
                auto_complete="off",
                aria_label=t("chat.message"),
                aria_describedby="chat-count",
                placeholder=t("chat.write"),
                class_name="field-sizing-content max-h-36 min-h-11 min-w-0 grow resize-none rounded-[1.375rem] "
                "border border-strong bg-surface px-4 py-2.5 text-[1rem] leading-6 outline-none "
                "focus:border-accent focus:ring-3 focus:ring-accent/25 aria-invalid:border-danger",
            ),
            rx.el.button(
                rx.icon("send-horizontal", size=20),
                type="submit",
                id="chat-send",
                aria_label=t("chat.send"),
                class_name="grid size-11 shrink-0 place-items-center rounded-full bg-accent text-accent-contrast "
                "transition-[background-color,scale] hover:bg-accent-hover active:scale-95 disabled:opacity-55",
            ),
            class_name="flex w-full items-end gap-1.5",
        ),
        rx.el.p(
            id="chat-count",
            aria_live="polite",
            class_name="self-end text-caption text-muted tabular-nums empty:hidden data-[over=true]:font-semibold "
            "data-[over=true]:text-danger-ink",
        ),
        id="chat-form",
        class_name="z-sticky flex shrink-0 flex-col items-start gap-2 border-t border-border bg-surface px-3 pt-2.5 "
        "pb-[max(0.625rem,env(safe-area-inset-bottom))] sm:px-4",
    )


def _file_input(
    id_: str, icon: str, label: rx.Var[str], *, only_on_phones: bool = False
) -> rx.Component:
    """A label is its button; the input stays focusable."""
    return rx.el.label(
        rx.el.input(
            id=id_,
            type="file",
            accept=PICTURES,
            aria_label=label,
            class_name="sr-only",
            **({"custom_attrs": {"capture": "environment"}} if only_on_phones else {}),
        ),
        rx.icon(icon, size=21),
        title=label,
        class_name="size-11 shrink-0 cursor-pointer place-items-center rounded-full text-muted hover:bg-hover "
        "hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-focus "
        + ("hidden pointer-coarse:grid" if only_on_phones else "grid"),
    )


def _notice() -> rx.Component:
    return rx.el.p(
        id="chat-notice",
        role="alert",
        class_name="rounded-control bg-danger-soft px-3 py-2 text-small font-medium text-danger-ink empty:hidden",
    )


def _attachment() -> rx.Component:
    """The chosen picture while it travels."""
    return rx.el.div(
        rx.el.img(
            id="chat-preview",
            alt=t("chat.preview"),
            class_name="size-14 shrink-0 rounded-small object-cover",
        ),
        rx.el.progress(
            id="chat-progress",
            max=100,
            value=0,
            aria_label=t("chat.uploading"),
            class_name="progress min-w-0 grow data-[done=true]:invisible",
        ),
        ui.icon_button("x", t("chat.remove_picture"), tip="", data_chat="drop-picture"),
        id="chat-attachment",
        hidden=True,
        class_name="flex w-full items-center gap-3 rounded-control bg-sunken p-2",
    )


def _drop_target() -> rx.Component:
    return rx.el.div(
        rx.icon("image-up", size=32),
        t("chat.drop_here"),
        aria_hidden=True,
        class_name="pointer-events-none absolute inset-3 z-banner hidden flex-col items-center justify-center gap-3 "
        "rounded-card border-2 border-dashed border-accent bg-accent-soft/90 text-lead font-semibold "
        "text-accent-ink group-data-[dragging=true]/chat:flex",
    )


def _words() -> rx.Component:
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


def _unknown() -> rx.Component:
    return ui.empty_state("store", t("chat.unknown_title"), t("chat.unknown_text"))


def _problem(state: rx.Component) -> rx.Component:
    return rx.el.main(state, class_name="grid h-full place-items-center bg-canvas p-4")
