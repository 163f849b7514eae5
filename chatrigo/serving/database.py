"""Which database this process uses: DATABASE_URL, or the embedded server."""

import psycopg

from chatrigo import postgres
from chatrigo.config import settings
from chatrigo.serving import CannotStart


def address() -> str:
    """The database's address; the embedded server is started when it is the one."""
    if not settings.database_url:
        try:
            return postgres.start(settings.data_dir)
        except postgres.PostgresFailed as error:
            raise CannotStart(str(error)) from error
    url = settings.database_url.get_secret_value()
    check(url)
    return url


def check(url: str) -> None:
    """Refuse a database that does not answer, without showing its password."""
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        said = next(line for line in str(error).splitlines() if line.strip())
        raise CannotStart(f"the database of DATABASE_URL does not answer: {said}") from None
