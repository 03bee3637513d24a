"""System: health, static files, live events and platforms' hooks."""

from functools import partial
from typing import Annotated

from fastapi import Header, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from drumbeat.web.errors import problem
from drumbeat.web.live import LiveFeed
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.services import Accepted, ChatDone, Duplicate, NotTaken, Services
from drumbeat.web.static_folder import StaticFolder
from drumbeat.web.views.shell import Person

router = room()
_MAX_EVENT_BYTES = 1024 * 1024


@router.get("/healthz")
@needs(Right.PUBLIC)
async def healthz() -> Response:
    """200 while the process answers at all; nothing else is looked at."""
    return PlainTextResponse("alive")


@router.get("/readyz")
@needs(Right.PUBLIC)
def readyz(request: Request) -> Response:
    """200 when it can serve; 503 with what keeps it from that, in words."""
    services: Services = request.app.state.services
    problems = services.health.problems()
    return problem(503, "; ".join(problems)) if problems else PlainTextResponse("ready")


@router.get("/static/{name:path}")
@needs(Right.PUBLIC)
async def static_file(name: str, request: Request) -> Response:
    """A script, style, font or picture of the pages, kept by browsers for a year. 404 for any other
    name."""
    folder: StaticFolder = request.app.state.static
    if (answer := folder.answer(name, request)) is None:
        raise HTTPException(404, "There is no such file.")
    return answer


@router.get("/live")
@needs(Right.SEE)
async def live(
    request: Request,
    after: Annotated[int, Query(ge=0)] = 0,
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """Server-sent events; a browser that comes back says which it saw last."""
    feed: LiveFeed = request.app.state.live
    since = int(last_event_id) if last_event_id.isdecimal() else after
    is_welcome = partial(_is_still_here, request, request.state.person)
    return StreamingResponse(feed.events(since, is_welcome), media_type="text/event-stream")


def _is_still_here(request: Request, person: Person) -> bool:
    """Whether the session that opened the stream is still open; listening keeps none alive."""
    services: Services = request.app.state.services
    found = services.identity.authenticate(request.cookies, is_active=False)
    return found is not None and found.session == person.session


@router.post("/chats/{chat}/answers")
@needs(Right.PUBLIC)
async def chat_answer(chat: str, request: Request) -> Response:
    """A person's answer from a chat, signed by its bot: 200 with what came of it, else why not."""
    services: Services = request.app.state.services
    body, headers = await request.body(), dict(request.headers)
    match await run_in_threadpool(services.hooks.answer_chat, chat, body, headers):
        case ChatDone(complete):
            return JSONResponse({"status": "answered", "complete": complete})
        case Duplicate():
            return JSONResponse({"status": "duplicate"})
        case NotTaken(reason, status):
            return problem(status, reason)


@router.post("/hooks/{connection}", max_body_size=_MAX_EVENT_BYTES)
@needs(Right.PUBLIC)
async def hook(connection: str, request: Request) -> Response:
    """A platform's signed event: 202 taken, 200 known already, else why not."""
    services: Services = request.app.state.services
    body, headers = await request.body(), dict(request.headers)
    match await run_in_threadpool(services.hooks.receive_event, connection, body, headers):
        case Accepted():
            return JSONResponse({"status": "accepted"}, status_code=202)
        case Duplicate():
            return JSONResponse({"status": "duplicate"})
        case NotTaken(reason, status):
            return problem(status, reason)
