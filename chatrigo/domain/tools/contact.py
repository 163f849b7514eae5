"""What a customer tells of themselves, checked and kept."""

import re
from typing import Any, Literal

from pydantic import Field
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo.domain.access import Actor, owned
from chatrigo.domain.accounts.addresses import address
from chatrigo.domain.fields import line_of
from chatrigo.domain.tools.tool import Arguments, Context, Refused, Tool
from chatrigo.domain.tools.written import require_written
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.columns import now
from chatrigo.models.conversation import Contact
from chatrigo.models.tools import ContactField

TOPIC = "contact_fields"
_PHONE = re.compile(r"\+?\d{8,15}")


class Told(Arguments):
    field: Literal["name", "phone", "email", "address", "note"]
    value: str = Field(min_length=1, max_length=500, description="As the customer wrote it.")


def save_contact_field(
    session: Session, actor: Actor, context: Context, arguments: Told
) -> dict[str, Any]:
    """The last word counts. A name also becomes the contact's, if it has none."""
    value = fit(arguments.field, arguments.value)
    require_written(session, actor, context, value)
    contact = owned(session, actor, Contact, context.contact_id, lock=True)
    values = {"value": value, "updated_at": now()}
    added = insert(ContactField).values(
        business_id=actor.business_id, contact_id=contact.id, name=arguments.field, **values
    )
    session.execute(
        added.on_conflict_do_update(
            index_elements=[col(ContactField.contact_id), col(ContactField.name)], set_=values
        )
    )
    if arguments.field == "name" and not contact.name:
        contact.name = value[:120]
    session.flush()
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return {"saved": arguments.field}


def fit(field: str, value: str) -> str:
    """The value as it is kept. Raises Refused for one that can't be what it is said to be."""
    if field == "phone":
        return _phone(value)
    if field == "email":
        try:
            return address(value)
        except Invalid:
            raise Refused("That is not an e-mail address. Ask the customer again.") from None
    return line_of(value, "tools.value", most=120 if field == "name" else 500)


def _phone(value: str) -> str:
    """Digits with the country in front: 0812… is Indonesian."""
    digits = re.sub(r"[\s().-]", "", value)
    if not _PHONE.fullmatch(digits):
        raise Refused("That is not a phone number. Ask the customer again.")
    if digits.startswith("0"):
        return f"+62{digits[1:]}"
    return digits if digits.startswith("+") else f"+{digits}"


TOOL = Tool(
    name="save_contact_field",
    description=(
        "Keep something the customer has just told of themselves: their name, phone number, "
        "e-mail, address, or a note. Only what they wrote, never a guess."
    ),
    arguments=Told,
    effect="writes",
    permission="inbox.write",
    run=save_contact_field,
)
