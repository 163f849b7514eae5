"""Which models a business uses: its own, or the platform's."""

import logging

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from chatrigo import security
from chatrigo.domain.access import Actor
from chatrigo.language_model import Model, Models, platform
from chatrigo.models.model import ModelSetting

log = logging.getLogger(__name__)

KEY = "model key of business {}"
FALLBACK_KEY = "fallback model key of business {}"

_SETTING = select(ModelSetting).where(ModelSetting.business_id == bindparam("business"))


def models_of(session: Session, actor: Actor) -> Models:
    """The one place that decides it; whoever has the row already calls `chosen`."""
    row = session.execute(_SETTING, {"business": actor.business_id}).scalars().first()
    return chosen(row)


def chosen(row: ModelSetting | None) -> Models:
    ours = platform()
    if row is None:
        return ours
    first = own_of(row) if row.own else ours.first
    if row.fallback == "own" and row.fallback_name:
        second: Model | None = fallback_of(row)
    elif row.fallback == "platform" or not row.own:
        second = ours.first if row.own else ours.second
    else:
        second = None
    return Models(first, second if first and second != first else None)


def own_of(row: ModelSetting) -> Model:
    return Model(
        row.name,
        row.base_url,
        opened(KEY.format(row.business_id), row.api_key),
        own=True,
        sees=row.sees,
        input_rupiah=row.input_rupiah,
        output_rupiah=row.output_rupiah,
    )


def fallback_of(row: ModelSetting) -> Model:
    """At an endpoint of its own, or at that of the business's first model, with its key."""
    elsewhere = row.fallback_base_url and row.fallback_base_url != row.base_url
    key = opened(FALLBACK_KEY.format(row.business_id), row.fallback_api_key)
    if not key and not elsewhere:
        key = opened(KEY.format(row.business_id), row.api_key)
    return Model(
        row.fallback_name,
        row.fallback_base_url or row.base_url,
        key,
        own=True,
        sees=row.fallback_sees,
        input_rupiah=row.fallback_input_rupiah,
        output_rupiah=row.fallback_output_rupiah,
    )


def opened(purpose: str, locked: str) -> str:
    """The key; none if the server's secret was lost, and then the model refuses."""
    if not locked:
        return ""
    try:
        return security.unlock(purpose, locked)
    except ValueError:
        log.exception("%s can't be opened", purpose)
        return ""
