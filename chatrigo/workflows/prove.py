"""
Running the owner's test set: ask, judge, keep; over the draft and the published version.

A run that is cut short goes on where it was: what was kept is not asked again.
"""

import asyncio
import logging
from contextlib import aclosing

from dbos import DBOS

from chatrigo import db
from chatrigo.domain.access import Actor, system
from chatrigo.domain.assistant.testing import runs
from chatrigo.domain.assistant.testing.judging import Answer
from chatrigo.domain.assistant.testing.runs import Task
from chatrigo.errors import ChatrigoError, NotFound
from chatrigo.workflows.rehearse import Rehearsed, rehearse

log = logging.getLogger(__name__)


@DBOS.workflow(name=runs.WORKFLOW)
async def prove(business_id: int, run_id: int) -> None:
    """Run the set to its end; both sides of a case at the same time."""
    actor = system(business_id)
    try:
        while tasks := await db.run(runs.next_tasks, actor, run_id):
            await asyncio.gather(*(_prove(actor, run_id, task) for task in tasks))
        await db.run(runs.end_run, actor, run_id, "done")
    except NotFound:
        log.info("The test run %s is gone", run_id)
    except Exception:
        log.exception("Could not run the tests of run %s", run_id)
        await db.run(runs.end_run, actor, run_id, "failed")


async def _prove(actor: Actor, run_id: int, task: Task) -> None:
    answers: list[Answer] = []
    milliseconds = tokens = 0
    try:
        for question in task.case.turns:
            end = await _answered(actor, question, answers, task.version_id)
            answers.append(_kept(question, end))
            milliseconds += end.milliseconds
            tokens += end.input_tokens + end.output_tokens
    except ChatrigoError as refused:
        log.warning("Test %s could not be asked: %s", task.case.id, refused.key)
    await db.run(
        runs.take_answers,
        actor,
        run_id,
        task,
        answers,
        milliseconds=milliseconds,
        tokens=tokens,
    )


async def _answered(
    actor: Actor, question: str, before: list[Answer], version_id: int
) -> Rehearsed:
    history = [
        turn for each in before for turn in (("user", each.question), ("assistant", each.text))
    ]
    steps = rehearse(actor, question, history, version_id=version_id, purpose="test")
    async with aclosing(steps):
        *_, end = [step async for step in steps]
    return end


def _kept(question: str, end: Rehearsed) -> Answer:
    titles = [piece.title for piece in end.evidence]
    return Answer(question, end.text, end.act, end.reason, titles)
