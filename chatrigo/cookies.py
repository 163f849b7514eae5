"""
The cookies we set: who is signed in, which browser this is, and for whom it is trusted.

No script can read them.
"""

from http.cookies import CookieError, SimpleCookie

from chatrigo.config import settings

# A browser takes a cookie of such a name only over https, from this very host, for every path: a
# page of a neighbouring subdomain can't plant one.
_PREFIX = "__Host-" if settings.https else ""
SESSION = f"{_PREFIX}chatrigo_session"
BROWSER = f"{_PREFIX}chatrigo_browser"
DEVICE = f"{_PREFIX}chatrigo_device"
DAY = 24 * 60 * 60


def written(name: str, value: str, days: int) -> str:
    """A `Set-Cookie` header."""
    secure = "; Secure" if settings.https else ""
    return f"{name}={value}; Path=/; Max-Age={days * DAY}; HttpOnly; SameSite=Lax{secure}"


def erased(name: str) -> str:
    """A `Set-Cookie` header that removes the cookie."""
    return written(name, "", 0)


def read(header: str, name: str) -> str:
    """One cookie's value out of a `Cookie` header, or an empty string."""
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
