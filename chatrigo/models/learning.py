"""What customers asked that nobody had taught yet."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, key, moment, reference


class UnansweredQuestion(SQLModel, table=True):
    """
    A question with which the assistant called a person, for want of knowledge.

    reason  why, as in the conversation's handover
    state   open, taught (`entry_id` is what was taught) or dismissed
    """

    __tablename__ = "unanswered_question"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("unanswered_question_by_state", "business_id", "state", "id"),
    )

    id: int | None = key()
    business_id: int = business(index=False)
    conversation_id: int = reference("conversation.id")
    message_id: int = reference("message.id", index=False)
    question: str = Field(max_length=1000)
    reason: str = Field(max_length=40)
    state: str = Field(default="open", max_length=10)
    entry_id: int | None = reference("knowledge_entry.id", nullable=True, on_delete="SET NULL")
    created_at: datetime = moment()
    settled_at: datetime | None = moment(nullable=True)
