"""
The test set run over the draft and the published version, side by side.

`chatrigo.workflows.prove` keeps the promise that `start_run` makes: it asks for what is left with
`next_tasks`, and hands in what was answered with `take_answers`, until `end_run`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo import duties
from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.assistant.testing.cases import CaseRow, case_row
from chatrigo.domain.assistant.testing.judging import Answer, Problem, judge
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.columns import now
from chatrigo.models.instructions import InstructionVersion
from chatrigo.models.own_tests import SetCase, SetResult, SetRun

WORKFLOW, TESTS = "prove", "tests"
SIDES = ("draft", "published")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """How one side did; `state` is waiting, passed or failed."""

    state: str = "waiting"
    answers: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    milliseconds: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class LineRow:
    """One case with its two sides."""

    case_id: int
    name: str
    draft: ResultRow
    published: ResultRow


@dataclass(frozen=True, slots=True)
class RunRow:
    """
    `done` of `total` results are in; `*_failed` of each side so far.

    `stale`: the draft or the set was changed since, so that it proves nothing about the draft.
    """

    id: int
    state: str
    draft_number: int
    published_number: int
    total: int
    done: int
    draft_failed: int
    published_failed: int
    stale: bool
    model: str
    created_at: str
    finished_at: str


@dataclass(frozen=True, slots=True)
class RunView:
    run: RunRow
    lines: list[LineRow]


@dataclass(frozen=True, slots=True)
class Task:
    """A case to be asked of a side with a version's instructions."""

    case: CaseRow
    side: str
    version_id: int


def start_run(session: Session, actor: Actor, model: str = "") -> RunRow:
    """
    Promise to run what is enabled over the draft and the published version.

    One run at a time: while one is under way, that is the one. Raises Invalid with nothing to run.
    """
    require(actor, "configure")
    versions = _versions(session, actor)
    under_way = _latest(session, actor, "running")
    if under_way is not None:
        return _run_row(session, actor, under_way)
    cases = _enabled(session, actor)
    if not cases or not versions:
        raise Invalid("own_tests.nothing_to_run")
    draft, live = versions.get("draft"), versions.get("published")
    run = SetRun(
        business_id=actor.business_id,
        draft_id=draft.id if draft else None,
        draft_number=draft.number if draft else 0,
        draft_revision=draft.revision if draft else 0,
        published_id=live.id if live else None,
        published_number=live.number if live else 0,
        total=len(cases) * len(versions),
        model=model,
        started_by=actor.account_id,
    )
    session.add(run)
    session.flush()
    assert run.id
    duties.enqueue(
        session,
        WORKFLOW,
        actor.business_id,
        run.id,
        key=f"{WORKFLOW}:{run.id}",
        queue=TESTS,
        partition=f"{WORKFLOW}:{actor.business_id}",
    )
    _told(session, actor)
    return _run_row(session, actor, run)


def cancel_run(session: Session, actor: Actor, run_id: Any) -> RunRow:
    """What was answered so far stays."""
    require(actor, "configure")
    run = owned(session, actor, SetRun, run_id, lock=True)
    if run.state == "running":
        _end(session, actor, run, "cancelled")
    return _run_row(session, actor, run)


def latest_run(session: Session, actor: Actor) -> RunView | None:
    """The newest run with a line for every case; without the answers, which `get_line` has."""
    require(actor, "configure")
    run = _latest(session, actor)
    if run is None:
        return None
    lines = [_without_answers(line) for line in _lines(session, actor, run)]
    return RunView(_run_row(session, actor, run), lines)


def get_line(session: Session, actor: Actor, run_id: Any, case_id: Any) -> LineRow:
    """One case of a run with all that was answered. Raises NotFound."""
    require(actor, "configure")
    run = owned(session, actor, SetRun, run_id)
    case = owned(session, actor, SetCase, case_id)
    return next(line for line in _lines(session, actor, run) if line.case_id == case.id)


def proof_of(session: Session, actor: Actor, draft: InstructionVersion) -> RunRow | None:
    """The newest finished run that proves something about the draft as it is now."""
    query = (
        select(SetRun)
        .where(
            SetRun.business_id == actor.business_id,
            SetRun.state == "done",
            SetRun.draft_id == draft.id,
        )
        .order_by(col(SetRun.id).desc())
        .limit(1)
    )
    run = session.execute(query).scalars().first()
    row = _run_row(session, actor, run) if run else None
    return row if row and not row.stale else None


def next_tasks(session: Session, actor: Actor, run_id: int) -> list[Task]:
    """The sides of one case that are still to be asked; none when all is in, or it was cancelled."""
    run = owned(session, actor, SetRun, run_id)
    if run.state != "running":
        return []
    query = select(SetResult.case_id, SetResult.side).where(SetResult.run_id == run_id)
    have = {(case_id, side) for case_id, side in session.execute(query)}
    sides = [(side, getattr(run, f"{side}_id")) for side in SIDES]
    for case in _enabled(session, actor):
        tasks = [
            Task(case_row(case), side, version_id)
            for side, version_id in sides
            if version_id and (case.id, side) not in have
        ]
        if tasks:
            return tasks
    return []


