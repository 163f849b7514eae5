"""
Importing a source: each step that the workflow takes, and what comes of it.

A step names its `run`. Once the source is gone, was cancelled or is being read anew, the step
raises Unwanted and the workflow leaves. Pieces are replaced in one transaction, so a question
meets the old ones or the new ones.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, delete, func, select

from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.knowledge.pieces import Piece
from chatrigo.domain.knowledge.sources import FETCHED, RUNNING, plan_next, start, told
from chatrigo.domain.knowledge.vectors import promise_vectors
from chatrigo.domain.settings import own_business
from chatrigo.errors import Invalid, NotFound
from chatrigo.events import SettingsChanged, record
from chatrigo.models.columns import now
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.models.source import KnowledgeSource
from chatrigo.retrieval.search import index_new, touch

MAX_PIECES = 2_000
MAX_PIECES_OF_BUSINESS = 20_000
GONE_AFTER = 2


class Unwanted(Exception):
    """Nobody waits for this import any more."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the workflow must know to read a source."""

    source_id: int
    run: int
    kind: str
    name: str
    address: str
    sha256: str
    digest: str
    business_name: str
    details: dict[str, Any] = field(default_factory=dict)


def begin(session: Session, actor: Actor, source_id: int, run: int) -> Job:
    """Raises Unwanted. Safe to repeat: a run that was cut short begins again."""
    source = _wanted(session, actor, source_id, run)
    source.state, source.done, source.total = "reading", 0, 0
    told(session, source)
    return Job(
        source_id,
        run,
        source.kind,
        source.name,
        source.address,
        source.sha256,
        source.digest,
        own_business(session, actor).name,
        source.details,
    )


def go_on(
    session: Session,
    actor: Actor,
    source_id: int,
    run: int,
    done: int = -1,
    total: int = 0,
    state: str = "reading",
) -> None:
    """Say how far it is, and hear whether it is still wanted. Raises Unwanted."""
    source = _wanted(session, actor, source_id, run)
    if done >= 0:
        source.state, source.done, source.total = state, done, total
        told(session, source)


def store_pieces(
    session: Session,
    actor: Actor,
    job: Job,
    pieces: Sequence[Piece],
    digest: str,
    *,
    lemmas: Mapping[str, str] | None = None,
    format: str = "",
    title: str = "",
    notice: str = "",
    notice_values: Mapping[str, Any] | None = None,
) -> None:
    """
    Put these pieces in the place of those that were. Raises Unwanted, and Invalid without room.

    `lemmas` by the pieces' origins were best made before: they take a while.
    A piece whose text is still in the document stays the entry that it was, with what the owner
    made of it: evidence that names it goes on naming it.
    """
    source = _wanted(session, actor, job.source_id, job.run)
    kept = pieces[:MAX_PIECES]
    _make_room(session, actor, source, len(kept))
    _replace(session, actor, source, kept, lemmas or {})
    promise_vectors(session, actor)
    if title and source.kind in FETCHED and source.indexed_at is None:
        source.name = title
    source.pieces, source.digest, source.format = len(kept), digest, format
    source.indexed_at = now()
    source.misses = 0
    if len(pieces) > MAX_PIECES:
        notice, notice_values = "sources.cut_pieces", {"pieces": MAX_PIECES}
    _finish(session, source, "ready", notice, notice_values or {})
    record(session, SettingsChanged(actor.business_id, "knowledge"))


def leave_unchanged(session: Session, actor: Actor, job: Job) -> None:
    """The text is the same as before. Raises Unwanted."""
    source = _wanted(session, actor, job.source_id, job.run)
    source.misses = 0
    _finish(session, source, "ready", "", {})


def fail(
    session: Session,
    actor: Actor,
    job: Job,
    key: str,
    values: Mapping[str, Any] | None = None,
    *,
    gone: bool = False,
) -> None:
    """
    Tell why there is nothing new. What was read before is used on.

    A page that is `gone` is given a second chance before its owner is told.
    """
    source = _wanted(session, actor, job.source_id, job.run)
    source.misses = source.misses + 1 if gone else 0
    if gone and source.pieces:
        flagged = source.misses >= GONE_AFTER
        _finish(session, source, "ready", "sources.gone" if flagged else "", {})
        return
    _finish(session, source, "failed", key, values or {})


