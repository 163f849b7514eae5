"""
Pictures, served to whoever holds a link that we signed.

Links are made when a conversation is shown to somebody who may see it, and end after a day.
"""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from chatrigo import db, file_links
from chatrigo.domain import attachments
from chatrigo.domain.access import PUBLIC
from chatrigo.integrations import storage


async def get_file(request: Request) -> Response:
    """Raises NotFound for a wrong or ended link, as for a file that never was."""
    business_id, attachment_id = file_links.read(request.path_params["link"])
    picture = await db.run(attachments.get_picture, PUBLIC, business_id, attachment_id)
    return FileResponse(
        storage.path(picture.sha256),
        media_type=picture.mime,
        headers={"Cache-Control": "private, max-age=86400, immutable"},
        content_disposition_type="inline",
    )


routes = [Route("/files/{link}", get_file)]
