"""Labels: coloured words that staff put on conversations."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, func, select

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.fields import choice_of, line_of
from chatrigo.domain.settings import own_business
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.business import Label
from chatrigo.models.conversation import ConversationLabel

MAX_NAME = 40
MAX_LABELS = 50
# The colours that the design system draws labels in.
COLOURS = ("red", "orange", "amber", "green", "teal", "blue", "violet", "pink")


@dataclass(frozen=True, slots=True)
class LabelUseRow:
    """A label, and on how many conversations it is."""

    id: int
    name: str
    colour: str
    conversations: int


def list_labels(session: Session, actor: Actor) -> list[LabelUseRow]:
    """All of them (at most MAX_LABELS), by name."""
    require(actor, "inbox.read")
    uses = func.count(col(ConversationLabel.conversation_id))
    query = (
        select(Label, uses)
        .outerjoin(ConversationLabel, col(ConversationLabel.label_id) == Label.id)
        .where(Label.business_id == actor.business_id)
        .group_by(col(Label.id))
        .order_by(func.lower(Label.name), col(Label.id))
        .limit(MAX_LABELS)
    )
    return [_row(label, count) for label, count in session.execute(query)]


def add_label(session: Session, actor: Actor, name: Any, colour: Any) -> LabelUseRow:
    require(actor, "configure")
    own_business(session, actor, lock=True)
    count = select(func.count()).where(Label.business_id == actor.business_id)
    if session.execute(count).scalar_one() >= MAX_LABELS:
        raise Invalid("settings.labels_many", limit=MAX_LABELS)
    label = Label(
        business_id=actor.business_id,
        name=_free_name(session, actor, name),
        colour=choice_of(colour, "settings.colour", COLOURS),
    )
    session.add(label)
    return _changed(session, actor, label)


def change_label(
    session: Session, actor: Actor, label_id: Any, name: Any, colour: Any
) -> LabelUseRow:
    require(actor, "configure")
    own_business(session, actor, lock=True)
    label = owned(session, actor, Label, label_id)
    label.name = _free_name(session, actor, name, of=label.id)
    label.colour = choice_of(colour, "settings.colour", COLOURS)
    return _changed(session, actor, label)


def delete_label(session: Session, actor: Actor, label_id: Any) -> LabelUseRow:
    """Remove the label, also from every conversation that has it. The row as it was."""
    require(actor, "configure")
    label = owned(session, actor, Label, label_id)
    row = _row(label, _uses(session, label))
    session.delete(label)
    session.flush()
    audit.note(
        session, actor, "labels.deleted", row.name, before={"conversations": row.conversations}
    )
    record(session, SettingsChanged(actor.business_id, "labels"))
    return row


def _free_name(session: Session, actor: Actor, value: Any, of: int | None = None) -> str:
    name = line_of(value, "settings.label_name", most=MAX_NAME, least=1)
    taken = select(Label.id).where(
        Label.business_id == actor.business_id, func.lower(Label.name) == func.lower(name)
    )
    if set(session.execute(taken).scalars()) - {of}:
        raise Invalid("settings.label_taken", name=name)
    return name


def _uses(session: Session, label: Label) -> int:
    query = select(func.count()).where(ConversationLabel.label_id == label.id)
    return int(session.execute(query).scalar_one())


def _changed(session: Session, actor: Actor, label: Label) -> LabelUseRow:
    session.flush()
    record(session, SettingsChanged(actor.business_id, "labels"))
    return _row(label, _uses(session, label))


def _row(label: Label, conversations: int) -> LabelUseRow:
    assert label.id
    return LabelUseRow(label.id, label.name, label.colour, conversations)
