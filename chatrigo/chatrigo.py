"""The application, put together."""

from functools import partial

import reflex as rx

from chatrigo.config import settings
from chatrigo.serving import sockets
from chatrigo.serving.front_end import STATIC
from chatrigo.serving.lifespan import lifespan
from chatrigo.web import api, auth, chat, export, files, hooks, team
from chatrigo.web import knowledge as knowledge_files
from chatrigo.web.guard import Guard, routed
from chatrigo.workflows import answer, chores, deliver, import_source, prove, send_mail, take_in
from chatrigo.workflows import invite as inviting
from components import ui
from components.shell import around, boundary, not_found
from pages import (
    assistant,
    catalogue,
    follow_ups,
    forgot,
    gallery,
    inbox,
    invite,
    knowledge,
    landing,
    mailbox,
    operator,
    sign_in,
    sign_up,
)
from pages import chat as chat_page
from pages import settings as settings_page
from pages.assistant import tools as tools_page
from pages.knowledge import proposals, questions, source, sources
from pages.settings import audit as audit_page
from pages.settings import channels as channels_page
from pages.settings import model as model_page
from pages.settings import security
from pages.settings import support as support_page
from pages.settings import team as team_page
from pages.settings import templates as templates_page
from state.assistant import AssistantState
from state.assistant_history import HistoryState
from state.audit import AuditState
from state.catalogue import CatalogueState
from state.channels import ChannelsState
from state.contradictions import ContradictionsState
from state.forgot import ForgotState
from state.invite import InviteState
from state.knowledge import KnowledgeState
from state.learning import LearningState
from state.mailbox import MailboxState
from state.model import ModelState
from state.operator import OperatorState
from state.own_tests import OwnTestsState
from state.playground import PlaygroundState
from state.proposals import ProposalsState
from state.security import SecurityState
from state.session import SessionState
from state.settings import SettingsState
from state.sign_in import SignInState
from state.sign_up import SignUpState
from state.source import SourceState
from state.sources import SourcesState
from state.step_up import show_error
from state.support import SupportState
from state.team import TeamState
from state.templates import TemplatesState
from state.tools import ToolsState

# Registered with DBOS by being imported, before the lifespan launches it.
WORKFLOWS = (
    answer.answer,
    send_mail.send_mail,
    chores.clean,
    chores.end_support,
    inviting.invite,
    prove.prove,
    take_in.take_in,
    take_in.fetch_file,
    deliver.deliver,
    import_source.import_source,
    import_source.refresh_source,
    import_source.forget_file,
)
# Everything that is not a page; tests/test_doors.py knocks on each.
ROUTES = [
    *api.routes,
    *auth.routes,
    *chat.routes,
    *export.routes,
    *files.routes,
    *hooks.routes,
    *knowledge_files.routes,
    *team.routes,
]
# Hot reload writes new inline scripts while we run, so there their hashes tell nothing.
built = None if settings.dev else STATIC

app = rx.App(
    api_transformer=[
        routed(ROUTES),
        partial(Guard, built=built),
    ],
    backend_exception_handler=show_error,
    html_lang="id",
    stylesheets=["/theme.css"],
    toaster=ui.toaster(),
    head_components=[
        # Room for the phone's notch, and for its keyboard, which else covers what is typed.
        rx.el.meta(
            name="viewport",
            content="width=device-width, initial-scale=1, viewport-fit=cover, "
            "interactive-widget=resizes-content",
        ),
        rx.el.meta(
            name="theme-color",
            content="#f7f5f0",
            custom_attrs={"media": "(prefers-color-scheme: light)"},
        ),
        rx.el.meta(
            name="theme-color",
            content="#121512",
            custom_attrs={"media": "(prefers-color-scheme: dark)"},
        ),
        rx.el.script(src="/storage.js"),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(
            rel="preload",
            href="/fonts/plus-jakarta-sans.woff2",
            type="font/woff2",
            cross_origin="anonymous",
            custom_attrs={"as": "font"},
        ),
        rx.el.script(src="/ui.js", defer=True),
        rx.el.script(src="/chat.js", defer=True),
        rx.el.script(src="/forms.js", defer=True),
        rx.el.script(src="/upload.js", defer=True),
        rx.el.script(src="/passkeys.js", defer=True),
    ],
)
app.register_lifespan_task(lifespan)
app.register_lifespan_task(sockets.watch)
app.app_wraps[(55, "ErrorBoundary")] = lambda _stateful: boundary()
app.app_wraps[(5, "Overlay")] = lambda stateful: around() if stateful else None

app.add_page(
    lambda: landing.page(demo=settings.demo),
    route="/",
    title=landing.TITLE,
    description=landing.DESCRIPTION,
    image=f"{settings.public_url}/preview.png",
)
app.add_page(sign_in.page, route="/sign-in", title=sign_in.TITLE, on_load=SignInState.arrive)
app.add_page(forgot.page, route="/forgot", title=forgot.TITLE, on_load=ForgotState.open)
app.add_page(sign_up.page, route="/sign-up", title=sign_up.TITLE, on_load=SignUpState.arrive)
app.add_page(invite.page, route="/invite", title=invite.TITLE, on_load=InviteState.arrive)
if settings.demo:
    app.add_page(mailbox.page, route="/mailbox", title=mailbox.TITLE, on_load=MailboxState.follow)
