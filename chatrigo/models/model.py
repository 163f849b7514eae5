"""Which language model a business uses, and every call of one."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, key, locked, moment, reference


class ModelSetting(SQLModel, table=True):
    """
    What a business has chosen; without a row it is the platform's model.

    own       its own model, at `base_url` with `api_key`; else the platform's
    fallback  who answers when that fails: empty for nobody, `platform`, `own`
    """

    __tablename__ = "model_setting"
    __table_args__ = (UniqueConstraint("business_id", name="model_setting_once"),)

    id: int | None = key()
    business_id: int = business(index=False)
    own: bool = False
    name: str = Field(default="", max_length=120)
    base_url: str = Field(default="", max_length=500)
    api_key: str = locked("model key of business {business_id}")
    sees: bool = False
    input_rupiah: int = 0
    output_rupiah: int = 0
    fallback: str = Field(default="", max_length=10)
    fallback_name: str = Field(default="", max_length=120)
    fallback_base_url: str = Field(default="", max_length=500)
    fallback_api_key: str = locked("fallback model key of business {business_id}")
    fallback_sees: bool = False
    fallback_input_rupiah: int = 0
    fallback_output_rupiah: int = 0
    updated_at: datetime = moment()


class ModelCall(SQLModel, table=True):
    """
    One time that a model was asked.

    purpose  answer, playground, test, proposals, contradictions, trial
    cost     in thousandths of a rupiah; null where prices are not known
    outcome  ok, stopped (the answer was not wanted any more), or why it failed
    attempt  1, or 2 when another model had failed before
    """

    __tablename__ = "model_call"
    __table_args__ = (Index("model_call_by_time", "business_id", "created_at"),)

    id: int | None = key()
    business_id: int = business(index=False)
    conversation_id: int | None = reference("conversation.id", nullable=True, on_delete="SET NULL")
    purpose: str = Field(max_length=16)
    model: str = Field(max_length=120)
    host: str = Field(default="", max_length=120)
    input_tokens: int = 0
    output_tokens: int = 0
    cost: int | None = Field(default=None, sa_type=BigInteger)
    first_token_milliseconds: int | None = None
    milliseconds: int = 0
    outcome: str = Field(max_length=12)
    attempt: int = 1
    fallback: bool = False
    created_at: datetime = moment()
