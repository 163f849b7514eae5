"""
Files that a signed-in person takes along: too much for a socket, and nothing that a tab should
hold. Each is asked of the domain, which decides, and writes down that it was taken.
"""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chatrigo.domain import trail
from chatrigo.domain.catalogue import spreadsheet as catalogue
from chatrigo.domain.knowledge import spreadsheet as knowledge
from chatrigo.errors import NotFound
from chatrigo.web import signed

MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def get_catalogue(request: Request) -> Response:
    """Raises NotFound for a kind of file we don't write, and what the domain raises."""
    kind = request.path_params["kind"]
    if kind not in MIME:
        raise NotFound
    content = await signed.do(request, catalogue.export_products, kind)
    return _file(f"katalog.{kind}", content)


async def get_knowledge(request: Request) -> Response:
    content = await signed.do(request, knowledge.export_entries)
    return _file(f"chatrigo-knowledge-{_today()}.csv", content.encode())


async def get_audit(request: Request) -> Response:
    """`?person=&act=&since=&until=&search=&locale=`, as the screen filters."""
    asked = request.query_params
    parts = (asked.get(name, "") for name in ("person", "act", "since", "until", "search"))
    wanted = trail.TrailFilter.of(*parts)
    content = await signed.do(request, trail.export_trail, wanted, asked.get("locale", ""))
    return _file(f"chatrigo-audit-{_today()}.csv", content.encode())


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


def _file(name: str, content: bytes) -> Response:
    return Response(
        content,
        media_type=MIME[name.rpartition(".")[2]],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


routes = [
    Route("/export/catalogue.{kind}", get_catalogue),
    Route("/export/knowledge.csv", get_knowledge),
    Route("/export/audit.csv", get_audit),
]
