"""The templates of a WhatsApp Business account: all of them read, a new one handed in."""

from collections.abc import Mapping
from typing import Any

from chatrigo.integrations.channels import graph
from chatrigo.integrations.channels.graph import Answer, Refusal, Silence
from chatrigo.integrations.channels.port import Account
from chatrigo.integrations.channels.whatsapp_errors import failed, from_refusal
from chatrigo.integrations.channels.whatsapp_shapes import listed, mapped, words

FIELDS = "id,name,language,status,category,components,rejected_reason,quality_score"
PAGE = "100"
MOST_PAGES = 60


async def read_all(account: Account) -> list[Answer]:
    """In Meta's own shape, page by page. Raises SendFailed."""
    found: list[Answer] = []
    query = {"fields": FIELDS, "limit": PAGE}
    for _ in range(MOST_PAGES):
        answer = await _ask(account, query)
        found += [each for each in listed(answer.get("data")) if isinstance(each, dict)]
        paging = mapped(answer.get("paging"))
        after = words(mapped(paging.get("cursors")).get("after"))
        if not after or not paging.get("next"):
            break
        query["after"] = after
    return found


async def hand_in(account: Account, template: Mapping[str, Any]) -> Answer:
    """What Meta says of it: `id`, `status`, `category`. Raises SendFailed."""
    try:
        return await graph.post(_token(account), _path(account), template)
    except Refusal as refusal:
        raise from_refusal(refusal) from None
    except Silence as silence:
        # It may stand there already: reading them all tells.
        word = "template_unsure" if silence.reached else "unreachable"
        raise failed("retry", word) from None


async def _ask(account: Account, query: dict[str, str]) -> Answer:
    try:
        return await graph.get(_token(account), _path(account), **query)
    except Refusal as refusal:
        raise from_refusal(refusal) from None
    except Silence:
        raise failed("retry", "unreachable") from None


def _token(account: Account) -> str:
    return account.secrets.get("access_token", "")


def _path(account: Account) -> str:
    waba = str(account.settings.get("waba_id", ""))
    if not (waba.isascii() and waba.isalnum()):
        raise failed("refused", "wrong", "limit", details="no WhatsApp Business account")
    return f"{waba}/message_templates"
