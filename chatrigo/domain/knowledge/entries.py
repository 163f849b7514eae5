"""Question-answer pairs and short texts, searchable in the transaction that saves them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session
from sqlmodel import col, func, or_, select

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.fields import choice_of, line_of, storable, text_of
from chatrigo.domain.knowledge.vectors import promise_vectors
from chatrigo.domain.settings import own_business
from chatrigo.errors import Invalid, NotFound
from chatrigo.events import SettingsChanged, record
from chatrigo.models.columns import now
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.models.source import KnowledgeSource
from chatrigo.retrieval.search import index, unindex
from chatrigo.retrieval.text import plain

WINDOW = 50
# What is written here. Entries of the kind `product` belong to the catalogue.
KINDS = ("qa", "text")
VIEWS = ("all", "qa", "text", "disabled")
MAX_TITLE = 300
MAX_BODY = 4_000
MAX_ENTRIES = 5_000
MAX_SEARCH = 200
# So much of a deleted answer stays in the audit log.
MOST_NOTED = 500

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class EntryRow:
    """`kind` is "qa" (title is the question, body the approved answer) or "text"."""

    id: int
    kind: str
    title: str
    body: str
    enabled: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class EntryCounts:
    """Of what was written here; `pieces` are those that the assistant has of sources."""

    all: int = 0
    qa: int = 0
    text: int = 0
    disabled: int = 0
    pieces: int = 0


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A window of what matches, newest first. `page` counts from 1; `found` is all that match."""

    rows: list[EntryRow]
    found: int
    page: int
    pages: int
    counts: EntryCounts


class Duplicate(Invalid):
    """The same question is there already, as entry `entry_id`."""

    def __init__(self, title: str, entry_id: int) -> None:
        super().__init__("knowledge.duplicate", title=title)
        self.entry_id = entry_id


