"""Signed links to pictures: who holds one may see the picture, for a day."""

from datetime import timedelta

from chatrigo import security
from chatrigo.errors import NotFound
from chatrigo.models.columns import now

VALID = timedelta(days=1)


def make(business_id: int, attachment_id: int) -> str:
    """A path on our own site."""
    value = f"{business_id}-{attachment_id}"
    return f"/files/{value}-{security.sign('file', value, now() + VALID)}"


def read(link: str) -> tuple[int, int]:
    """The business and the attachment of a link. Raises NotFound if it is not ours or too old."""
    business, _, rest = link.partition("-")
    attachment, _, signature = rest.partition("-")
    if not security.verify("file", f"{business}-{attachment}", signature):
        raise NotFound
    return int(business), int(attachment)
