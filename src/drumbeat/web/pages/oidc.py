"""Sign in with a service: away to it, and back with its word for who somebody is."""

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from drumbeat.web import session_cookie
from drumbeat.web.pages.sign_in import local, refusal_page, stranger_of
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.services import Accounts, Services, SignInService
from drumbeat.web.site import site_of
from drumbeat.web.verbs import Refused
from drumbeat.web.visit import wired

router = room()
_TICKET = "drumbeat-sign-in"
_TEN_MINUTES = 600
_NOBODY = (
    "Nobody in drumbeat.yaml has your address. Whoever runs Drumbeat can add you there; the "
    "sign-in service alone lets nobody in."
)


@router.get("/sign-in/oidc")
@needs(Right.PUBLIC)
def away(
    request: Request,
    next: Annotated[str, Query(max_length=500)] = "",  # noqa: A002
    fresh: bool = False,
) -> Response:
    """To the service. The browser keeps what ties its answer to this very beginning."""
    service: SignInService = wired(request.app.state.services.oidc)
    begun = service.begin(wired(site_of(request)), local(next), fresh=fresh)
    if isinstance(begun, Refused):
        return refusal_page(request, begun)
    answer = RedirectResponse(begun.url, status_code=303)
    answer.set_cookie(
        _TICKET,
        begun.ticket,
        max_age=_TEN_MINUTES,
        path="/sign-in",
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.is_https,
    )
    return answer


@router.get("/sign-in/oidc/done")
@needs(Right.PUBLIC)
def done(request: Request) -> Response:
    """Back from the service. Who may come in at all, drumbeat.yaml says."""
    services: Services = request.app.state.services
    service: SignInService = wired(services.oidc)
    accounts: Accounts = wired(services.accounts)
    stranger = stranger_of(request)
    if request.app.state.address_tries.wait(stranger.address, request.app.state.now()):
        return refusal_page(request, Refused("Too many tries. Wait a while.", 429))
    query = dict(request.query_params)
    came = service.finish(wired(site_of(request)), query, request.cookies.get(_TICKET, ""))
    if isinstance(came, Refused):
        return refusal_page(request, came)
    try:
        opened = accounts.open_session(came.email, came.method, stranger)
    except LookupError:
        return refusal_page(request, Refused(_NOBODY, 403))
    answer = RedirectResponse(local(came.path) or "/today", status_code=303)
    answer.delete_cookie(_TICKET, path="/sign-in")
    session_cookie.keep(answer, request.app.state.settings, opened.secret, opened.until)
    return answer
