"""Unsubscribe: one click and nothing else (RFC 8058). Looking at the link changes nothing."""

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse

from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.services import Services

router = room()


@router.get("/u/{token}")
@needs(Right.PUBLIC)
async def ask(token: str, request: Request) -> Response:
    """Mail scanners fetch every link, so this only shows a button."""
    return _page(request, is_done=False, is_known=True)


@router.post("/u/{token}")
@needs(Right.PUBLIC)
async def unsubscribe(token: str, request: Request) -> Response:
    """What mail programs and the button post: 200 without a redirect, a cookie or a sign-in."""
    services: Services = request.app.state.services
    is_known = await run_in_threadpool(services.hooks.unsubscribe, token)
    return _page(request, is_done=is_known, is_known=is_known)


def _page(request: Request, *, is_done: bool, is_known: bool) -> Response:
    template = request.app.state.templates.get_template("unsubscribe.html")
    text = template.render(is_done=is_done, is_known=is_known)
    return HTMLResponse(text, status_code=200 if is_known else 404)
