"""Templates between Meta and us, while the person who asked for it waits."""

from typing import Any

from chatrigo import db
from chatrigo.domain.access import Actor, system
from chatrigo.domain.channels import templates
from chatrigo.domain.channels.accounts import open_account
from chatrigo.domain.channels.template_draft import drafted
from chatrigo.domain.channels.templates import TemplateRow
from chatrigo.errors import Unavailable
from chatrigo.integrations.channels import registry, whatsapp_templates
from chatrigo.integrations.channels.port import Account, SendFailed


async def read_all(actor: Actor, channel_id: Any) -> int:
    """Fetch a number's templates anew; how many there are. Raises Unavailable, Invalid."""
    account = await _account(actor, channel_id)
    try:
        found = await whatsapp_templates.read_all(account)
    except SendFailed as failure:
        raise Unavailable(failure.key) from None
    return await db.run(templates.store_all, actor, int(channel_id), found)


async def create(actor: Actor, channel_id: Any, form: Any) -> TemplateRow:
    """Check a new one, hand it in, keep it. Raises Invalid, Unavailable."""
    account = await _account(actor, channel_id)
    template = drafted(form)
    try:
        answer = await whatsapp_templates.hand_in(account, template)
    except SendFailed as failure:
        raise Unavailable(failure.key) from None
    return await db.run(templates.store_new, actor, int(channel_id), template, answer)


async def _account(actor: Actor, channel_id: Any) -> Account:
    """Of a number that this person may configure; its secrets are opened by us, not by them."""
    id = await db.run(templates.require_number, actor, channel_id)
    return registry.account_of(await db.run(open_account, system(actor.business_id), id))
