"""Campaigns: all of them with filters, one of them with everything about it."""

from typing import Annotated

from fastapi import Query, Response

from drumbeat.core.governance.phase import Phase
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.views.campaign import CampaignFilter, CampaignView, Status
from drumbeat.web.views.change import ChangeFilter
from drumbeat.web.visit import Here, found

router = room()
_ROWS = 50
Word = Annotated[str, Query(max_length=100)]


@router.get("/campaigns")
@needs(Right.SEE)
def campaigns(
    here: Here,
    status: Word = "",
    channel: Word = "",
    phase: Word = "",
    mine: bool = False,
    q: Word = "",
    board: bool = False,
    after: Word = "",
) -> Response:
    wanted = CampaignFilter(status, channel, phase, here.person.id if mine else "", q)
    page = here.services.campaigns.campaigns(wanted, after=after or None, limit=_ROWS)
    return here.page(
        "campaigns.html",
        page=page,
        wanted=wanted,
        board=board,
        phases=tuple(Phase),
        statuses=tuple(Status),
    )


@router.get("/campaigns/{campaign_id}")
@needs(Right.SEE)
def campaign(campaign_id: str, here: Here) -> Response:
    view: CampaignView = found(here.services.campaigns.campaign(campaign_id), "campaign")
    latest = here.services.changes.changes(
        ChangeFilter(campaign_id=campaign_id), after=None, limit=6
    )
    return here.page("campaign.html", view=view, row=view.row, latest=latest.items)
