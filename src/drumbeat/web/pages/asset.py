"""Asset preview: a mail, an ad or a post as its readers will see it."""

from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from drumbeat.web.headers import MAIL_POLICY
from drumbeat.web.mail_frame import as_shown
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.views.asset import AssetReads, AssetView, MailPreview
from drumbeat.web.visit import Here, Visit, found, wired

router = room()
Word = Annotated[str, Query(max_length=40)]


@router.get("/assets/{asset_id}")
@needs(Right.SEE)
def asset(
    asset_id: str, here: Here, reader: Word = "", mode: Word = "light", variant: Word = ""
) -> Response:
    view = _asset(here, asset_id)
    return here.page("asset.html", view=view, reader=reader, mode=mode, variant=variant)


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


def _asset(here: Visit, asset_id: str) -> AssetView:
    assets: AssetReads = wired(here.services.assets)
    view: AssetView = found(assets.asset(asset_id), "asset")
    return view


def _mails(view: AssetView) -> dict[str, MailPreview]:
    shown = ((variant.label, each) for variant in view.variants for each in variant.previews)
    mails = {label: each for label, each in shown if isinstance(each, MailPreview)}
    if not mails:
        raise HTTPException(404, "This asset is not a mail.")
    return mails