def take_answers(
    session: Session,
    actor: Actor,
    run_id: int,
    task: Task,
    answers: Sequence[Answer],
    *,
    milliseconds: int = 0,
    tokens: int = 0,
) -> None:
    """Judge and keep what a side answered; a repeat changes nothing."""
    run = owned(session, actor, SetRun, run_id)
    problems = judge(task.case, answers)
    kept = insert(SetResult).values(
        business_id=actor.business_id,
        run_id=run.id,
        case_id=task.case.id,
        side=task.side,
        passed=not problems,
        answers=[asdict(answer) for answer in answers],
        problems=[asdict(problem) for problem in problems],
        milliseconds=milliseconds,
        tokens=tokens,
        created_at=now(),
    )
    still_there = session.get(SetCase, task.case.id) is not None
    if still_there:
        session.execute(kept.on_conflict_do_nothing(index_elements=["run_id", "case_id", "side"]))
    _told(session, actor)


def end_run(session: Session, actor: Actor, run_id: int, state: str) -> None:
    """`state` is done or failed; a run that was ended before stays as it ended."""
    run = owned(session, actor, SetRun, run_id, lock=True)
    if run.state == "running":
        _end(session, actor, run, state)


def count_enabled(session: Session, actor: Actor) -> int:
    return len(_enabled(session, actor))


def _end(session: Session, actor: Actor, run: SetRun, state: str) -> None:
    run.state, run.finished_at = state, now()
    _told(session, actor)


def _versions(session: Session, actor: Actor) -> dict[str, InstructionVersion]:
    query = select(InstructionVersion).where(
        InstructionVersion.business_id == actor.business_id,
        col(InstructionVersion.state).in_(SIDES),
    )
    return {version.state: version for version in session.execute(query).scalars()}


def _enabled(session: Session, actor: Actor) -> list[SetCase]:
    query = select(SetCase).where(
        SetCase.business_id == actor.business_id, col(SetCase.enabled).is_(True)
    )
    return list(session.execute(query.order_by(col(SetCase.id))).scalars())


def _latest(session: Session, actor: Actor, state: str = "") -> SetRun | None:
    query = select(SetRun).where(SetRun.business_id == actor.business_id)
    if state:
        query = query.where(SetRun.state == state)
    return session.execute(query.order_by(col(SetRun.id).desc()).limit(1)).scalars().first()


def _run_row(session: Session, actor: Actor, run: SetRun) -> RunRow:
    query = (
        select(SetResult.side, SetResult.passed, func.count())
        .where(SetResult.run_id == run.id)
        .group_by(SetResult.side, SetResult.passed)
    )
    counts = {(side, passed): number for side, passed, number in session.execute(query)}
    return RunRow(
        id=run.id or 0,
        state=run.state,
        draft_number=run.draft_number,
        published_number=run.published_number,
        total=run.total,
        done=sum(counts.values()),
        draft_failed=counts.get(("draft", False), 0),
        published_failed=counts.get(("published", False), 0),
        stale=_is_stale(session, actor, run),
        model=run.model,
        created_at=run.created_at.isoformat(),
        finished_at=run.finished_at.isoformat() if run.finished_at else "",
    )


def _is_stale(session: Session, actor: Actor, run: SetRun) -> bool:
    draft = _versions(session, actor).get("draft")
    now_at = (draft.id, draft.revision) if draft else (None, 0)
    changed = session.execute(
        select(func.max(SetCase.updated_at)).where(SetCase.business_id == actor.business_id)
    ).scalar()
    edited = (run.draft_id, run.draft_revision) != now_at
    return edited or bool(changed and changed > run.created_at)


def _lines(session: Session, actor: Actor, run: SetRun) -> list[LineRow]:
    results = session.execute(select(SetResult).where(SetResult.run_id == run.id)).scalars()
    have = {(result.case_id, result.side): result_row(result) for result in results}
    query = select(SetCase).where(SetCase.business_id == actor.business_id)
    cases = session.execute(query.order_by(col(SetCase.id))).scalars()
    return [
        LineRow(
            case.id or 0,
            case.name,
            have.get((case.id or 0, "draft"), ResultRow()),
            have.get((case.id or 0, "published"), ResultRow()),
        )
        for case in cases
    ]


def _without_answers(line: LineRow) -> LineRow:
    draft, live = replace(line.draft, answers=[]), replace(line.published, answers=[])
    return replace(line, draft=draft, published=live)


def result_row(result: SetResult) -> ResultRow:
    return ResultRow(
        state="passed" if result.passed else "failed",
        answers=[Answer(**answer) for answer in result.answers],
        problems=[Problem(**problem) for problem in result.problems],
        milliseconds=result.milliseconds,
        tokens=result.tokens,
    )


def _told(session: Session, actor: Actor) -> None:
    session.flush()
    record(session, SettingsChanged(actor.business_id, "own_tests"))
