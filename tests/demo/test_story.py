"""The demo conversations could have happened, and every answer of the AI rests on its evidence."""

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from chatrigo.demo import story
from chatrigo.demo.shop import load_shop
from chatrigo.demo.story import (
    REASONS,
    DemoConversation,
    DemoMessage,
    load_contacts,
    load_conversations,
    message_times,
)

TUESDAY_NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
MOMENTS = [
    TUESDAY_NOON + timedelta(days=day, hours=hour, minutes=3)
    for day in range(7)
    for hour in (-11, 0, 10, 12)
]
AMOUNT = re.compile(r"Rp\s?([\d.]*\d)")
FILLER = re.compile(r"\b(lorem|ipsum|dolor sit|amet|consectetur|adipiscing|elit)\b", re.IGNORECASE)
PHONE = re.compile(r"(\+62|\b08)[\d\s-]{7,}")


@pytest.fixture
def conversations() -> tuple[DemoConversation, ...]:
    return load_conversations(TUESDAY_NOON)


def texts(conversations: tuple[DemoConversation, ...]) -> list[DemoMessage]:
    return [m for c in conversations for m in c.messages if m.kind != "event"]


def test_counts(conversations: tuple[DemoConversation, ...]) -> None:
    assert len(load_contacts()) == 45
    assert len(conversations) == 60
    assert all(4 <= len(row.messages) <= 16 for row in conversations)


def test_every_status_and_reason_is_there(conversations: tuple[DemoConversation, ...]) -> None:
    standing = Counter(
        (row.status, row.handler, row.needs_person_reason is not None) for row in conversations
    )
    assert standing[("open", "ai", False)] >= 5
    assert standing[("open", "human", True)] >= 5
    assert standing[("open", "human", False)] >= 5
    assert standing[("pending", "human", False)] >= 5
    assert standing[("resolved", "ai", False)] >= 5
    assert standing[("resolved", "human", False)] >= 5
    assert {row.needs_person_reason for row in conversations} == {None, *REASONS}


def test_the_inbox_has_labels_notes_unread_and_assignees(
    conversations: tuple[DemoConversation, ...],
) -> None:
    assert {label for row in conversations for label in row.labels} == {
        label.key for label in load_shop().labels
    }
    assert {row.assignee for row in conversations} == {None, "sekar", "fajar", "dinda"}
    assert sum(message.kind == "note" for message in texts(conversations)) >= 8
    assert sum(row.unread > 0 for row in conversations) >= 8
    assert not any(row.unread for row in conversations if row.status == "resolved")


def test_every_event_code_occurs(conversations: tuple[DemoConversation, ...]) -> None:
    events = {m.event for row in conversations for m in row.messages if m.kind == "event"}
    assert events == {
        "handover",
        "took_over",
        "gave_back",
        "assigned",
        "resolved",
        "reopened",
        "pending",
    }


def test_references_resolve(conversations: tuple[DemoConversation, ...]) -> None:
    contacts = [contact.key for contact in load_contacts()]
    evidence = load_shop().evidence()
    assert len(set(contacts)) == len(contacts)
    assert {row.contact for row in conversations} == set(contacts)
    for row in conversations:
        for message in row.messages:
            assert set(message.evidence) <= set(evidence)


def test_all_knowledge_is_used(conversations: tuple[DemoConversation, ...]) -> None:
    used = {key for message in texts(conversations) for key in message.evidence}
    assert used == set(load_shop().evidence())


def test_amounts_in_answers_occur_in_their_evidence(
    conversations: tuple[DemoConversation, ...],
) -> None:
    evidence = load_shop().evidence()
    for message in texts(conversations):
        if message.author != "ai":
            continue
        known = {a for key in message.evidence for a in AMOUNT.findall(evidence[key])}
        assert set(AMOUNT.findall(message.text)) <= known, message.text
        assert not re.search(r"\d\s?(rb|ribu|k)\b", message.text), "prices are written out"


