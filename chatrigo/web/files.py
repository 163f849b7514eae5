"""
Pictures, served to whoever holds a link that we signed.

Links are made when a conversation is shown to somebody who may see it, and end after a day.
"""

from mimetypes import guess_extension

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
    headers = {"Cache-Control": "private, max-age=86400, immutable"}
    if picture.mime.startswith("image/") and picture.width:
        return FileResponse(
            storage.path(picture.sha256),
            media_type=picture.mime,
            headers=headers,
            content_disposition_type="inline",
        )
    # A customer's file is whatever they made of it: browsers keep it, and never run it here.
    return FileResponse(
        storage.path(picture.sha256),
        media_type="application/octet-stream",
        filename=f"file-{attachment_id}{_ending(picture.mime)}",
        headers=headers,
    )


def _ending(mime: str) -> str:
    return guess_extension(mime.partition(";")[0].strip()) or ""


routes = [Route("/files/{link}", get_file)]
