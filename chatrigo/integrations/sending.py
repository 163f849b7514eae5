"""By which way a message reaches a person. Another way is another entry in `SENDERS`."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from chatrigo.integrations import email

# Takes recipient, subject and text; raises Unavailable when it may be tried again later.
Sender: TypeAlias = Callable[[str, str, str], Awaitable[None]]

SENDERS: dict[str, Sender] = {"email": email.send}


async def send(channel: str, to: str, subject: str, text: str) -> None:
    """Hand the message over by this channel. Raises Unavailable, KeyError for no channel of ours."""
    await SENDERS[channel](to, subject, text)
