"""Files that a signed-in person takes along."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chatrigo import cookies, db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import sessions
from chatrigo.domain.catalogue import spreadsheet
from chatrigo.errors import NotFound, SignedOut

MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def get_catalogue(request: Request) -> Response:
    """Raises SignedOut, Forbidden, ConfirmItsYou, and NotFound for a kind of file we don't write."""
    kind = request.path_params["kind"]
    if kind not in MIME:
        raise NotFound
    found = await db.run(sessions.find, PUBLIC, request.cookies.get(cookies.SESSION, ""))
    if found is None:
        raise SignedOut
    content = await db.run(spreadsheet.export_products, found.actor, kind)
    return Response(
        content,
        media_type=MIME[kind],
        headers={
            "Content-Disposition": f'attachment; filename="katalog.{kind}"',
            "Cache-Control": "no-store",
        },
    )


routes = [Route("/export/catalogue.{kind}", get_catalogue)]
