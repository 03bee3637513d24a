"""Asset preview: a mail, an ad or a post as its readers will see it."""

from typing import Annotated

from fastapi import Form, Query, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from drumbeat.web.headers import MAIL_POLICY
from drumbeat.web.mail_frame import as_shown
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.verbs import Refused
from drumbeat.web.views.asset import AssetReads, AssetView, MailPreview
from drumbeat.web.views.shared import Sharing
from drumbeat.web.visit import Here, Visit, found, wired

router = room()
_COMMENTS = 20
Word = Annotated[str, Query(max_length=40)]
Short = Annotated[str, Form(max_length=200)]
Text = Annotated[str, Form(max_length=2000)]


@router.get("/assets/{asset_id}")
@needs(Right.SEE)
def asset(
    asset_id: str, here: Here, reader: Word = "", mode: Word = "light", after: Word = ""
) -> Response:
    """The asset for one made-up reader, in ``light`` or ``dark``, with its findings and remarks
    (``after`` pages them, 20 each); its links only for who may share. 404 where there is no such
    asset."""
    return _page(here, asset_id, reader=reader, mode=mode, after=after)


@router.post("/assets/{asset_id}/comments")
@needs(Right.COMMENT)
def comment(asset_id: str, here: Here, version: Short = "", text: Text = "") -> Response:
    """Pin a remark to the version that was looked at. 422 without words, 409 where another version
    stands there now; what was typed is never lost."""
    if not text.strip():
        nothing = Refused("Write what you want to say of this version.", 422)
        return _page(here, asset_id, refused=nothing, typed=text)
    answer = _reads(here).comment(asset_id, version, here.person, text)
    if isinstance(answer, Refused):
        return _page(here, asset_id, refused=answer, typed=text)
    return here.go(f"/assets/{asset_id}", answer)


@router.get("/assets/{asset_id}/mail/{reader}")
@needs(Right.SEE)
def mail(
    asset_id: str, reader: str, here: Here, mode: Word = "light", variant: Word = ""
) -> Response:
    """One mail for one reader, alone in a page that may do nothing."""
    previews = _mails(_asset(here, asset_id))
    chosen = found(previews.get(variant) or next(iter(previews.values()), None), "mail")
    html = found(chosen.html.get(reader), "reader of this mail")
    headers = {"content-security-policy": MAIL_POLICY, "x-frame-options": "SAMEORIGIN"}
    return HTMLResponse(as_shown(html, mode), headers=headers)


def _page(
    here: Visit,
    asset_id: str,
    *,
    reader: str = "",
    mode: str = "light",
    after: str = "",
    refused: Refused | None = None,
    typed: str = "",
) -> Response:
    return here.page(
        "asset.html",
        status=refused.status if refused else 200,
        view=_asset(here, asset_id, after),
        links=sharing.links(asset_id) if (sharing := _sharing(here)) else (),
        shares=sharing is not None,
        site=here.settings.site or str(here.request.base_url).rstrip("/"),
        reader=reader,
        mode=mode,
        refused=refused,
        typed=typed,
    )


def _asset(here: Visit, asset_id: str, after: str = "") -> AssetView:
    shown = _reads(here).asset(asset_id, after=after or None, limit=_COMMENTS)
    view: AssetView = found(shown, "asset")
    return view


def _sharing(here: Visit) -> Sharing | None:
    """Who may share sees what is shared."""
    return here.services.sharing if here.may(Right.SHARE) else None


def _reads(here: Visit) -> AssetReads:
    port: AssetReads = wired(here.services.assets)
    return port


def _mails(view: AssetView) -> dict[str, MailPreview]:
    shown = ((variant.label, each) for variant in view.variants for each in variant.previews)
    mails = {label: each for label, each in shown if isinstance(each, MailPreview)}
    if not mails:
        raise HTTPException(404, "This asset is not a mail.")
    return mails
