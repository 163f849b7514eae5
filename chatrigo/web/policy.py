"""
What a browser may do on our pages: the Content-Security-Policy and its relatives.

Reflex's bundle needs `'unsafe-eval'` (toasts and scripts sent by the server are evaluated) and
inline styles (its toasts bring a sheet). Inline scripts are allowed one by one, by the hash of
what the build wrote into each page.
"""

import base64
import hashlib
import re
from pathlib import Path

from chatrigo.config import settings

_INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_FRAMED_BY_ANYONE = "/c/"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(),"
    " browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    **(
        {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
        if settings.https
        else {}
    ),
}
# What is no page runs nothing and stands in no frame, should it ever be opened as one.
NO_PAGE = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
# Other sites load these on purpose: the bubble, and the picture of a shared link.
_FOR_ANY_SITE = frozenset({"/widget.js", "/preview.png", "/favicon.svg"})


class Policies:
    """
    The policy of each page in `built`, the folder of the compiled front end.

    Without that folder (tests, hot reload) inline scripts are allowed: there is no telling them.
    """

    def __init__(self, built: Path | None) -> None:
        self._scripts: dict[str, str] = {}
        for page in sorted(built.rglob("*.html")) if built else ():
            path = "/" + str(page.parent.relative_to(built)).strip(".")  # type: ignore[arg-type]
            if page.name != "index.html":
                path = "*"
            known = self._scripts.get(path, "")
            self._scripts[path] = " ".join(dict.fromkeys([*known.split(), *_hashes(page)]))

    def of(self, path: str) -> dict[str, str]:
        """Headers for the page at `path`; what no page is built for shows the fallback."""
        scripts = self._scripts.get(path.rstrip("/") or "/", self._scripts.get("*"))
        framed = path.startswith(_FRAMED_BY_ANYONE)
        policy = _policy("'unsafe-inline'" if scripts is None else scripts, framed)
        return {
            "Content-Security-Policy": policy,
            **({} if framed else {"X-Frame-Options": "DENY"}),
        }


def of_no_page(path: str) -> dict[str, str]:
    """Headers of what is not HTML: answers in JSON, files, scripts."""
    by_whom = "cross-origin" if path in _FOR_ANY_SITE else "same-origin"
    return {"Content-Security-Policy": NO_PAGE, "Cross-Origin-Resource-Policy": by_whom}


def _policy(scripts: str, framed: bool) -> str:
    sockets = " ".join(f"ws{origin.removeprefix('http')}" for origin in settings.allowed_origins)
    rules = [
        "default-src 'self'",
        f"script-src 'self' 'unsafe-eval' {scripts}".rstrip(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        f"connect-src 'self' {sockets}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors *" if framed else "frame-ancestors 'none'",
    ]
    return "; ".join([*rules, "upgrade-insecure-requests"] if settings.https else rules)


def _hashes(page: Path) -> list[str]:
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script['code'].encode()).digest()).decode()}'"
        for script in _INLINE.finditer(page.read_text(encoding="utf-8"))
        if script["code"] and "src=" not in script["attributes"]
    ]
