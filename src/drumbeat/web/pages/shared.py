"""Shared: assets a guest may look at without an account, and the words they may leave.

Whoever has the address may look: it is a key, so no other site learns it and no index keeps it.
"""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from drumbeat.web import form_token
from drumbeat.web.headers import MAIL_POLICY
from drumbeat.web.limiter import Limiter
from drumbeat.web.mail_frame import as_shown
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.verbs import Done, Refused
from drumbeat.web.views.asset import MailPreview
from drumbeat.web.views.shared import NothingShared, SharedView, Sharing
from drumbeat.web.visit import Here, wired

router = room()
# Looks of one address in a minute, every frame of a page among them; remarks by one link an hour.
LOOKS, REMARKS = 240, 20
_PRIVATE = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}
_DAYS = (1, 7, 30)
Short = Annotated[str, Form(max_length=200)]
Text = Annotated[str, Form(max_length=2000)]
Word = Annotated[str, Query(max_length=40)]


def share_limiters() -> tuple[Limiter, Limiter]:
    """Looks by address, and remarks by link."""
    return Limiter(LOOKS, timedelta(minutes=1)), Limiter(REMARKS, timedelta(hours=1))


@router.post("/assets/{asset_id}/share")
@needs(Right.SHARE)
def share(
    asset_id: str,
    here: Here,
    whom: Short = "",
    days: Annotated[int, Form()] = 7,
    what: Short = "",
    may_comment: Short = "",
) -> Response:
    """Make a link by which somebody without an account looks at this asset, or (``what=all``) at
    all of its cycle, for 1, 7 or 30 days. 422 for other days and without a name for it, 404 where
    there is no such asset."""
    answer = _port(here.request).share(
        asset_id,
        here.person,
        whom=whom,
        days=days if days in _DAYS else 0,
        is_whole=what == "all",
        may_comment=may_comment == "yes",
    )
    if isinstance(answer, Refused):
        raise HTTPException(answer.status, answer.reason)
    return here.go(f"/assets/{asset_id}", answer)


@router.post("/assets/{asset_id}/unshare")
@needs(Right.SHARE)
def unshare(asset_id: str, here: Here, share_id: Short = "") -> Response:
    """Take a link back: from now on it shows nothing. 403 where there is no such link."""
    answer = _port(here.request).unshare(share_id, here.person)
    if isinstance(answer, Refused):
        raise HTTPException(answer.status, answer.reason)
    return here.go(f"/assets/{asset_id}", answer)


@router.get("/shared/{token}")
@needs(Right.PUBLIC)
def look(request: Request, token: str) -> Response:
    """What the link shows to whoever has it. 410 where it has lapsed or was taken back, 429 for
    more than 240 looks of one address in a minute."""
    _slow_down(request)
    return _page(request, token, _port(request).look(token))


@router.get("/shared/{token}/mail/{number}/{reader}")
@needs(Right.PUBLIC)
def mail(request: Request, token: str, number: str, reader: str, variant: Word = "") -> Response:
    """One mail for one made-up reader, alone in a page that may do nothing."""
    _slow_down(request)
    view = _port(request).look(token)
    if isinstance(view, NothingShared):
        return _page(request, token, view)
    asset = dict(view.assets).get(number)
    shown = {v.label: p for v in asset.variants for p in v.previews} if asset else {}
    chosen = shown.get(variant) or next(iter(shown.values()), None)
    html = chosen.html.get(reader) if isinstance(chosen, MailPreview) else None
    if html is None:
        raise HTTPException(404, "There is no such mail behind this link.", _PRIVATE)
    policy = {"content-security-policy": MAIL_POLICY, "x-frame-options": "SAMEORIGIN"}
    return HTMLResponse(as_shown(html, "light"), headers={**policy, **_PRIVATE})


@router.post("/shared/{token}/comments")
@needs(Right.PUBLIC)
def comment(
    request: Request,
    token: str,
    posted: Annotated[str, Form(alias="token")] = "",
    number: Short = "",
    version: Short = "",
    name: Short = "",
    text: Text = "",
) -> Response:
    """A guest's remark on one version; it answers nothing. 403 for a post that does not come from
    the form it showed, 409 where another version stands there now, 410 where the link shows
    nothing, 422 without words or a name, 429 for more than 20 remarks by one link in an hour."""
    _slow_down(request)
    port = _port(request)
    view = port.look(token)
    if isinstance(view, NothingShared):
        return _page(request, token, view)
    if not form_token.is_ours(request.app.state.settings.form_key, _session(view), posted):
        raise HTTPException(403, "Open the link you were sent and comment there.", _PRIVATE)
    if wait := request.app.state.share_remarks.wait(view.id, request.app.state.services.now()):
        raise HTTPException(429, _later(wait), {**_PRIVATE, "retry-after": _seconds(wait)})
    typed = {"number": number, "name": name, "text": text}
    answer = port.remark(token, number, version, name, text)
    if isinstance(answer, Refused):
        return _page(request, token, port.look(token), refused=answer, typed=typed)
    return _page(request, token, port.look(token), done=answer, typed={"name": name})


def _page(
    request: Request,
    token: str,
    view: SharedView | NothingShared,
    *,
    refused: Refused | None = None,
    done: Done | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    state = request.app.state
    content: dict[str, Any] = {"view": None, "refused": refused, "done": done}
    status = refused.status if refused else 200
    if isinstance(view, NothingShared):
        content["refused"], status = Refused(view.why, 410), 410
    else:
        token_here = form_token.issue(state.settings.form_key, _session(view))
        # Times are told as they are here: of the shell a guest sees no more than that.
        content |= {
            "view": view,
            "shell": view,
            "token": token_here,
            "typed": {"number": "", "name": "", "text": "", **(typed or {})},
        }
    text = state.templates.get_template("shared.html").render(at=f"/shared/{token}", **content)
    return HTMLResponse(text, status_code=status, headers=_PRIVATE)


def _slow_down(request: Request) -> None:
    address = request.client.host if request.client else ""
    wait = request.app.state.share_looks.wait(address, request.app.state.services.now())
    if wait:
        raise HTTPException(429, _later(wait), {**_PRIVATE, "retry-after": _seconds(wait)})


def _session(view: SharedView) -> str:
    return f"share:{view.id}"


def _later(wait: timedelta) -> str:
    return f"Too much at once. Try again in {_seconds(wait)} seconds; nothing was done."


def _seconds(wait: timedelta) -> str:
    return str(max(1, round(wait.total_seconds())))


def _port(request: Request) -> Sharing:
    port: Sharing = wired(request.app.state.services.sharing)
    return port
