"""Signing in and out with a local account."""

from datetime import timedelta
from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from drumbeat.web import session_cookie
from drumbeat.web.limiter import Limiter
from drumbeat.web.pages.access import options_for
from drumbeat.web.passwords import is_right
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.services import Accounts, Services, Stranger
from drumbeat.web.site import site_of
from drumbeat.web.verbs import Refused
from drumbeat.web.visit import Here, wired

router = room()
# Five wrong passwords of one account, or thirty of one address, in a quarter of an hour.
_QUARTER = timedelta(minutes=15)
ACCOUNT_TRIES, ADDRESS_TRIES = 5, 30


@router.get("/sign-in")
@needs(Right.PUBLIC)
def sign_in_page(request: Request, next: Annotated[str, Query(max_length=500)] = "") -> Response:  # noqa: A002
    """The ways in that this workspace has; ``next`` is where they lead, on this site only. 404
    where it has no accounts."""
    wired(request.app.state.services.accounts)
    return _page(request, "", "", local(next), 200)


@router.post("/sign-in")
@needs(Right.PUBLIC)
def sign_in(
    request: Request,
    email: Annotated[str, Form(max_length=254)] = "",
    password: Annotated[str, Form(max_length=1024)] = "",
    next: Annotated[str, Form(max_length=500)] = "",  # noqa: A002
) -> Response:
    """One sentence for every wrong pair: it never says which accounts exist."""
    services: Services = request.app.state.services
    accounts: Accounts = wired(services.accounts)
    account, address = email.strip().casefold(), request.client.host if request.client else ""
    if wait := _wait(request, account, address):
        return _page(request, _told(wait), email, local(next), 429)
    if not is_right(password, accounts.password_hash(account)):
        wrong = "Email and password do not belong together."
        return _page(request, wrong, email, local(next), 422)
    request.app.state.account_tries.forget(account)
    opened = accounts.open_session(account, "password", stranger_of(request))
    answer = RedirectResponse(local(next) or "/today", status_code=303)
    session_cookie.keep(answer, request.app.state.settings, opened.secret, opened.until)
    return answer


@router.post("/sign-in/passkey")
@needs(Right.PUBLIC)
def sign_in_with_passkey(
    request: Request,
    credential: Annotated[str, Form(max_length=20_000)] = "",
    next: Annotated[str, Form(max_length=500)] = "",  # noqa: A002
) -> Response:
    """The device has verified its person; which account is theirs, the key says."""
    services: Services = request.app.state.services
    accounts: Accounts = wired(services.accounts)
    keys, site = wired(services.passkeys), wired(site_of(request))
    stranger = stranger_of(request)
    if wait := request.app.state.address_tries.wait(stranger.address, request.app.state.now()):
        return _page(request, _told(wait), "", local(next), 429)
    shown = keys.recognize(site, credential, None)
    if isinstance(shown, Refused):
        return _page(request, shown.reason, "", local(next), shown.status)
    opened = accounts.open_session(shown, "passkey", stranger)
    answer = RedirectResponse(local(next) or "/today", status_code=303)
    session_cookie.keep(answer, request.app.state.settings, opened.secret, opened.until)
    return answer


@router.post("/sign-out")
@needs(Right.SEE)
def sign_out(here: Here) -> Response:
    """End this session, and lead to the sign-in page. 404 where the workspace has no accounts."""
    accounts: Accounts = wired(here.services.accounts)
    accounts.close_session(here.person)
    answer = RedirectResponse("/sign-in", status_code=303)
    session_cookie.drop(answer, here.settings)
    return answer


def stranger_of(request: Request) -> Stranger:
    """Whom the request comes from, before anybody is signed in."""
    address = request.client.host if request.client else ""
    return Stranger(address, request.headers.get("user-agent", ""))


def refusal_page(request: Request, refused: Refused) -> Response:
    """The sign-in page, saying why another way of signing in did not work."""
    return _page(request, refused.reason, "", "", refused.status)


def limiters() -> tuple[Limiter, Limiter]:
    """Tries by account and by address."""
    return Limiter(ACCOUNT_TRIES, _QUARTER), Limiter(ADDRESS_TRIES, _QUARTER)


def _wait(request: Request, account: str, address: str) -> timedelta | None:
    state = request.app.state
    now = state.now()
    by_account: timedelta | None = state.account_tries.wait(account, now)
    by_address: timedelta | None = state.address_tries.wait(address, now)
    return by_account or by_address


def _told(wait: timedelta) -> str:
    return f"Too many tries. Wait {max(1, round(wait.total_seconds() / 60))} min."


def _page(request: Request, wrong: str, email: str, path: str, status: int) -> HTMLResponse:
    template = request.app.state.templates.get_template("sign_in.html")
    options = options_for(request, request.app.state.services.passkeys)
    service = request.app.state.services.oidc
    text = template.render(
        wrong=wrong,
        email=email,
        next=path,
        options=options,
        service=service.name if service else "",
        nobody=not service and not wired(request.app.state.services.accounts).anybody(),
    )
    return HTMLResponse(text, status_code=status)


def local(path: str) -> str:
    """A path of this site; anything that could lead elsewhere becomes nothing."""
    is_local = path.startswith("/") and not path.startswith("//") and path.isprintable()
    return path if is_local and "\\" not in path else ""
