"""Errors: every refusal as a page that says what to do next, or as problem details for programs."""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from drumbeat.web import form_token
from drumbeat.web.confirm import PASSKEY, PASSWORD, ask
from drumbeat.web.verbs import ProofNeeded

_LOG = logging.getLogger("drumbeat.web")
_PROGRAMS = ("/api/", "/hooks/", "/chats/", "/healthz", "/readyz")
# The problem's type where an order would count from a person who has just confirmed who they are.
CONFIRM = "urn:drumbeat:problem:confirm"
_TITLES = {
    400: "That could not be read",
    401: "Please sign in",
    403: "Not allowed",
    410: "No longer there",
    428: "Say what you saw",
    429: "Too often",
    404: "Not found",
    405: "Not possible here",
    409: "No longer so",
    412: "No longer what you saw",
    413: "Too large",
    422: "That could not be understood",
    500: "Something broke on our side",
}


def add_error_pages(app: FastAPI) -> None:
    """Answer every error in the form its reader can use."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(ProofNeeded, _unproven)
    app.add_exception_handler(Exception, _broken)


def problem(
    status: int, detail: str, headers: dict[str, str] | None = None, kind: str = "about:blank"
) -> JSONResponse:
    """RFC 9457 problem details."""
    body = {"type": kind, "title": title(status), "status": status, "detail": detail}
    return JSONResponse(
        body, status_code=status, headers=headers, media_type="application/problem+json"
    )


def title(status: int) -> str:
    """The heading people read over a refusal of this status."""
    return _TITLES.get(status, "That did not work")


# Fields people write into; of others only what has several words.
_WRITTEN = frozenset({"reason", "text", "minutes", "note", "name"})


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 401 and "hx-request" in request.headers:
        # A page that refreshes itself learns that its session is over.
        there = f"/sign-in?next={quote(request.url.path)}"
        return _answer(request, 401, str(error.detail), {"hx-redirect": there})
    if error.status_code == 401 and _can_sign_in(request):
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", status_code=303)
    return _answer(request, error.status_code, str(error.detail), dict(error.headers or {}))


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    is_program = request.url.path.startswith(_PROGRAMS)
    tell = _by_place if is_program else _in_words
    return _answer(request, 422, "; ".join(map(tell, error.errors()[:5])))


def _by_place(wrong: Mapping[str, Any]) -> str:
    return f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}"


def _in_words(wrong: Mapping[str, Any]) -> str:
    """What is wrong with a field, for the person who filled it in."""
    name, limits = str(wrong["loc"][-1]).replace("_", " "), wrong.get("ctx") or {}
    match wrong["type"]:
        case "string_too_long":
            return f"“{name}” takes {limits['max_length']:,} characters at most"
        case "missing":
            return f"“{name}” is missing"
        case _:
            return f"“{name}”: {wrong['msg']}"


async def _unproven(request: Request, error: Exception) -> Response:
    if request.url.path.startswith(_PROGRAMS):
        said = f"{error}. Programs cannot: do it on its page."
        return problem(403, said[:1].upper() + said[1:], kind=CONFIRM)
    return await ask(request, error)


async def _broken(request: Request, error: Exception) -> Response:
    _LOG.error("the page %s broke", request.url.path, exc_info=error)
    text = "Look whether your last step was recorded before you try again; the log has the cause."
    return _answer(request, 500, text)


def _can_sign_in(request: Request) -> bool:
    """Whether a person, not a program, asked for a page of a workspace with accounts."""
    is_page = request.method == "GET" and not request.url.path.startswith((*_PROGRAMS, "/live"))
    return is_page and request.app.state.services.accounts is not None


def _typed(request: Request) -> list[tuple[str, str]]:
    """What a person wrote into the form that failed, so that it can be copied and sent again."""
    posted = getattr(request.state, "posted", ())
    return [(name.split(".")[-1], text) for name, text in posted if _is_writing(name, text)]


def _is_writing(name: str, text: str) -> bool:
    """Words of a person: not a password, a token, or what buttons and hidden fields carry."""
    is_secret = name in (form_token.FIELD, PASSWORD, PASSKEY, "password", "credential")
    return not is_secret and (name in _WRITTEN or " " in text.strip())


def _answer(
    request: Request, status: int, detail: str, headers: dict[str, str] | None = None
) -> Response:
    if request.url.path.startswith(_PROGRAMS):
        return problem(status, detail, headers)
    template = request.app.state.templates.get_template("error.html")
    typed = _typed(request)
    text = template.render(status=status, title=title(status), detail=detail, typed=typed)
    return HTMLResponse(text, status_code=status, headers=headers)
