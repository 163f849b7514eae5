"""The owner's own tests of the assistant, and how its versions did in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, json_list, key, moment, reference


class SetCase(SQLModel, table=True):
    """
    What a customer says, turn by turn, and what the last answer must be.

    expected   answer, clarify, handover or any
    facts      must be in the last answer     forbidden  may be in none of the answers
    """

    __tablename__ = "test_case"

    id: int | None = key()
    business_id: int = business()
    name: str = Field(max_length=120)
    turns: list[str] = json_list()
    facts: list[str] = json_list()
    forbidden: list[str] = json_list()
    expected: str = Field(default="any", max_length=10)
    enabled: bool = True
    created_at: datetime = moment()
    updated_at: datetime = moment()


class SetRun(SQLModel, table=True):
    """
    One run of the set over the draft and the published version.

    state  running, done, cancelled or failed
    draft_revision  which state of the draft was tested: an edit since then makes the run stale
    """

    __tablename__ = "test_run"
    __table_args__ = (Index("test_run_by_business", "business_id", "id"),)

    id: int | None = key()
    business_id: int = business(index=False)
    draft_id: int | None = reference(
        "instruction_version.id", nullable=True, index=False, on_delete="SET NULL"
    )
    draft_number: int = 0
    draft_revision: int = 0
    published_id: int | None = reference(
        "instruction_version.id", nullable=True, index=False, on_delete="SET NULL"
    )
    published_number: int = 0
    state: str = Field(default="running", max_length=10)
    total: int = 0
    model: str = Field(default="", max_length=120)
    started_by: int | None = reference(
        "account.id", nullable=True, index=False, on_delete="SET NULL"
    )
    created_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)


class SetResult(SQLModel, table=True):
    """
    How one side (draft or published) did in one case; once a run, however often it is resumed.

    answers   one per turn: question, text, act, reason, titles of the evidence
    problems  what failed: kind, and the text it is about
    """

    __tablename__ = "test_result"
    __table_args__ = (UniqueConstraint("run_id", "case_id", "side"),)

    id: int | None = key()
    business_id: int = business()
    run_id: int = reference("test_run.id", index=False)
    case_id: int = reference("test_case.id")
    side: str = Field(max_length=10)
    passed: bool = False
    answers: list[dict[str, Any]] = json_list()
    problems: list[dict[str, Any]] = json_list()
    milliseconds: int = 0
    tokens: int = 0
    created_at: datetime = moment()
