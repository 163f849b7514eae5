"""A business (the tenant), and what its staff keep at hand."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, json_list, key, moment, part_of_key


class Business(SQLModel, table=True):
    """One shop. Name, slug, zone and greeting are public: the hosted chat page shows them."""

    id: int | None = key()
    slug: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=120)
    zone: str = Field(default="Asia/Jakarta", max_length=40)
    greeting: str = Field(default="", max_length=500)
    quick_questions: list[str] = json_list()
    created_at: datetime = moment()
    # Only the functions of the operator console write these two: see the migration.
    suspended_at: datetime | None = moment(nullable=True)
    suspension_reason: str = Field(default="", max_length=500)


class Assistant(SQLModel, table=True):
    """Whether the assistant answers at all. How it does stands in `instruction_version`."""

    business_id: int = part_of_key("business.id")
    enabled: bool = True
    updated_at: datetime = moment()


class CannedReply(SQLModel, table=True):
    """A text that staff insert by typing `/` and its shortcut."""

    __tablename__ = "canned_reply"

    id: int | None = key()
    business_id: int = business()
    shortcut: str = Field(max_length=40)
    body: str = Field(max_length=4000)


class Label(SQLModel, table=True):
    """A coloured word on conversations; colour is a name of the design system."""

    id: int | None = key()
    business_id: int = business()
    name: str = Field(max_length=40)
    colour: str = Field(default="teal", max_length=12)
