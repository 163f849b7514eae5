"""How the demo shop's instructions grew, and its tests with results that were really obtained."""

import tomllib
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from chatrigo.demo.shop import AssistantInstructions
from chatrigo.domain.access import Actor
from chatrigo.domain.assistant.rehearsal import rehearse_question
from chatrigo.domain.assistant.testing.cases import case_row
from chatrigo.domain.assistant.testing.judging import Answer, judge
from chatrigo.models.instructions import InstructionVersion
from chatrigo.models.own_tests import SetCase, SetResult, SetRun

_SOURCE = Path(__file__).with_name("versions.toml")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STATES = {"first": "archived", "published": "published", "draft": "draft"}


def store_versions(
    session: Session, actor: Actor, told: AssistantInstructions, now: datetime, author: int
) -> None:
    """The archived, the published and the draft version, written by the account `author`."""
    written = tomllib.loads(_SOURCE.read_text(encoding="utf-8"))
    live = _fields_of(told) | {"topics": written["published"]["topics"]}
    for number, (name, state) in enumerate(_STATES.items(), 1):
        moment = now - timedelta(days=written[name]["days_ago"])
        session.add(
            InstructionVersion(
                business_id=actor.business_id,
                number=number,
                state=state,
                from_number=number - 1 or None,
                author_id=author,
                changed_by=author,
                created_at=moment,
                updated_at=moment,
                published_by=None if state == "draft" else author,
                published_at=None if state == "draft" else moment,
                **live | _told(written[name]),
            )
        )
    session.flush()


def store_tests(session: Session, actor: Actor, now: datetime, author: int) -> None:
    """The tests, and one run of them; what was taught must be searchable already."""
    written = tomllib.loads(_SOURCE.read_text(encoding="utf-8"))["tests"]
    made = now - timedelta(days=20)
    cases = [
        SetCase(business_id=actor.business_id, created_at=made, updated_at=made, **case)
        for case in written
    ]
    session.add_all(cases)
    versions = {
        version.state: version
        for version in session.query(InstructionVersion)
        if version.state in ("draft", "published")
    }
    draft, live = versions["draft"], versions["published"]
    at = now - timedelta(hours=3)
    run = SetRun(
        business_id=actor.business_id,
        draft_id=draft.id,
        draft_number=draft.number,
        draft_revision=draft.revision,
        published_id=live.id,
        published_number=live.number,
        state="done",
        total=2 * len(cases),
        started_by=author,
        created_at=at,
        finished_at=at + timedelta(seconds=2),
    )
    session.add(run)
    session.flush()
    session.add_all(
        _result(session, actor, run, case, version) for case in cases for version in (draft, live)
    )
    session.flush()


def _result(
    session: Session, actor: Actor, run: SetRun, case: SetCase, version: InstructionVersion
) -> SetResult:
    answers: list[Answer] = []
    for question in case.turns:
        history = [
            turn for each in answers for turn in (("user", each.question), ("assistant", each.text))
        ]
        found = rehearse_question(session, actor, question, history, version_id=version.id)
        titles = [piece.title for piece in found.evidence]
        answers.append(Answer(question, found.text, found.act, found.reason, titles))
    problems = judge(case_row(case), answers)
    return SetResult(
        business_id=actor.business_id,
        run_id=run.id,
        case_id=case.id,
        side=version.state,
        passed=not problems,
        answers=[asdict(answer) for answer in answers],
        problems=[asdict(problem) for problem in problems],
        milliseconds=12 * len(answers),
        created_at=run.created_at,
    )


def _told(written: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in written.items() if name != "days_ago"}


def _fields_of(told: AssistantInstructions) -> dict[str, Any]:
    return {
        "name": told.name,
        "persona": told.persona,
        "tone": told.tone,
        "do": "\n".join(told.dos),
        "dont": "\n".join(told.donts),
        "language": "customer",
        "handover_line": told.handover_line,
        "hours": {
            _DAYS[day.weekday]: [day.opens.strftime("%H:%M"), day.closes.strftime("%H:%M")]
            for day in told.opening_hours
        },
    }
