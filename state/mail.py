"""Whether mail can be sent at all."""

from chatrigo.config import settings
from chatrigo.errors import Unavailable


def check_mail() -> None:
    """Raises Unavailable if nothing could be sent anyway."""
    if not (settings.smtp_url or settings.demo):
        raise Unavailable("auth.mail_not_set_up")