def test_only_the_first_line_opens_a_conversation_and_it_is_the_contacts(
    conversations: tuple[DemoConversation, ...],
) -> None:
    openings = [row.messages[0] for row in conversations]
    assert all(message.author == "contact" for message in openings)
    assert all(message.minutes_after_previous == 0 for message in openings)
    assert len({message.text.casefold() for message in openings}) == len(openings)


def test_nobody_repeats_an_answer(conversations: tuple[DemoConversation, ...]) -> None:
    answers = Counter(m.text for m in texts(conversations) if m.author != "contact")
    assert answers.most_common(1)[0][1] == 1


def test_texts_are_short_and_made_of_words(conversations: tuple[DemoConversation, ...]) -> None:
    for message in texts(conversations):
        assert 0 < len(message.text) <= 1000
        assert not FILLER.search(message.text)
        assert not PHONE.search(message.text)


def test_a_contact_has_one_unfinished_conversation_and_it_is_the_newest(
    conversations: tuple[DemoConversation, ...],
) -> None:
    by_contact = defaultdict(list)
    for row in conversations:
        by_contact[row.contact].append(row)
    for rows in by_contact.values():
        assert all(row.status == "resolved" for row in rows[:-1])


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_times_rise_and_stay_within_three_months(now: datetime) -> None:
    for row in load_conversations(now):
        times = message_times(row, now)
        assert all(early < late for early, late in pairwise(times))
        assert times[-1] < now, row.contact
        assert now - times[0] < timedelta(days=92)


def test_people_write_by_day_and_more_at_weekends(
    conversations: tuple[DemoConversation, ...],
) -> None:
    zone = ZoneInfo(load_shop().zone)
    starts = [
        (TUESDAY_NOON - timedelta(minutes=row.age_minutes)).astimezone(zone)
        for row in conversations
        if row.age_minutes > 8 * 24 * 60
    ]
    assert all(8 <= start.hour < 22 for start in starts)
    weekend = sum(start.weekday() >= 5 for start in starts)
    assert weekend / len(starts) > 2 / 7


def test_several_conversations_are_from_today(
    conversations: tuple[DemoConversation, ...],
) -> None:
    last = [message_times(row, TUESDAY_NOON)[-1] for row in conversations]
    assert sum(TUESDAY_NOON - at < timedelta(hours=8) for at in last) >= 10


def test_the_same_moment_gives_the_same_story() -> None:
    assert load_conversations(TUESDAY_NOON) == load_conversations(TUESDAY_NOON)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([["sekar", 0, "Halo"]], "must take over"),
        ([["event", 0, "handover", "no_evidence"], ["ai", 0, "Halo"]], "may not answer"),
        ([["event", 0, "resolved", "sekar"], ["contact", 0, "halo"]], "needs the event reopened"),
        ([["event", 0, "handover", "bored"]], "no such event"),
        ([["event", 0, "resolved", "nobody"]], "nobody on the team"),
        ([["contact", 0]], "index"),
    ],
)
def test_what_could_not_have_happened_is_refused(lines: list[list[object]], problem: str) -> None:
    row = {"contact": "rizky", "when": "ago 3", "unread": 0, "messages": lines}
    with pytest.raises(ValueError, match=problem):
        story._conversation(row, "today.toml", TUESDAY_NOON)


@pytest.mark.parametrize("when", ["yesterday", "1w day 10:00", "1d 25:00"])
def test_a_moment_that_is_none_is_refused(when: str) -> None:
    row = {"contact": "rizky", "when": when, "unread": 0, "messages": []}
    with pytest.raises(ValueError, match="rizky"):
        story._conversation(row, "week.toml", TUESDAY_NOON)


def test_more_unread_than_written_is_refused() -> None:
    row = {"contact": "rizky", "when": "ago 3", "unread": 2, "messages": [["contact", 0, "kak"]]}
    with pytest.raises(ValueError, match="unread"):
        story._conversation(row, "today.toml", TUESDAY_NOON)
