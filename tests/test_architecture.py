"""The arrows between packages point one way, and a few things are done in one place only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import reflex as rx

ROOT = Path(__file__).parent.parent
OURS = {"chatrigo", "pages", "state", "components"}
CORE = (
    "chatrigo.config",
    "chatrigo.errors",
    "chatrigo.events",
    "chatrigo.faults",
    "chatrigo.duties",
    "chatrigo.i18n",
    "chatrigo.security",
    "chatrigo.limits",
    "chatrigo.file_links",
    "chatrigo.cookies",
    "chatrigo.language_model",
)
DOMAIN = ("chatrigo.domain", "chatrigo.models", "chatrigo.retrieval", "chatrigo.qris")
MAY_IMPORT = {
    "chatrigo/models": ("chatrigo.models",),
    "chatrigo/qris": ("chatrigo.qris", "chatrigo.errors"),
    "chatrigo/retrieval": ("chatrigo.retrieval", "chatrigo.models"),
    "chatrigo/domain": (*CORE, *DOMAIN),
    "chatrigo/integrations": (
        "chatrigo.integrations",
        "chatrigo.config",
        "chatrigo.errors",
        "chatrigo.language_model",
        "chatrigo.security",
    ),
    "chatrigo/workflows": (
        *CORE,
        *DOMAIN,
        "chatrigo.db",
        "chatrigo.integrations",
        "chatrigo.workflows",
    ),
    "chatrigo/web": (*CORE, *DOMAIN, "chatrigo.db", "chatrigo.integrations", "chatrigo.web"),
    "state": (
        *CORE,
        "chatrigo.db",
        "chatrigo.domain",
        "chatrigo.integrations",
        "chatrigo.workflows.contradict",
        "chatrigo.workflows.rehearse",
        "chatrigo.workflows.templates",
        "chatrigo.workflows.try_model",
        "chatrigo.workflows.http_tool",
        "chatrigo.workflows.vectors",
        "state",
    ),
    "components": ("chatrigo.domain", "chatrigo.i18n", "chatrigo.config", "state", "components"),
    "pages": (
        "chatrigo.domain",
        "chatrigo.i18n",
        "chatrigo.config",
        "state",
        "components",
        "pages",
    ),
}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Every module of ours that the file imports, in full."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.split(".")[0] in OURS}


def allowed(name: str, roots: tuple[str, ...]) -> bool:
    return f"{name}.".startswith(tuple(f"{root}." for root in roots))


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_point_inwards(folder):
    for path in sources(folder):
        strays = {name for name in imports(path) if not allowed(name, MAY_IMPORT[folder])}
        assert not strays, f"{path.relative_to(ROOT)} may not import {sorted(strays)}"


def test_the_core_knows_no_screen():
    for path in sources("chatrigo"):
        if path.name == "chatrigo.py":
            continue
        screens = {n for n in imports(path) if n.split(".")[0] in OURS - {"chatrigo"}}
        assert not screens, f"{path.relative_to(ROOT)} may not import {sorted(screens)}"


def test_only_config_reads_the_environment():
    for path in sources(*OURS):
        where = path.relative_to(ROOT).as_posix()
        # Those who start child processes hand the environment on.
        if where == "chatrigo/config.py" or where.startswith("chatrigo/serving/"):
            continue
        read = {
            node.attr
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "os"
            and node.attr in ("getenv", "environ", "environb")
        }
        assert not read, f"{path.relative_to(ROOT)} reads the environment"


def test_only_db_opens_a_session():
    for path in sources(*OURS):
        if path.relative_to(ROOT).as_posix() == "chatrigo/db.py":
            continue
        opened = [
            node
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("Session", "sessionmaker", "AsyncSession")
        ]
        assert not opened, f"{path.relative_to(ROOT)} opens a session of its own"


def test_the_domain_never_commits():
    for path in sources("chatrigo/domain", "chatrigo/retrieval"):
        committed = [
            node
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback")
        ]
        assert not committed, f"{path.relative_to(ROOT)} ends a transaction"


def test_every_public_method_of_a_state_is_an_event_handler():
    import chatrigo.chatrigo  # noqa: F401  (imports every state)

    waiting, states = [rx.State], []
    while waiting:
        state = waiting.pop()
        waiting += state.get_substates()
        if state.__module__.split(".")[0] == "state":
            states.append(state)
    assert states
    for state in states:
        for name, member in vars(state).items():
            if name.startswith("_") or not callable(member) or isinstance(member, type):
                continue
            assert name in state.event_handlers, f"{state.__name__}.{name} is no event handler"


# Of people who have not signed in, or of nobody in particular; each asks the domain as PUBLIC.
FOR_EVERYBODY = {
    "ChatState",
    "ForgotState",
    "GalleryState",
    "LocaleState",
    "MailboxState",
    "SessionState",
    "SignInState",
    "SignUpState",
}


def test_every_state_acts_through_the_one_base():
    import chatrigo.chatrigo  # noqa: F401  (imports every state)
    from state.session import Signed

    waiting, others = [rx.State], set()
    while waiting:
        state = waiting.pop()
        waiting += state.get_substates()
        if state.__module__.split(".")[0] == "state" and not issubclass(state, Signed):
            others.add(state.__name__)
    assert others <= FOR_EVERYBODY


def test_routes_learn_who_is_asking_in_one_place():
    """`web/signed.py` reads the session's cookie; `web/auth.py` sets and removes it."""
    for path in sources("chatrigo/web"):
        if path.name not in ("signed.py", "auth.py"):
            assert "sessions.find" not in path.read_text(), path.name


def test_no_file_grows_out_of_hand():
    for path in sources(*OURS):
        lines = len(path.read_text().splitlines())
        assert lines <= 450, f"{path.relative_to(ROOT)} has {lines} lines: split it by action"
