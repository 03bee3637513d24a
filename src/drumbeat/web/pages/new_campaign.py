"""New campaign: from a type to a file that another person approves."""

from typing import Annotated

from fastapi import Query, Request, Response

from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.verbs import Refused
from drumbeat.web.views.new_campaign import NewCampaigns
from drumbeat.web.visit import Here, Visit, found, wired

router = room()
_WHY = Refused("Say why it is wanted: whoever approves it reads that.", 422)
_LACKS = Refused("It cannot be asked for yet: see what is said beside the fields.", 422)


@router.get("/new-campaign")
@needs(Right.PROPOSE_RULES)
def choose(here: Here, kind: Annotated[str, Query(max_length=60)] = "") -> Response:
    """The types there are; with one, its form as the workspace fills it in."""
    if not kind:
        return here.page("new_campaign.html", kinds=_port(here).kinds(), form=None, refused=None)
    return _form(here, kind, None, None, "")


@router.post("/new-campaign")
@needs(Right.PROPOSE_RULES)
async def ask(here: Here, request: Request) -> Response:
    """Show the file as it was typed, or ask for it; what was typed is never lost."""
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    kind, reason = form.get("kind", "")[:60], form.get("reason", "")[:2000]
    typed = {key[6:]: value[:1000] for key, value in form.items() if key.startswith("value.")}
    if form.get("do") != "ask":
        return _form(here, kind, typed, None, reason)
    made = found(_port(here).form(kind, typed), "type of campaign")
    if not made.is_good or not reason.strip():
        return _form(here, kind, typed, _WHY if made.is_good else _LACKS, reason)
    answer = _port(here).ask(kind, typed, here.person, reason)
    if isinstance(answer, Refused):
        return _form(here, kind, typed, answer, reason)
    return here.go("/campaigns", answer)


def _form(
    here: Visit, kind: str, typed: dict[str, str] | None, refused: Refused | None, reason: str
) -> Response:
    made = found(_port(here).form(kind, typed), "type of campaign")
    status = refused.status if refused else 200
    return here.page(
        "new_campaign.html", status=status, form=made, refused=refused, typed=reason, kinds=()
    )


def _port(here: Visit) -> NewCampaigns:
    port: NewCampaigns = wired(here.services.beginnings)
    return port
