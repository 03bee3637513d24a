"""Guard: every request passes here before its route: who, from where, and with what right."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from drumbeat.web import form_token, session_cookie
from drumbeat.web.confirm import confirm
from drumbeat.web.rights import Right, holds, right_of
from drumbeat.web.services import Services
from drumbeat.web.settings import WebSettings
from drumbeat.web.views.shell import Person

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_API = "/api/"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class GuardedRoute(APIRoute):
    """A route that refuses before it reads: no right named means nobody may."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()
        right = right_of(self.endpoint)

        async def guarded(request: Request) -> Response:
            await admit(request, right)
            answer = await inner(request)
            renewed = getattr(request.state, "renewed", None)
            if renewed is not None:
                session_cookie.keep(
                    answer, request.app.state.settings, renewed.secret, renewed.until
                )
            return answer

        return guarded


async def admit(request: Request, right: Right | None) -> None:
    """Let the request through or raise HTTPException: 401 unknown, 403 not allowed or forged."""
    # Before everything else, public routes too: nobody may be signed in by another site.
    if request.method not in _SAFE and not form_token.is_same_origin(request.headers):
        raise HTTPException(403, "This request came from another site, so nothing was done.")
    if right is Right.PUBLIC:
        return
    person = await _program(request) or await _person(request)
    if not holds(person.roles, right):
        raise HTTPException(403, f"Your role does not allow this{_whose(right)}.")
    if person.scopes is not None and right not in person.scopes:
        raise HTTPException(403, f"This token does not allow it{_whose(right)}.")
    request.state.person = person
    # A token is sent on purpose, never by a browser by itself: it cannot be forged across sites.
    if request.method not in _SAFE and person.scopes is None:
        await _check_token(request, person)
        await confirm(request, person)


async def _program(request: Request) -> Person | None:
    """Who sends a bearer token to the API; None where none was sent. Pages take sessions only."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not request.url.path.startswith(_API):
        return None
    tokens = request.app.state.services.tokens
    known = await run_in_threadpool(tokens.authenticate, secret.strip()) if tokens else None
    if known is None:
        headers = {"www-authenticate": 'Bearer realm="drumbeat", error="invalid_token"'}
        raise HTTPException(401, "This token is not known, was revoked or has lapsed.", headers)
    person: Person = known
    return person


async def _person(request: Request) -> Person:
    services: Services = request.app.state.services
    # A page that refreshes itself is not its person: it keeps no session alive.
    is_active = "hx-request" not in request.headers and request.url.path != "/live"
    person = await run_in_threadpool(
        partial(services.identity.authenticate, request.cookies, is_active=is_active)
    )
    if person is None:
        raise HTTPException(401, "Sign in to see this page.")
    return person


async def _check_token(request: Request, person: Person) -> None:
    settings: WebSettings = request.app.state.settings
    posted = await _posted_token(request)
    token = request.headers.get(form_token.HEADER) or posted
    if not form_token.is_ours(settings.form_key, person.session, token):
        raise HTTPException(
            403, "This form is no longer valid, so nothing was done. Reload the page and try again."
        )


async def _posted_token(request: Request) -> str:
    if not request.headers.get("content-type", "").startswith(_FORMS):
        return ""
    form = await request.form()
    request.state.posted = [(k, v) for k, v in form.multi_items() if isinstance(v, str)]
    value = form.get(form_token.FIELD)
    return value if isinstance(value, str) else ""


def _whose(right: Right | None) -> str:
    return f" (it needs the right to {right})" if right else ""
