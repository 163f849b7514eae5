"""Questions without an answer: noted as a person is called, listed by meaning, taught in two clicks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo.domain.access import Actor, as_id, require
from chatrigo.domain.conversations.rows import business_zone
from chatrigo.domain.fields import choice_of
from chatrigo.domain.knowledge import entries
from chatrigo.domain.knowledge.entries import EntryRow
from chatrigo.domain.learning.grouping import grouped
from chatrigo.errors import Invalid, NotFound
from chatrigo.events import SettingsChanged, record
from chatrigo.models.columns import now
from chatrigo.models.learning import UnansweredQuestion

# Handovers for want of knowledge; the others (asked for a person, a picture) teach nothing.
TEACHABLE = ("no_evidence", "model_unsure", "unsupported_claim")
STATES = ("open", "taught", "dismissed")
LOOKED_AT = 500
WORDINGS = 20
LONGEST = 1_000
TOPIC = "unanswered"

# The customer's bubbles since anybody last answered, up to the one that was handed over.
_BUBBLES = text(
    """
    SELECT body FROM message
    WHERE conversation_id = :conversation AND id <= :message AND author = 'contact'
        AND body <> '' AND id > COALESCE((
            SELECT max(id) FROM message
            WHERE conversation_id = :conversation AND id < :message
                AND author IN ('ai', 'human') AND kind <> 'note'), 0)
    ORDER BY id DESC LIMIT 10
    """
)
# What a person of the shop said first after the question.
_REPLIES = text(
    """
    SELECT q.id, (
        SELECT body FROM message m
        WHERE m.conversation_id = q.conversation_id AND m.id > q.message_id
            AND m.author = 'human' AND m.kind = 'text'
        ORDER BY m.id LIMIT 1) AS reply
    FROM unanswered_question q WHERE q.id = ANY(:ids)
    """
)


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One customer's wording, and where it was asked. `at` is ISO 8601 in UTC."""

    id: int
    question: str
    conversation_id: int
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """
    Questions that ask the same. `id` is that of the newest; `ids` are all.

    `reply` is what a person of the shop answered to one of them, as a start for teaching.
    """

    id: int
    ids: list[int]
    question: str
    count: int
    at: str
    reply: str
    asked: list[AskedRow]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """
    The groups of a state, the most asked first, and how many questions each state has.

    `zone` is the business's.
    """

    groups: list[GroupRow]
    zone: str
    open: int
    taught: int
    dismissed: int


def note_question(
    session: Session,
    actor: Actor,
    conversation_id: int,
    message_id: int | None,
    reason: str,
    *,
    at: datetime | None = None,
) -> None:
    """Remember what was asked, if teaching could have answered it. Once for a message."""
    if reason not in TEACHABLE or message_id is None:
        return
    asked = {"conversation": conversation_id, "message": message_id}
    bubbles = session.execute(_BUBBLES, asked).scalars().all()
    question = " ".join(" ".join(reversed(bubbles)).split())[:LONGEST]
    if not question:
        return
    session.execute(
        insert(UnansweredQuestion)
        .values(
            business_id=actor.business_id,
            conversation_id=conversation_id,
            message_id=message_id,
            question=question,
            reason=reason,
            state="open",
            created_at=at or now(),
        )
        .on_conflict_do_nothing(index_elements=["message_id"])
    )
    record(session, SettingsChanged(actor.business_id, TOPIC))


def list_unanswered(session: Session, actor: Actor, state: Any = "open") -> Unanswered:
    """The questions asked last in a state; an unknown state is "open"."""
    require(actor, "teach")
    shown = state if state in STATES else "open"
    rows = _rows(session, actor, shown)
    groups = [[rows[at] for at in members] for members in grouped([r.question for r in rows])]
    replies = _replies(session, [row.id for row in rows])
    listed = sorted(groups, key=lambda group: (-len(group), -group[0].id))
    counts = _counts(session, actor)
    zone = business_zone(session, actor.business_id).key
    return Unanswered([_group(group, replies) for group in listed], zone, *counts)


