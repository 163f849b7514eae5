"""Instagram: a business account whose messages come through its page's token."""

from chatrigo.integrations.channels.messaging import MEGABYTE, Messaging
from chatrigo.integrations.channels.port import Limits

adapter = Messaging(
    "instagram",
    "instagram",
    Limits(text=1000, caption=1000, buttons=13, file_bytes=25 * MEGABYTE, window=24),
    image_bytes=16 * MEGABYTE,
)
