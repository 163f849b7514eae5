"""Who of our own team may open the operator console: said on the server, never over the web."""

import psycopg

from chatrigo.serving import CannotStart


def add(url: str, email: str) -> bool:
    """Whether it changed anything. Raises CannotStart for an address without an account."""
    return _change(
        url,
        email,
        "INSERT INTO operator (account_id, granted_at) VALUES (%s, now()) ON CONFLICT DO NOTHING",
    )


def remove(url: str, email: str) -> bool:
    """Also out of a business that they are looking at. As `add`."""
    return _change(url, email, "DELETE FROM operator WHERE account_id = %s")


def known(url: str) -> list[str]:
    """The e-mail addresses of the operators."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT email FROM account JOIN operator ON account_id = id ORDER BY email"
        )
        return [email for (email,) in found]


def _change(url: str, email: str, statement: str) -> bool:
    spelled = email.strip().lower()
    with psycopg.connect(url) as connection:
        account = connection.execute("SELECT id FROM account WHERE email = %s", (spelled,))
        found = account.fetchone()
        if found is None:
            raise CannotStart(f"nobody has signed up as {spelled or '(no e-mail given)'}")
        return connection.execute(statement, found).rowcount > 0  # type: ignore[call-overload]
