"""Messenger: a page of Facebook's."""

from chatrigo.integrations.channels.messaging import MEGABYTE, Messaging
from chatrigo.integrations.channels.port import Limits

adapter = Messaging(
    "messenger",
    "page",
    Limits(text=2000, caption=2000, buttons=13, file_bytes=25 * MEGABYTE, window=24),
    image_bytes=8 * MEGABYTE,
)
