"""What an owner chooses: the platform's model or one of their own, and who helps out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo import limits, security
from chatrigo.config import settings
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, require
from chatrigo.domain.accounts import step_up
from chatrigo.domain.fields import choice_of, line_of
from chatrigo.domain.model.choice import FALLBACK_KEY, KEY, chosen, models_of
from chatrigo.domain.settings import own_business
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.language_model import Model, Models, platform
from chatrigo.models.columns import now
from chatrigo.models.model import ModelSetting

TOPIC = "model"
FALLBACKS = ("", "platform", "own")
HIGHEST_PRICE = 1_000_000_000
WHICH = ("first", "second")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """The form as it stands. Keys stay in the database: only whether there is one leaves it."""

    own: bool = False
    name: str = ""
    base_url: str = ""
    has_key: bool = False
    sees: bool = False
    input_rupiah: int = 0
    output_rupiah: int = 0
    fallback: str = ""
    fallback_name: str = ""
    fallback_base_url: str = ""
    fallback_has_key: bool = False
    fallback_sees: bool = False
    fallback_input_rupiah: int = 0
    fallback_output_rupiah: int = 0


@dataclass(frozen=True, slots=True)
class InUseRow:
    """A model that answers for the business; an empty name is none."""

    name: str = ""
    host: str = ""
    own: bool = False
    sees: bool = False


@dataclass(frozen=True, slots=True)
class ModelsRow:
    choice: ChoiceRow = ChoiceRow()
    first: InUseRow = InUseRow()
    second: InUseRow = InUseRow()
    platform: str = ""


def get_models(session: Session, actor: Actor) -> ModelsRow:
    require(actor, "keys")
    row = _row_of(session, actor)
    models = chosen(row)
    ours = platform().first
    return ModelsRow(
        _choice(row), _in_use(models.first), _in_use(models.second), ours.name if ours else ""
    )


def answering_model(session: Session, actor: Actor) -> str:
    """The name of the model that answers, for the screens that say how; empty for none."""
    require(actor, "inbox.read")
    first = models_of(session, actor).first
    return first.name if first else ""


def save_models(session: Session, actor: Actor, wishes: Any) -> ModelsRow:
    """
    `wishes` are the fields of ChoiceRow, with `key` and `fallback_key` for the keys: empty keeps
    the one that is there, `drop_key` and `drop_fallback_key` remove it. Raises Invalid.

    A key goes wherever its address leads: a new address wants the key again, and both want proof.
    """
    require(actor, "keys")
    step_up.require_recent(session, actor)
    own_business(session, actor, lock=True)
    asked = wishes if isinstance(wishes, Mapping) else {}
    row = _row_of(session, actor) or ModelSetting(business_id=actor.business_id)
    before = _told(row)
    row.own = asked.get("own") in (True, "on", "true")
    row.fallback = choice_of(asked.get("fallback"), "model.fallback", FALLBACKS)
    with session.no_autoflush:
        if row.own:
            _fill_first(row, asked)
        if row.fallback == "own":
            _fill_second(row, asked)
    if not row.own and row.fallback == "platform":
        row.fallback = ""
    row.updated_at = now()
    session.add(row)
    session.flush()
    after = _told(row)
    if asked.get("key") or asked.get("fallback_key"):
        after = {**after, "key": "•••"}
    audit.note(session, actor, "model.changed", row.name, before=before, after=after)
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return get_models(session, actor)


def begin_trial(session: Session, actor: Actor, which: Any) -> Models:
    """The model to be tried, alone. Raises Invalid where there is none, LimitReached."""
    require(actor, "keys")
    asked = choice_of(which, "model.which", WHICH)
    limits.check(session, "model trials by business", str(actor.business_id))
    models = models_of(session, actor)
    model = models.first if asked == "first" else models.second
    if model is None:
        raise Invalid("model.nothing_to_try")
    return Models(model)


def _fill_first(row: ModelSetting, asked: Mapping[str, Any]) -> None:
    row.name = line_of(asked.get("name"), "model.name", most=120, least=1)
    place = _address(asked.get("base_url"), "model.base_url")
    row.api_key = _key(
        asked.get("key"),
        asked.get("drop_key"),
        row.api_key,
        _host(place) == _host(row.base_url),
        KEY.format(row.business_id),
        "model.key",
    )
    row.base_url = place
    row.sees = asked.get("sees") in (True, "on", "true")
    row.input_rupiah = _price(asked.get("input_rupiah"), "model.input_rupiah")
    row.output_rupiah = _price(asked.get("output_rupiah"), "model.output_rupiah")


def _fill_second(row: ModelSetting, asked: Mapping[str, Any]) -> None:
    row.fallback_name = line_of(
        asked.get("fallback_name"), "model.fallback_name", most=120, least=1
    )
    written = asked.get("fallback_base_url")
    same = row.own and not (isinstance(written, str) and written.strip())
    place = "" if same else _address(written, "model.fallback_base_url")
    row.fallback_api_key = _key(
        asked.get("fallback_key"),
        asked.get("drop_fallback_key"),
        row.fallback_api_key,
        _host(place) == _host(row.fallback_base_url),
        FALLBACK_KEY.format(row.business_id),
        "model.fallback_key",
    )
    row.fallback_base_url = place
    row.fallback_sees = asked.get("fallback_sees") in (True, "on", "true")
    row.fallback_input_rupiah = _price(
        asked.get("fallback_input_rupiah"), "model.fallback_input_rupiah"
    )
    row.fallback_output_rupiah = _price(
        asked.get("fallback_output_rupiah"), "model.fallback_output_rupiah"
    )


def _key(value: Any, drop: Any, kept: str, same_place: bool, purpose: str, field: str) -> str:
    given = value.strip() if isinstance(value, str) else ""
    if given:
        if len(given) > 500 or not (given.isascii() and given.isprintable()) or " " in given:
            raise Invalid(f"{field}_shape")
        return security.lock(purpose, given)
    if drop in (True, "on", "true"):
        return ""
    if kept and not same_place:
        raise Invalid(f"{field}_again")
    return kept


def _address(value: Any, field: str) -> str:
    """https and a name of the internet; where it leads is looked at again at each connection."""
    place = line_of(value, field, most=500, least=8).rstrip("/")
    try:
        parts = urlsplit(place)
        port = parts.port
    except ValueError:
        raise Invalid(f"{field}_shape") from None
    if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
        raise Invalid(f"{field}_shape")
    if port is not None and port != 443 and not 1024 <= port <= 65_535:
        raise Invalid(f"{field}_shape")
    local = settings.models_on_loopback and parts.hostname in _LOOPBACK
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise Invalid(f"{field}_shape")
    if parts.hostname in _LOOPBACK and not local:
        raise Invalid(f"{field}_shape")
    return place


def _host(place: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(place)
    return parts.scheme, parts.hostname, parts.port


def _price(value: Any, field: str) -> int:
    text = str(value).strip().replace(".", "") if isinstance(value, int | str) else ""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or int(text[:12]) > HIGHEST_PRICE:
        raise Invalid(f"{field}_shape")
    return int(text)


def _row_of(session: Session, actor: Actor) -> ModelSetting | None:
    query = select(ModelSetting).where(col(ModelSetting.business_id) == actor.business_id)
    return session.execute(query).scalars().first()


def _choice(row: ModelSetting | None) -> ChoiceRow:
    if row is None:
        return ChoiceRow()
    return ChoiceRow(
        own=row.own,
        name=row.name,
        base_url=row.base_url,
        has_key=bool(row.api_key),
        sees=row.sees,
        input_rupiah=row.input_rupiah,
        output_rupiah=row.output_rupiah,
        fallback=row.fallback,
        fallback_name=row.fallback_name,
        fallback_base_url=row.fallback_base_url,
        fallback_has_key=bool(row.fallback_api_key),
        fallback_sees=row.fallback_sees,
        fallback_input_rupiah=row.fallback_input_rupiah,
        fallback_output_rupiah=row.fallback_output_rupiah,
    )


def _in_use(model: Model | None) -> InUseRow:
    """The platform's endpoint is the platform's affair."""
    if model is None:
        return InUseRow()
    return InUseRow(model.name, model.host if model.own else "", model.own, model.sees)


def _told(row: ModelSetting) -> dict[str, Any]:
    """For the audit log: everything but the keys."""
    own = {"model": row.name, "endpoint": row.base_url} if row.own else {"model": "platform"}
    if row.fallback == "own":
        place = row.fallback_base_url or row.base_url
        return {**own, "fallback": row.fallback_name, "fallback_endpoint": place}
    return {**own, "fallback": row.fallback}
