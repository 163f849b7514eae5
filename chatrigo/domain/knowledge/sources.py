"""
Files, pages and chats that knowledge is made of: what their owner does with them.

A change that needs reading is only promised here; `importing` is the other half, which the
workflow calls. `run` counts the promises: an older one finds that it is no longer wanted.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlmodel import col, delete, func, select, update

from chatrigo import limits
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.fields import choice_of, line_of
from chatrigo.domain.knowledge.vectors import promise_vectors
from chatrigo.domain.settings import own_business
from chatrigo.duties import enqueue
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, SourceChanged, record
from chatrigo.i18n import translate
from chatrigo.models.columns import now
from chatrigo.models.knowledge import KnowledgeEntry, KnowledgeVector
from chatrigo.models.source import KnowledgeProposal, KnowledgeSource
from chatrigo.retrieval.search import touch

IMPORTS = "imports"
KINDS = ("file", "page", "sitemap", "whatsapp")
UPLOADED = ("file", "whatsapp")
FETCHED = ("page", "sitemap")
SCHEDULES = ("never", "daily", "weekly")
EVERY = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
RUNNING = ("queued", "reading", "indexing")
MAX_SOURCES = 200
MAX_BYTES = 30 * 1024 * 1024
MAX_ADDRESS = 2_000
MAX_NAME = 300


@dataclass(frozen=True, slots=True)
class SourceRow:
    """
    `state` is queued, reading, indexing, ready, failed or cancelled; `done` of `total` while it is
    being read. `problem` says in both languages what went wrong or was left out. `used` counts
    the answers of the last 90 days that rest on it, `proposed` the pairs that wait for approval.
    """

    id: int = 0
    kind: str = "file"
    name: str = ""
    address: str = ""
    format: str = ""
    state: str = "queued"
    running: bool = False
    done: int = 0
    total: int = 0
    problem: str = ""
    problem_en: str = ""
    pieces: int = 0
    bytes: int = 0
    schedule: str = "never"
    enabled: bool = True
    created_at: str = ""
    checked_at: str = ""
    indexed_at: str = ""
    people: list[str] = field(default_factory=list)
    shop: str = ""
    proposed: int = 0
    used: int = 0


def list_sources(session: Session, actor: Actor) -> list[SourceRow]:
    """All of them, the newest first."""
    require(actor, "teach")
    query = (
        select(KnowledgeSource)
        .where(KnowledgeSource.business_id == actor.business_id)
        .order_by(col(KnowledgeSource.id).desc())
        .limit(MAX_SOURCES)
    )
    found = session.execute(query).scalars().all()
    used, proposed = _used(session, actor), _proposed(session, actor)
    return [row_of(s, used.get(s.id or 0, 0), proposed.get(s.id or 0, 0)) for s in found]


def get_source(session: Session, actor: Actor, source_id: Any) -> SourceRow:
    require(actor, "teach")
    source = owned(session, actor, KnowledgeSource, source_id)
    assert source.id
    used, proposed = _used(session, actor, source.id), _proposed(session, actor)
    return row_of(source, used.get(source.id, 0), proposed.get(source.id, 0))


def allow_upload(session: Session, actor: Actor) -> None:
    """Before a file is taken in. Raises Forbidden, LimitReached, and Invalid when there are enough."""
    require(actor, "teach")
    _make_room(session, actor)


def add_file(
    session: Session, actor: Actor, kind: Any, name: Any, sha256: str, size: int
) -> SourceRow:
    """A file that has been stored. Raises Invalid for one that is a source already."""
    require(actor, "teach")
    known_kind = choice_of(kind, "sources.kind", UPLOADED)
    own_business(session, actor, lock=True)
    _make_room(session, actor)
    _refuse_same(session, actor, col(KnowledgeSource.sha256) == sha256, known_kind)
    limits.check(session, "import by business", str(actor.business_id))
    title = line_of(name, "sources.name", most=MAX_NAME, least=1)
    return _added(
        session,
        actor,
        KnowledgeSource(
            business_id=actor.business_id,
            kind=known_kind,
            name=title,
            address=title,
            sha256=sha256,
            bytes=size,
            created_by=actor.account_id,
        ),
    )


def add_page(
    session: Session, actor: Actor, kind: Any, address: Any, schedule: Any = "never"
) -> SourceRow:
    """A web page, or the map of a site. Raises Invalid."""
    require(actor, "teach")
    known_kind = choice_of(kind, "sources.kind", FETCHED)
    url = _address(address)
    own_business(session, actor, lock=True)
    _make_room(session, actor)
    _refuse_same(session, actor, col(KnowledgeSource.address) == url, known_kind)
    limits.check(session, "import by business", str(actor.business_id))
    return _added(
        session,
        actor,
        KnowledgeSource(
            business_id=actor.business_id,
            kind=known_kind,
            name=url.partition("://")[2].rstrip("/")[:MAX_NAME],
            address=url,
            schedule=choice_of(schedule, "sources.schedule", SCHEDULES),
            created_by=actor.account_id,
        ),
    )


def rename_source(session: Session, actor: Actor, source_id: Any, name: Any) -> SourceRow:
    require(actor, "teach")
    source = owned(session, actor, KnowledgeSource, source_id, lock=True)
    source.name = line_of(name, "sources.name", most=MAX_NAME, least=1)
    return told(session, source)


def enable_source(session: Session, actor: Actor, source_id: Any, on: Any) -> SourceRow:
    """All its pieces at once, for the very next question; pieces switched off by hand stay so."""
    require(actor, "teach")
    source = owned(session, actor, KnowledgeSource, source_id, lock=True)
    source.enabled = on is True
    session.flush()
    session.execute(
        update(KnowledgeEntry)
        .where(
            col(KnowledgeEntry.business_id) == actor.business_id,
            col(KnowledgeEntry.source_id) == source.id,
        )
        .values(enabled=~col(KnowledgeEntry.withheld) if source.enabled else False)
    )
    if source.enabled:
        promise_vectors(session, actor)
    else:
        # They would take the places of those that may be used among the nearest.
        session.execute(
            delete(KnowledgeVector).where(
                col(KnowledgeVector.entry_id).in_(
                    select(KnowledgeEntry.id).where(KnowledgeEntry.source_id == source.id)
                )
            )
        )
    touch(session, actor.business_id)
    record(session, SettingsChanged(actor.business_id, "knowledge"))
    return told(session, source)


def schedule_source(session: Session, actor: Actor, source_id: Any, schedule: Any) -> SourceRow:
    """How often to fetch it again: daily, weekly or never."""
    require(actor, "teach")
    source = owned(session, actor, KnowledgeSource, source_id, lock=True)
    chosen = choice_of(schedule, "sources.schedule", SCHEDULES)
    source.schedule = chosen if source.kind in FETCHED else "never"
    plan_next(session, source)
    return told(session, source)


def import_again(session: Session, actor: Actor, source_id: Any) -> SourceRow:
    """Read it anew; what was read before is used until that is done. Nothing while it is running."""
    require(actor, "teach")
    source = owned(session, actor, KnowledgeSource, source_id, lock=True)
    if source.state in RUNNING:
        return row_of(source)
    limits.check(session, "import by business", str(actor.business_id))
    source.digest = ""
    start(session, source)
    return told(session, source)


def choose_shop(session: Session, actor: Actor, source_id: Any, name: Any) -> SourceRow:
    """Say who of an exported chat is the shop, and propose anew."""
    require(actor, "teach")
    source = owned(session, actor, KnowledgeSource, source_id, lock=True)
    if source.state in RUNNING or name not in source.details.get("people", ()):
        raise Invalid("sources.person_unknown")
    source.details = {**source.details, "shop": name, "chosen": True}
    start(session, source)
    return told(session, source)


def cancel_import(session: Session, actor: Actor, source_id: Any) -> SourceRow:
    """Stop reading; what was read before is used on."""
    require(actor, "teach")
    source = owned(session, actor, KnowledgeSource, source_id, lock=True)
    if source.state in RUNNING:
        source.run += 1
        source.state, source.done, source.total = "cancelled", 0, 0
    return told(session, source)


def delete_source(session: Session, actor: Actor, source_id: Any) -> None:
    """Forget it with its pieces and what it proposed, at once; its file goes after it."""
    require(actor, "teach")
    source = owned(session, actor, KnowledgeSource, source_id, lock=True)
    audit.note(
        session,
        actor,
        "knowledge.source_deleted",
        source.name,
        before={"kind": source.kind, "address": source.address, "pieces": source.pieces},
    )
    session.execute(delete(KnowledgeSource).where(col(KnowledgeSource.id) == source.id))
    session.expunge(source)
    touch(session, actor.business_id)
    if source.sha256:
        enqueue(
            session,
            "forget_file",
            actor.business_id,
            source.sha256,
            key=f"forget:{source.id}",
            queue=IMPORTS,
            partition=str(actor.business_id),
        )
    record(session, SettingsChanged(actor.business_id, "knowledge"))
    record(session, SettingsChanged(actor.business_id, "sources"))


def start(session: Session, source: KnowledgeSource) -> None:
    """Promise to read the source; whatever was promised before is off."""
    source.run += 1
    source.state, source.done, source.total = "queued", 0, 0
    source.error, source.error_values = "", {}
    session.flush()
    enqueue(
        session,
        "import_source",
        source.business_id,
        source.id or 0,
        source.run,
        key=f"import:{source.id}:{source.run}",
        queue=IMPORTS,
        partition=str(source.business_id),
    )


def plan_next(session: Session, source: KnowledgeSource) -> None:
    """Make the appointment for fetching it again; an older one is off."""
    source.wake += 1
    if source.schedule not in EVERY or source.kind not in FETCHED:
        return
    session.flush()
    enqueue(
        session,
        "refresh_source",
        source.business_id,
        source.id or 0,
        source.wake,
        key=f"refresh:{source.id}:{source.wake}",
        queue=IMPORTS,
        partition=str(source.business_id),
        not_before=now() + EVERY[source.schedule],
    )


def told(session: Session, source: KnowledgeSource) -> SourceRow:
    """The row as it now is; every open tab hears of it."""
    session.flush()
    row = row_of(source)
    record(session, SourceChanged(source.business_id, row.id, row))
    return row


def row_of(source: KnowledgeSource, used: int = 0, proposed: int = 0) -> SourceRow:
    assert source.id
    said = [
        translate(source.error, locale, **source.error_values) if source.error else ""
        for locale in ("id", "en")
    ]
    return SourceRow(
        id=source.id,
        kind=source.kind,
        name=source.name,
        address=source.address,
        format=source.format,
        state=source.state,
        running=source.state in RUNNING,
        done=source.done,
        total=source.total,
        problem=said[0],
        problem_en=said[1],
        pieces=source.pieces,
        bytes=source.bytes,
        schedule=source.schedule,
        enabled=source.enabled,
        created_at=source.created_at.isoformat(),
        checked_at=_iso(source.checked_at),
        indexed_at=_iso(source.indexed_at),
        people=list(source.details.get("people", ())),
        shop=source.details.get("shop", ""),
        used=used,
        proposed=proposed,
    )


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _added(session: Session, actor: Actor, source: KnowledgeSource) -> SourceRow:
    session.add(source)
    session.flush()
    start(session, source)
    record(session, SettingsChanged(actor.business_id, "sources"))
    return row_of(source)


def _address(value: Any) -> str:
    """A URL as far as its form goes; where it leads is checked when it is fetched."""
    url = line_of(value, "sources.address", most=MAX_ADDRESS, least=1)
    if "://" not in url:
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        right = parts.scheme in ("http", "https") and named and " " not in url
    except ValueError:
        right = False
    if not right or len(url) > MAX_ADDRESS:
        raise Invalid("sources.address_wrong")
    return parts._replace(fragment="").geturl()


def _make_room(session: Session, actor: Actor) -> None:
    query = select(func.count()).where(KnowledgeSource.business_id == actor.business_id)
    if session.execute(query).scalar_one() >= MAX_SOURCES:
        raise Invalid("sources.full", limit=MAX_SOURCES)


def _refuse_same(session: Session, actor: Actor, same: Any, kind: str) -> None:
    query = select(KnowledgeSource.name).where(
        KnowledgeSource.business_id == actor.business_id, KnowledgeSource.kind == kind, same
    )
    name = session.execute(query).scalars().first()
    if name is not None:
        raise Invalid("sources.same", name=name)


# Which source a piece is of comes as one JSON object: joined to their table, the planner may loop
# over all pieces for every answer.
_USED = text(
    """
    SELECT CAST(CAST(:owners AS jsonb) ->> (said ->> 'entry_id') AS bigint) AS source_id,
        count(DISTINCT m.id)
    FROM message m, jsonb_array_elements(m.evidence) AS said
    WHERE m.business_id = :business AND m.author = 'ai' AND m.evidence <> '[]'
      AND m.created_at > now() - interval '90 days'
      AND CAST(:owners AS jsonb) ->> (said ->> 'entry_id') IS NOT NULL
    GROUP BY 1
    """
)


def _used(session: Session, actor: Actor, source_id: int = 0) -> dict[int, int]:
    """How many answers rest on pieces of each source, or of one."""
    query = select(KnowledgeEntry.id, KnowledgeEntry.source_id).where(
        KnowledgeEntry.business_id == actor.business_id,
        KnowledgeEntry.source_id == source_id
        if source_id
        else col(KnowledgeEntry.source_id).is_not(None),
    )
    owners = {str(piece): owner for piece, owner in session.execute(query)}
    if not owners:
        return {}
    asked = {"business": actor.business_id, "owners": json.dumps(owners)}
    return dict(session.execute(_USED, asked).all())  # type: ignore[arg-type]


def _proposed(session: Session, actor: Actor) -> dict[int, int]:
    query = (
        select(KnowledgeProposal.source_id, func.count())
        .where(
            KnowledgeProposal.business_id == actor.business_id,
            KnowledgeProposal.state == "proposed",
            col(KnowledgeProposal.source_id).is_not(None),
        )
        .group_by(col(KnowledgeProposal.source_id))
    )
    return dict(session.execute(query).all())  # type: ignore[arg-type]
