"""What HTTP says of an error: `{"error": key, "message": text}` in the caller's language."""

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse

from chatrigo import faults
from chatrigo.errors import ChatrigoError, LimitReached
from chatrigo.i18n import preferred, translate

log = structlog.get_logger()


async def refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ChatrigoError)
    retry = {"Retry-After": str(error.retry_after)} if isinstance(error, LimitReached) else {}
    return JSONResponse(
        {"error": error.key, "message": translate(error.key, _locale(request), **error.values)},
        status_code=error.status,
        headers={"Cache-Control": "no-store", **retry},
    )


async def failed(request: Request, error: Exception) -> JSONResponse:
    """A bug: the caller gets an id, the log all that we know."""
    id = faults.note(request.url.path, error)
    log.error("a request failed", id=id, path=request.url.path, exc_info=error)
    message = translate("errors.unexpected", _locale(request), id=id)
    return JSONResponse({"error": "errors.unexpected", "message": message}, status_code=500)


HANDLERS = {ChatrigoError: refused, Exception: failed}


def _locale(request: Request) -> str:
    return preferred(request.headers.get("accept-language", ""))
