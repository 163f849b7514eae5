"""Which kinds of channel there are, each with its adapter."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, cast

from chatrigo.errors import NotFound
from chatrigo.integrations.channels.port import Account, Adapter

# In the order in which they are offered. Each is a module here with an `adapter`, read when it
# is first needed.
LISTED = ("whatsapp", "telegram", "instagram", "messenger", "email", "api")


class Opened(Protocol):
    """A channel of ours with its secrets open."""

    @property
    def kind(self) -> str: ...
    @property
    def external_id(self) -> str: ...
    @property
    def secrets(self) -> dict[str, str]: ...
    @property
    def settings(self) -> dict[str, Any]: ...


_added: dict[str, Adapter] = {}


def kinds() -> tuple[str, ...]:
    """The kinds that can be connected."""
    return (*(kind for kind in LISTED if _is_there(kind)), *_added)


def adapter_of(kind: str) -> Adapter:
    """Raises NotFound for a kind without an adapter: our own chat, or one that nobody knows."""
    if kind in _added:
        return _added[kind]
    if kind not in LISTED or not _is_there(kind):
        raise NotFound("errors.not_found")
    return _read(kind)


def add(adapter: Adapter) -> None:
    """One more kind, or another adapter for a kind that is listed."""
    _added[adapter.kind] = adapter


def forget(kind: str) -> None:
    _added.pop(kind, None)


@cache
def _is_there(kind: str) -> bool:
    return find_spec(f"{__package__}.{kind}") is not None


@cache
def _read(kind: str) -> Adapter:
    return cast(Adapter, import_module(f"{__package__}.{kind}").adapter)


def account_of(channel: Opened) -> Account:
    """A channel as its adapter takes it."""
    return Account(channel.kind, channel.external_id, channel.secrets, channel.settings)