def count_open(session: Session, actor: Actor) -> int:
    """How many questions wait for somebody to teach their answer."""
    require(actor, "teach")
    return _counts(session, actor)[0]


def teach(
    session: Session,
    actor: Actor,
    question_ids: Any,
    title: Any,
    body: Any,
    *,
    duplicate_ok: bool = False,
) -> EntryRow:
    """
    Make an approved answer of it, and settle the questions.

    Raises Invalid, and Duplicate as `add_entry` does.
    """
    require(actor, "teach")
    ids = _ids(question_ids)
    entry = entries.add_entry(session, actor, "qa", title, body, duplicate_ok=duplicate_ok)
    _settle(session, actor, ids, "taught", entry.id)
    return entry


def settle_with(session: Session, actor: Actor, question_ids: Any, entry_id: Any) -> None:
    """Settle the questions with an entry that there is already."""
    require(actor, "teach")
    entry = entries.get_entry(session, actor, entry_id)
    _settle(session, actor, _ids(question_ids), "taught", entry.id)


def dismiss(session: Session, actor: Actor, question_ids: Any) -> None:
    """Not worth teaching; it can be brought back."""
    require(actor, "teach")
    _settle(session, actor, _ids(question_ids), "dismissed", None)


def reopen(session: Session, actor: Actor, question_ids: Any) -> None:
    require(actor, "teach")
    _settle(session, actor, _ids(question_ids), "open", None)


def _rows(session: Session, actor: Actor, state: str) -> list[AskedRow]:
    """The newest first."""
    query = (
        select(UnansweredQuestion)
        .where(
            col(UnansweredQuestion.business_id) == actor.business_id,
            col(UnansweredQuestion.state) == state,
        )
        .order_by(col(UnansweredQuestion.id).desc())
        .limit(LOOKED_AT)
    )
    return [
        AskedRow(
            row.id or 0, row.question, row.conversation_id, row.reason, row.created_at.isoformat()
        )
        for row in session.execute(query).scalars()
    ]


def _replies(session: Session, ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    return {row.id: row.reply or "" for row in session.execute(_REPLIES, {"ids": list(ids)})}


def _group(group: Sequence[AskedRow], replies: dict[int, str]) -> GroupRow:
    newest = group[0]
    return GroupRow(
        id=newest.id,
        ids=[row.id for row in group],
        question=newest.question,
        count=len(group),
        at=newest.at,
        reply=next((replies[row.id] for row in group if replies.get(row.id)), ""),
        asked=list(group[:WORDINGS]),
    )


def _counts(session: Session, actor: Actor) -> tuple[int, int, int]:
    counted = session.execute(
        text(
            "SELECT count(*) FILTER (WHERE state = 'open'),"
            " count(*) FILTER (WHERE state = 'taught'),"
            " count(*) FILTER (WHERE state = 'dismissed')"
            " FROM unanswered_question WHERE business_id = :business"
        ),
        {"business": actor.business_id},
    ).one()
    return counted[0], counted[1], counted[2]


def _settle(
    session: Session, actor: Actor, ids: Iterable[int], state: str, entry_id: int | None
) -> None:
    """Raises NotFound if none of the questions is the business's."""
    changed = session.execute(
        update(UnansweredQuestion)
        .where(
            col(UnansweredQuestion.business_id) == actor.business_id,
            col(UnansweredQuestion.id).in_(list(ids)),
        )
        .values(
            state=choice_of(state, "learning.state", STATES),
            entry_id=entry_id,
            settled_at=None if state == "open" else now(),
        )
        .returning(col(UnansweredQuestion.id))
    ).all()
    if not changed:
        raise NotFound
    record(session, SettingsChanged(actor.business_id, TOPIC))


def _ids(value: Any) -> list[int]:
    """Up to LOOKED_AT numbers of rows out of whatever was sent."""
    if not isinstance(value, list | tuple) or not value or len(value) > LOOKED_AT:
        raise Invalid("learning.nothing_chosen")
    return [as_id(each) for each in value]