app.add_page(
    chat_page.page, route=chat_page.ROUTE, title=chat_page.TITLE, on_load=chat_page.ON_LOAD
)
app.add_page(
    knowledge.page,
    route="/knowledge",
    title="Pengetahuan · Chatrigo",
    on_load=[SessionState.load, KnowledgeState.follow, ContradictionsState.follow],
)
app.add_page(
    catalogue.page,
    route="/catalogue",
    title=catalogue.TITLE,
    on_load=[SessionState.load, CatalogueState.follow],
)
app.add_page(
    questions.page,
    route="/knowledge/questions",
    title="Belum terjawab · Chatrigo",
    on_load=[SessionState.load, LearningState.follow],
)
app.add_page(
    sources.page,
    route="/knowledge/sources",
    title="Sumber · Chatrigo",
    on_load=[SessionState.load, SourcesState.follow],
)
app.add_page(
    source.page,
    route=source.ROUTE,
    title="Sumber · Chatrigo",
    on_load=[SessionState.load, SourceState.follow],
)
app.add_page(
    proposals.page,
    route="/knowledge/proposals",
    title="Usulan · Chatrigo",
    on_load=[SessionState.load, ProposalsState.follow],
)
app.add_page(
    assistant.page,
    route="/assistant",
    title="Asisten · Chatrigo",
    on_load=[SessionState.load, AssistantState.follow, ContradictionsState.follow],
)
app.add_page(
    tools_page.page,
    route="/assistant/tools",
    title=tools_page.TITLE,
    on_load=[SessionState.load, ToolsState.follow],
)
app.add_page(
    assistant.tests,
    route="/assistant/tests",
    title="Tes asisten · Chatrigo",
    on_load=[SessionState.load, OwnTestsState.follow],
)
app.add_page(
    assistant.history,
    route="/assistant/history",
    title="Riwayat asisten · Chatrigo",
    on_load=[SessionState.load, HistoryState.follow],
)
app.add_page(
    assistant.trying,
    route="/assistant/try",
    title="Coba asisten · Chatrigo",
    on_load=[SessionState.load, PlaygroundState.follow],
)
app.add_page(
    settings_page.page,
    route="/settings",
    title="Pengaturan · Chatrigo",
    on_load=[SessionState.load, SettingsState.follow],
)
app.add_page(
    security.page,
    route="/settings/security",
    title=security.TITLE,
    on_load=[SessionState.load, SecurityState.load],
)
app.add_page(
    settings_page.poster,
    route="/settings/qr",
    title="QR · Chatrigo",
    on_load=[SessionState.load, SettingsState.follow],
)
app.add_page(
    team_page.page,
    route="/settings/team",
    title=team_page.TITLE,
    on_load=[SessionState.load, TeamState.follow],
)
app.add_page(
    model_page.page,
    route="/settings/model",
    title=model_page.TITLE,
    on_load=[SessionState.load, ModelState.follow],
)
app.add_page(
    channels_page.page,
    route="/settings/channels",
    title=channels_page.TITLE,
    on_load=[SessionState.load, ChannelsState.follow],
)
app.add_page(
    templates_page.page,
    route="/settings/channels/templates",
    title=templates_page.TITLE,
    on_load=[SessionState.load, TemplatesState.follow],
)
app.add_page(
    support_page.page,
    route="/settings/support",
    title=support_page.TITLE,
    on_load=[SessionState.load, SupportState.follow],
)
app.add_page(
    operator.business,
    route="/operator/[shop_id]",
    title=operator.TITLE,
    on_load=[SessionState.load, OperatorState.load_business],
)
app.add_page(
    operator.listing,
    route="/operator",
    title=operator.TITLE,
    on_load=[SessionState.load, OperatorState.load_list],
)
app.add_page(
    operator.usage,
    route="/operator/usage",
    title=operator.TITLE,
    on_load=[SessionState.load, OperatorState.load_usage],
)
app.add_page(
    operator.health,
    route="/operator/health",
    title=operator.TITLE,
    on_load=[SessionState.load, OperatorState.load_health],
)
app.add_page(
    audit_page.page,
    route="/settings/audit",
    title=audit_page.TITLE,
    on_load=[SessionState.load, AuditState.open],
)
app.add_page(
    follow_ups.page, route=follow_ups.ROUTE, title=follow_ups.TITLE, on_load=follow_ups.ON_LOAD
)
app.add_page(not_found, route="404", title="Chatrigo")
app.add_page(inbox.page, route=inbox.ROUTE, title=inbox.TITLE, on_load=inbox.ON_LOAD)
if settings.dev:
    app.add_page(gallery.page, route="/gallery", title="Galeri · Chatrigo")