def finish(
    session: Session,
    actor: Actor,
    job: Job,
    *,
    details: Mapping[str, Any],
    notice: str = "",
    notice_values: Mapping[str, Any] | None = None,
) -> None:
    """A source that has no pieces of its own is done: an exported chat."""
    source = _wanted(session, actor, job.source_id, job.run)
    source.details = {**source.details, **details}
    source.indexed_at = now()
    source.format = "chat"
    _finish(session, source, "ready", notice, notice_values or {})


def keep_appointment(session: Session, actor: Actor, source_id: int, wake: int) -> None:
    """It is time to fetch the source again, unless a newer appointment was made."""
    require(actor, "teach")
    try:
        source = owned(session, actor, KnowledgeSource, source_id, lock=True)
    except NotFound:
        return
    if source.wake == wake and source.schedule != "never" and source.state not in RUNNING:
        start(session, source)
        told(session, source)


def is_file_wanted(session: Session, actor: Actor, sha256: str) -> bool:
    """Whether some source still is this file; until the commit no new one can be."""
    require(actor, "teach")
    own_business(session, actor, lock=True)
    query = select(func.count()).where(
        KnowledgeSource.business_id == actor.business_id, KnowledgeSource.sha256 == sha256
    )
    return session.execute(query).scalar_one() > 0


def _wanted(session: Session, actor: Actor, source_id: int, run: int) -> KnowledgeSource:
    require(actor, "teach")
    try:
        source = owned(session, actor, KnowledgeSource, source_id, lock=True)
    except NotFound:
        raise Unwanted from None
    if source.run != run or source.state not in RUNNING:
        raise Unwanted
    return source


def _make_room(session: Session, actor: Actor, source: KnowledgeSource, pieces: int) -> None:
    query = select(func.count()).where(
        KnowledgeEntry.business_id == actor.business_id,
        col(KnowledgeEntry.source_id).is_not(None),
        KnowledgeEntry.source_id != source.id,
    )
    if session.execute(query).scalar_one() + pieces > MAX_PIECES_OF_BUSINESS:
        raise Invalid("sources.no_room", limit=MAX_PIECES_OF_BUSINESS)


def _replace(
    session: Session,
    actor: Actor,
    source: KnowledgeSource,
    pieces: Sequence[Piece],
    lemmas: Mapping[str, str],
) -> None:
    there: dict[str, list[KnowledgeEntry]] = defaultdict(list)
    query = select(KnowledgeEntry).where(
        KnowledgeEntry.business_id == actor.business_id, KnowledgeEntry.source_id == source.id
    )
    for entry in session.execute(query.order_by(col(KnowledgeEntry.position))).scalars():
        there[entry.origin].append(entry)
    new = []
    for position, piece in enumerate(pieces):
        same = there.get(piece.origin)
        if same:
            entry = same.pop(0)
            entry.position, entry.place = position, piece.place
        else:
            new.append(_entry(source, position, piece, lemmas.get(piece.origin, "")))
    gone = [entry.id for entries in there.values() for entry in entries]
    session.flush()
    if gone:
        session.execute(delete(KnowledgeEntry).where(col(KnowledgeEntry.id).in_(gone)))
    index_new(session, new)
    touch(session, actor.business_id)


def _entry(source: KnowledgeSource, position: int, piece: Piece, lemmas: str) -> KnowledgeEntry:
    return KnowledgeEntry(
        business_id=source.business_id,
        source_id=source.id,
        kind="text",
        title=piece.title,
        body=piece.body,
        position=position,
        place=piece.place,
        origin=piece.origin,
        lemmas=lemmas,
        enabled=source.enabled,
    )


def _finish(
    session: Session, source: KnowledgeSource, state: str, error: str, values: Mapping[str, Any]
) -> None:
    source.state, source.done, source.total = state, 0, 0
    source.error, source.error_values = error, dict(values)
    source.checked_at = now()
    plan_next(session, source)
    told(session, source)
