"""
The compiled front end talks to wherever it was loaded from.

Reflex writes the server's address into one small chunk of the bundle. That would tie a build
to one port and one host name, so after the build each address in the chunk is replaced by
one made from the browser's own location. `PORT` and `PUBLIC_URL` then need no new build.
"""

import re
from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

ADDRESS = re.compile(
    r"""(?P<quote>["'`])(?P<scheme>http|ws)://[^/"'`]+(?P<path>/[^"'`]*)(?P=quote)"""
)

# Pages are also rendered once without a browser, while building.
HTTP_ORIGIN = '(globalThis.location?.origin??"http://localhost")'
ORIGINS = {"http": HTTP_ORIGIN, "ws": f'{HTTP_ORIGIN}.replace(/^http/,"ws")'}


class SameOrigin(Plugin):
    """Rewrites the chunk before it is compressed."""

    def post_build(self, **context: Any) -> None:
        static_dir: Path = context["static_dir"]
        chunks = list(static_dir.glob("assets/reflex-env-*.js"))
        if not chunks:
            raise RuntimeError("the front end has no reflex-env chunk: has Reflex changed?")
        for chunk in chunks:
            chunk.write_text(from_location(chunk.read_text()))


def from_location(javascript: str) -> str:
    """`javascript` with every absolute address made from `location`."""
    rewritten, count = ADDRESS.subn(_expression, javascript)
    if not count:
        raise RuntimeError("the reflex-env chunk has no addresses: has Reflex changed?")
    return rewritten


def _expression(address: re.Match[str]) -> str:
    return f'{ORIGINS[address["scheme"]]}+"{address["path"]}"'
