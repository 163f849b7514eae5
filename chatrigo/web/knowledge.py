"""Files that the owner hands in as knowledge: taken by POST, so that the browser shows how far."""

from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chatrigo.domain.knowledge import sources
from chatrigo.errors import Invalid
from chatrigo.integrations import storage
from chatrigo.integrations.documents import formats
from chatrigo.integrations.documents.found import Unreadable
from chatrigo.web import signed
from chatrigo.web.guard import UPLOAD

LONGEST_NAME = 200


async def post_file(request: Request) -> JSONResponse:
    """
    The file as the raw body, its name percent-encoded in `X-File-Name`, `?kind=` file (if left
    out) or whatsapp → 201 `{"source"}`.
    """
    actor = (await signed.person(request)).actor
    await signed.do(request, sources.allow_upload)
    kind = request.query_params.get("kind", "file")
    raw = await request.body()
    _check(raw, kind)
    room = storage.room_of(actor.business_id)
    sha256 = await storage.put(raw, room)
    row = await signed.do(request, sources.add_file, kind, _name(request), sha256, len(raw))
    if not storage.path(sha256, room).exists():  # forgotten meanwhile with a source like it
        await storage.put(raw, room)
    return JSONResponse({"source": row.id}, status_code=201)


def _check(raw: bytes, kind: str) -> None:
    """Raises Invalid for what no reader of ours could read."""
    if not raw.strip():
        raise Invalid("sources.empty")
    try:
        found = formats.family(raw[: formats.HEAD])
    except Unreadable as refused:
        raise Invalid(refused.key, **refused.values) from None
    if kind == "whatsapp" and found not in ("zip", "text"):
        raise Invalid("sources.no_chat")


def _name(request: Request) -> str:
    """Only to show: a path is not followed, and the end says nothing of what is inside."""
    named = unquote(request.headers.get("x-file-name", ""), errors="replace")
    return named.replace("\\", "/").rpartition("/")[2].strip()[-LONGEST_NAME:] or "berkas"


routes = [Route(UPLOAD, post_file, methods=["POST"])]
