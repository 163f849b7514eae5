"""Question-answer pairs that wait for a person: nothing uses them before they are approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col, delete, func, select

from chatrigo.domain.access import Actor, as_id, owned, require
from chatrigo.domain.fields import choice_of
from chatrigo.domain.knowledge.chats import Pair
from chatrigo.domain.knowledge.entries import (
    Duplicate,
    body_of,
    make_room,
    new_entry,
    questions,
    same_question,
    title_of,
)
from chatrigo.domain.knowledge.importing import Job, finish, go_on
from chatrigo.domain.knowledge.vectors import promise_vectors
from chatrigo.errors import Invalid, NotFound
from chatrigo.events import SettingsChanged, record
from chatrigo.models.columns import now
from chatrigo.models.source import KnowledgeProposal, KnowledgeSource
from chatrigo.retrieval.search import index_new

WINDOW = 50
ORIGINS = ("whatsapp", "edit", "thumb")
MAX_ORIGIN = 200


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """`origin_name` is the source's name, `known` whether the same question is taught already."""

    id: int
    question: str
    answer: str
    origin_kind: str
    origin: str
    origin_name: str
    known: bool


@dataclass(frozen=True, slots=True)
class ProposalPage:
    rows: list[ProposalRow]
    found: int


@dataclass(frozen=True, slots=True)
class Approved:
    """How many became knowledge, and how many were left since the question is taught already."""

    taught: int
    left: int


def count_proposals(session: Session, actor: Actor) -> int:
    require(actor, "teach")
    query = select(func.count()).where(*_waiting(actor))
    return int(session.execute(query).scalar_one())


def list_proposals(session: Session, actor: Actor, source_id: Any = 0) -> ProposalPage:
    """The oldest 50 that wait, of one source or (0) of all."""
    require(actor, "teach")
    conditions = _waiting(actor)
    if source_id:
        conditions.append(KnowledgeProposal.source_id == as_id(source_id))
    found = session.execute(select(func.count()).where(*conditions)).scalar_one()
    query = (
        select(KnowledgeProposal, KnowledgeSource.name)
        .outerjoin(KnowledgeSource, col(KnowledgeSource.id) == col(KnowledgeProposal.source_id))
        .where(*conditions)
        .order_by(col(KnowledgeProposal.id))
        .limit(WINDOW)
    )
    taught = questions(session, actor)
    rows = [_row(proposal, name or "", taught) for proposal, name in session.execute(query)]
    return ProposalPage(rows, found)


def get_proposal(session: Session, actor: Actor, proposal_id: Any) -> ProposalRow:
    require(actor, "teach")
    return _row(owned(session, actor, KnowledgeProposal, proposal_id), "", {})


def propose(
    session: Session, actor: Actor, origin_kind: Any, origin: str, question: Any, answer: Any
) -> None:
    """Put one pair before the owner: what staff made of an answer, say. Raises Invalid."""
    require(actor, "inbox.write")
    kind = choice_of(origin_kind, "sources.origin", ORIGINS)
    title = title_of(question, "qa")
    session.add(
        KnowledgeProposal(
            business_id=actor.business_id,
            origin_kind=kind,
            origin=origin[:MAX_ORIGIN],
            question=title,
            answer=body_of(answer, "qa"),
            same=same_question(title)[:300],
        )
    )
    session.flush()
    record(session, SettingsChanged(actor.business_id, "proposals"))


def store_proposals(
    session: Session,
    actor: Actor,
    job: Job,
    pairs: Sequence[Pair],
    details: Mapping[str, Any],
    *,
    notice: str = "",
    notice_values: Mapping[str, Any] | None = None,
) -> None:
    """
    What an exported chat proposes, in the place of what it proposed before and nobody decided.

    What was decided is not proposed again. Raises Unwanted.
    """
    go_on(session, actor, job.source_id, job.run)
    session.execute(
        delete(KnowledgeProposal).where(
            col(KnowledgeProposal.source_id) == job.source_id,
            KnowledgeProposal.state == "proposed",  # type: ignore[arg-type]
        )
    )
    taught = questions(session, actor)
    rows = [
        _values(actor, job, pair) for pair in pairs if same_question(pair.question) not in taught
    ]
    if rows:
        once = insert(KnowledgeProposal).values(rows).on_conflict_do_nothing()
        session.execute(once)
    told = notice or ("" if pairs else "sources.nothing_proposed")
    finish(session, actor, job, details=details, notice=told, notice_values=notice_values)
    record(session, SettingsChanged(actor.business_id, "proposals"))


