import pytest

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.assistant import publishing, versions
from chatrigo.domain.assistant.testing import cases, runs
from chatrigo.domain.assistant.testing.judging import Answer
from chatrigo.errors import Forbidden, Invalid, NotFound
from chatrigo.models.own_tests import SetRun

WISHES = {"name": "Nandi", "language": "customer"}


@pytest.fixture
def drafted(session, actor):
    desk = versions.save_draft(session, actor, WISHES, 0)
    versions.put_live(session, actor, desk.revision)
    versions.save_draft(session, actor, {**WISHES, "name": "Rangga"}, 0)
    return actor


def add(session, actor, turns="buka?", facts="08.00"):
    return cases.add_case(session, actor, {"turns": turns, "facts": facts})


def run_all(session, actor, said="Jam 8.", draft_said=""):
    """What the workflow does, with an assistant that always says the same."""
    run = runs.start_run(session, actor)
    while tasks := runs.next_tasks(session, actor, run.id):
        for task in tasks:
            text = draft_said if task.side == "draft" and draft_said else said
            answers = [Answer(turn, text, "model") for turn in task.case.turns]
            runs.take_answers(session, actor, run.id, task, answers, milliseconds=5, tokens=3)
    runs.end_run(session, actor, run.id, "done")
    return runs.latest_run(session, actor)


def test_both_versions_are_asked_side_by_side(session, drafted):
    add(session, drafted)
    add(session, drafted, turns="tutup?", facts="22.00")
    cases.enable_case(session, drafted, add(session, drafted, turns="mati?").id, False)
    view = run_all(session, drafted, said="Jam 8.", draft_said="Jam 9.")
    assert (view.run.state, view.run.total, view.run.done) == ("done", 4, 4)
    assert (view.run.draft_number, view.run.published_number) == (2, 1)
    assert (view.run.draft_failed, view.run.published_failed) == (2, 1)
    first = view.lines[0]
    assert (first.draft.state, first.published.state) == ("failed", "passed")
    assert first.draft.problems[0].text == "08.00"
    assert first.draft.answers == []
    whole = runs.get_line(session, drafted, view.run.id, first.case_id)
    assert whole.draft.answers[0].text == "Jam 9."
    assert view.lines[2].draft.state == "waiting"


def test_without_a_draft_the_published_version_is_asked_alone(session, actor):
    desk = versions.save_draft(session, actor, WISHES, 0)
    versions.put_live(session, actor, desk.revision)
    add(session, actor)
    assert run_all(session, actor).run.total == 1


def test_nothing_to_run_is_said(session, drafted):
    with pytest.raises(Invalid) as refused:
        runs.start_run(session, drafted)
    assert refused.value.key == "own_tests.nothing_to_run"


def test_one_run_at_a_time(session, drafted):
    add(session, drafted)
    assert runs.start_run(session, drafted).id == runs.start_run(session, drafted).id


def test_a_repeat_changes_nothing_and_a_resumed_run_goes_on(session, drafted):
    add(session, drafted)
    run = runs.start_run(session, drafted)
    draft, live = runs.next_tasks(session, drafted, run.id)
    runs.take_answers(session, drafted, run.id, draft, [Answer("buka?", "Jam 8.", "model")])
    runs.take_answers(session, drafted, run.id, draft, [Answer("buka?", "Jam 9.", "model")])
    assert runs.next_tasks(session, drafted, run.id) == [live]
    assert runs.latest_run(session, drafted).run.draft_failed == 0


def test_a_run_is_stopped(session, drafted):
    add(session, drafted)
    run = runs.start_run(session, drafted)
    assert runs.cancel_run(session, drafted, run.id).state == "cancelled"
    assert runs.next_tasks(session, drafted, run.id) == []
    runs.end_run(session, drafted, run.id, "done")
    assert runs.latest_run(session, drafted).run.state == "cancelled"


def test_a_case_that_is_deleted_meanwhile_is_let_go(session, drafted):
    case = add(session, drafted)
    run = runs.start_run(session, drafted)
    (task, _) = runs.next_tasks(session, drafted, run.id)
    cases.delete_case(session, drafted, case.id)
    runs.take_answers(session, drafted, run.id, task, [Answer("buka?", "8", "model")])
    assert runs.next_tasks(session, drafted, run.id) == []


def revision(session, actor):
    return versions.get_desk(session, actor).revision


def test_without_tests_there_is_a_hint_and_no_hurdle(session, drafted):
    assert publishing.readiness(session, drafted).state == "empty"
    assert publishing.publish(session, drafted, revision(session, drafted)).state == "published"


def test_the_tests_must_have_run_over_the_draft_as_it_is(session, drafted):
    add(session, drafted)
    with pytest.raises(Invalid) as refused:
        publishing.publish(session, drafted, revision(session, drafted))
    assert refused.value.key == "versions.untested"
    run_all(session, drafted)
    assert publishing.readiness(session, drafted).state == "proven"
    versions.save_draft(session, drafted, {**WISHES, "name": "Lain"}, revision(session, drafted))
    assert publishing.readiness(session, drafted).state == "untested"
    assert runs.latest_run(session, drafted).run.stale
    run_all(session, drafted)
    live = publishing.publish(session, drafted, revision(session, drafted))
    assert (live.state, live.failures) == ("published", 0)


def test_a_changed_set_must_run_again(session, drafted):
    add(session, drafted)
    run_all(session, drafted)
    case = add(session, drafted, turns="baru?")
    for row in session.query(SetRun):  # the clock stands still within a test's transaction
        row.created_at = row.created_at.replace(year=2020)
    session.flush()
    assert publishing.readiness(session, drafted).state == "untested"
    cases.delete_case(session, drafted, case.id)


def test_publishing_with_failures_needs_a_reason(session, drafted):
    add(session, drafted)
    run_all(session, drafted, said="Jam 9.")
    ready = publishing.readiness(session, drafted)
    assert (ready.state, ready.proof.draft_failed) == ("failing", 1)
    at = revision(session, drafted)
    with pytest.raises(Invalid) as refused:
        publishing.publish(session, drafted, at)
    assert refused.value.key == "versions.reason_missing"
    live = publishing.publish(session, drafted, at, reason="Jam baru mulai besok")
    assert (live.failures, live.reason) == (1, "Jam baru mulai besok")


def test_another_business_sees_nothing(shop, stranger):
    with db.transaction(shop) as session:
        desk = versions.save_draft(session, shop, WISHES, 0)
        versions.put_live(session, shop, desk.revision)
        case = add(session, shop)
        run = runs.start_run(session, shop)
    with db.transaction(stranger) as session:
        assert runs.latest_run(session, stranger) is None
        for call in (
            lambda: runs.cancel_run(session, stranger, run.id),
            lambda: runs.get_line(session, stranger, run.id, case.id),
            lambda: runs.next_tasks(session, stranger, run.id),
        ):
            with pytest.raises(NotFound):
                call()


def test_who_may_not_configure_is_refused(session, drafted):
    agent = Actor(1, drafted.business_id, "agent")
    for call in (
        lambda: runs.start_run(session, agent),
        lambda: runs.latest_run(session, agent),
        lambda: runs.cancel_run(session, agent, 1),
        lambda: publishing.readiness(session, agent),
        lambda: publishing.publish(session, agent, 1),
    ):
        with pytest.raises(Forbidden):
            call()