def list_entries(
    session: Session, actor: Actor, view: Any = "all", search: Any = "", page: Any = 1
) -> EntryPage:
    """An unknown view is "all"; a page that does not exist is the nearest that does."""
    require(actor, "teach")
    matching = _matching(actor, view, search)
    found = _count(session, *matching)
    pages = max(1, -(-found // WINDOW))
    current = min(max(page, 1), pages) if isinstance(page, int) else 1
    query = (
        select(KnowledgeEntry)
        .where(*matching)
        .order_by(col(KnowledgeEntry.created_at).desc(), col(KnowledgeEntry.id).desc())
        .offset((current - 1) * WINDOW)
        .limit(WINDOW)
    )
    rows = [_row(entry) for entry in session.execute(query).scalars()]
    return EntryPage(rows, found, current, pages, _counts(session, actor))


def get_entry(session: Session, actor: Actor, entry_id: Any) -> EntryRow:
    require(actor, "teach")
    return _row(_written(session, actor, entry_id))


def add_entry(
    session: Session,
    actor: Actor,
    kind: Any,
    title: Any,
    body: Any,
    *,
    enabled: Any = True,
    duplicate_ok: bool = False,
) -> EntryRow:
    """
    Teach something new.

    Raises Invalid, and Duplicate (unless `duplicate_ok`) for a question that is there already.
    """
    require(actor, "teach")
    make_room(session, actor, 1)
    entry = new_entry(actor, kind, title, body, enabled=enabled)
    if not duplicate_ok:
        _refuse_duplicate(session, actor, entry.kind, entry.title)
    return _saved(session, actor, entry)


def change_entry(
    session: Session,
    actor: Actor,
    entry_id: Any,
    title: Any,
    body: Any,
    *,
    duplicate_ok: bool = False,
) -> EntryRow:
    """Raises as `add_entry` does."""
    require(actor, "teach")
    own_business(session, actor, lock=True)
    entry = _written(session, actor, entry_id)
    # The new words are checked before the row takes them: a refusal leaves it as it was.
    question, answer = title_of(title, entry.kind), body_of(body, entry.kind)
    if not duplicate_ok and same_question(question) != same_question(entry.title):
        _refuse_duplicate(session, actor, entry.kind, question)
    entry.title, entry.body, entry.updated_at = question, answer, now()
    return _saved(session, actor, entry)


def enable_entry(session: Session, actor: Actor, entry_id: Any, on: Any) -> EntryRow:
    """
    Let the assistant use the entry, or keep it out of its sight without deleting it.

    A piece of a source that is switched off stays off, and comes along when the source does.
    """
    require(actor, "teach")
    entry = _written(session, actor, entry_id, lock=True)
    if entry.source_id is None:
        entry.enabled = on is True
    else:
        source = owned(session, actor, KnowledgeSource, entry.source_id)
        entry.withheld = on is not True
        entry.enabled = source.enabled and not entry.withheld
    entry.updated_at = now()
    return _saved(session, actor, entry)


def delete_entry(session: Session, actor: Actor, entry_id: Any) -> EntryRow:
    """
    Forget it at once. The row as it was, for `restore_entry`.

    Raises Invalid for a piece of a source: it would be back at the next import; switch it off.
    """
    require(actor, "teach")
    entry = _written(session, actor, entry_id, lock=True)
    if entry.source_id is not None:
        raise Invalid("sources.piece_stays")
    row = _row(entry)
    unindex(session, entry)
    session.delete(entry)
    session.flush()
    audit.note(
        session, actor, "knowledge.deleted", row.title, before={"answer": row.body[:MOST_NOTED]}
    )
    record(session, SettingsChanged(actor.business_id, "knowledge"))
    return row


def restore_entry(session: Session, actor: Actor, row: EntryRow) -> EntryRow:
    """Bring a deleted entry back to its place in the list; its number is a new one."""
    restored = add_entry(
        session, actor, row.kind, row.title, row.body, enabled=row.enabled, duplicate_ok=True
    )
    entry = _written(session, actor, restored.id)
    entry.created_at = row.created_at
    session.flush()
    return _row(entry)


def questions(session: Session, actor: Actor) -> dict[str, tuple[int, str]]:
    """Every question of the business by what makes it the same: its id and how it is written."""
    require(actor, "teach")
    query = (
        select(KnowledgeEntry.id, KnowledgeEntry.title)
        .where(*_own(actor), KnowledgeEntry.kind == "qa")
        .order_by(col(KnowledgeEntry.id).desc())
    )
    return {same_question(title): (id or 0, title) for id, title in session.execute(query)}


def same_question(title: str) -> str:
    """Two questions are the same if they differ in case, accents and punctuation only."""
    text = plain(title)
    return " ".join(_WORD.findall(text)) or text


def title_of(value: Any, kind: str) -> str:
    if kind == "qa":
        return line_of(value, "knowledge.question", most=MAX_TITLE, least=1)
    return line_of(value, "knowledge.title", most=MAX_TITLE, least=1)


def body_of(value: Any, kind: str) -> str:
    if kind == "qa":
        return text_of(value, "knowledge.answer", most=MAX_BODY, least=1)
    return text_of(value, "knowledge.text", most=MAX_BODY, least=1)


def make_room(session: Session, actor: Actor, entries: int) -> None:
    """
    Let one change of the business's knowledge happen at a time.

    Raises Invalid if it can't hold so many entries more.
    """
    own_business(session, actor, lock=True)
    held = _count(session, *_own(actor))
    if held + entries > MAX_ENTRIES:
        raise Invalid("knowledge.full", limit=MAX_ENTRIES)


def new_entry(
    actor: Actor, kind: Any, title: Any, body: Any, *, enabled: Any = True
) -> KnowledgeEntry:
    """Checked, and not stored yet. Raises Invalid."""
    known_kind = choice_of(kind, "knowledge.kind", KINDS)
    return KnowledgeEntry(
        business_id=actor.business_id,
        kind=known_kind,
        title=title_of(title, known_kind),
        body=body_of(body, known_kind),
        enabled=enabled is not False,
    )


def _written(
    session: Session, actor: Actor, entry_id: Any, *, lock: bool = False
) -> KnowledgeEntry:
    """Raises NotFound also for an entry that the catalogue keeps."""
    entry = owned(session, actor, KnowledgeEntry, entry_id, lock=lock)
    if entry.kind not in KINDS:
        raise NotFound
    return entry


def _refuse_duplicate(session: Session, actor: Actor, kind: str, title: str) -> None:
    if kind != "qa":
        return
    twin = questions(session, actor).get(same_question(title))
    if twin:
        raise Duplicate(title=twin[1], entry_id=twin[0])


def _saved(session: Session, actor: Actor, entry: KnowledgeEntry) -> EntryRow:
    index(session, entry)
    promise_vectors(session, actor)
    record(session, SettingsChanged(actor.business_id, "knowledge"))
    return _row(entry)


def _matching(actor: Actor, view: Any, search: Any) -> list[ColumnElement[bool]]:
    conditions: list[Any] = _own(actor)
    if view in KINDS:
        conditions.append(KnowledgeEntry.kind == view)
    if view == "disabled":
        conditions.append(col(KnowledgeEntry.enabled).is_(False))
    return conditions + holding(search)


def holding(search: Any) -> list[Any]:
    """Conditions: every word of `search` stands somewhere in the entry."""
    words = storable(search)[:MAX_SEARCH].split()
    return [
        or_(
            col(KnowledgeEntry.title).icontains(word, autoescape=True),
            col(KnowledgeEntry.body).icontains(word, autoescape=True),
        )
        for word in words
    ]


def _own(actor: Actor) -> list[Any]:
    """Conditions: what was written here. Products and pieces of sources have their own screens."""
    return [
        KnowledgeEntry.business_id == actor.business_id,
        col(KnowledgeEntry.kind).in_(KINDS),
        col(KnowledgeEntry.source_id).is_(None),
    ]


def _count(session: Session, *conditions: Any) -> int:
    query = select(func.count()).select_from(KnowledgeEntry).where(*conditions)
    return int(session.execute(query).scalar_one())


def _counts(session: Session, actor: Actor) -> EntryCounts:
    query = select(
        func.count(),
        func.count().filter(KnowledgeEntry.kind == "qa"),  # type: ignore[arg-type]
        func.count().filter(KnowledgeEntry.kind == "text"),  # type: ignore[arg-type]
        func.count().filter(col(KnowledgeEntry.enabled).is_(False)),
    ).where(*_own(actor))
    pieces = _count(
        session,
        KnowledgeEntry.business_id == actor.business_id,
        col(KnowledgeEntry.source_id).is_not(None),
        col(KnowledgeEntry.enabled).is_(True),
    )
    return EntryCounts(*session.execute(query).one(), pieces)


def _row(entry: KnowledgeEntry) -> EntryRow:
    assert entry.id
    return EntryRow(
        id=entry.id,
        kind=entry.kind,
        title=entry.title,
        body=entry.body,
        enabled=entry.enabled,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
    )