def approve(
    session: Session,
    actor: Actor,
    proposal_id: Any,
    question: Any,
    answer: Any,
    *,
    duplicate_ok: bool = False,
) -> None:
    """Teach it in these words. Raises Invalid, and Duplicate for a question that is taught."""
    require(actor, "teach")
    make_room(session, actor, 1)
    proposal = _undecided(session, actor, proposal_id)
    title = title_of(question, "qa")
    twin = questions(session, actor).get(same_question(title))
    if twin and not duplicate_ok:
        raise Duplicate(title=twin[1], entry_id=twin[0])
    _teach(session, actor, [(proposal, title, body_of(answer, "qa"))])


def approve_all(session: Session, actor: Actor, ids: Any) -> Approved:
    """Teach these as they are proposed; what is taught already is left."""
    require(actor, "teach")
    chosen = _chosen(session, actor, ids)
    make_room(session, actor, len(chosen))
    taught = set(questions(session, actor))
    new = []
    for proposal in chosen:
        if proposal.same not in taught:
            taught.add(proposal.same)
            new.append((proposal, proposal.question, proposal.answer))
    _teach(session, actor, new)
    return Approved(len(new), len(chosen) - len(new))


def reject_all(session: Session, actor: Actor, ids: Any) -> int:
    """Put these aside for good; how many that were."""
    require(actor, "teach")
    chosen = _chosen(session, actor, ids)
    for proposal in chosen:
        _decide(actor, proposal, "rejected")
    session.flush()
    record(session, SettingsChanged(actor.business_id, "proposals"))
    return len(chosen)


def _teach(
    session: Session, actor: Actor, chosen: Sequence[tuple[KnowledgeProposal, str, str]]
) -> None:
    entries = [new_entry(actor, "qa", question, answer) for _, question, answer in chosen]
    index_new(session, entries)
    promise_vectors(session, actor)
    for (proposal, _, _), entry in zip(chosen, entries, strict=True):
        proposal.entry_id = entry.id
        _decide(actor, proposal, "approved")
    session.flush()
    record(session, SettingsChanged(actor.business_id, "proposals"))
    record(session, SettingsChanged(actor.business_id, "knowledge"))


def _decide(actor: Actor, proposal: KnowledgeProposal, state: str) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, actor.account_id, now()


def _undecided(session: Session, actor: Actor, proposal_id: Any) -> KnowledgeProposal:
    proposal = owned(session, actor, KnowledgeProposal, proposal_id, lock=True)
    if proposal.state != "proposed":
        raise Invalid("sources.decided")
    return proposal


def _chosen(session: Session, actor: Actor, ids: Any) -> list[KnowledgeProposal]:
    """Those of the numbers that still wait, in the order in which they were proposed."""
    if not isinstance(ids, list) or not ids or len(ids) > 4 * WINDOW:
        raise NotFound
    query = (
        select(KnowledgeProposal)
        .where(*_waiting(actor), col(KnowledgeProposal.id).in_([as_id(id) for id in ids]))
        .order_by(col(KnowledgeProposal.id))
        .with_for_update()
    )
    return list(session.execute(query).scalars())


def _waiting(actor: Actor) -> list[Any]:
    return [
        KnowledgeProposal.business_id == actor.business_id,
        KnowledgeProposal.state == "proposed",
    ]


def _values(actor: Actor, job: Job, pair: Pair) -> dict[str, Any]:
    return {
        "business_id": actor.business_id,
        "source_id": job.source_id,
        "origin_kind": "whatsapp",
        "origin": pair.origin[:MAX_ORIGIN],
        "question": pair.question,
        "answer": pair.answer,
        "same": same_question(pair.question)[:300],
        "state": "proposed",
        "created_at": now(),
    }


def _row(
    proposal: KnowledgeProposal, name: str, taught: Mapping[str, tuple[int, str]]
) -> ProposalRow:
    assert proposal.id
    return ProposalRow(
        id=proposal.id,
        question=proposal.question,
        answer=proposal.answer,
        origin_kind=proposal.origin_kind,
        origin=proposal.origin,
        origin_name=name,
        known=proposal.same in taught,
    )
