"""Control: freeze, unfreeze, observe, roll back, the demo's clock, and one's own preferences."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Query, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.verbs import Answer, Refused
from drumbeat.web.visit import KEYS, THEME, Here, Visit, found

router = room()
Text = Annotated[str, Form(max_length=2000)]
Short = Annotated[str, Form(max_length=200)]
_YEAR_SECONDS = 31_536_000


@router.get("/freeze")
@needs(Right.SEE)
def freeze_page(here: Here, scope: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form that freezes or unfreezes a campaign, or (no ``scope``) everything. 404 where there
    is no such campaign."""
    return _freeze_page(here, scope, None, "")


@router.post("/freeze")
@needs(Right.FREEZE)
def freeze(here: Here, scope: Short = "", reason: Text = "") -> Response:
    """Freeze a campaign or everything; it is in force when this answers. 422 without a reason."""
    if not reason.strip():
        return _freeze_page(here, scope, _why("before freezing"), reason)
    answer = here.services.verbs.freeze(scope, here.person, reason)
    return _after(here, scope, answer, reason)


@router.post("/unfreeze")
@needs(Right.OPERATE)
def unfreeze(here: Here, scope: Short = "", reason: Text = "") -> Response:
    """End the freeze of exactly this scope. 422 without a reason, 409 where it is not frozen; who
    has not just confirmed who they are is asked for a proof first."""
    if not reason.strip():
        return _freeze_page(here, scope, _why("before letting things move again"), reason)
    answer = here.services.verbs.unfreeze(scope, here.person, reason)
    return _after(here, scope, answer, reason)


@router.post("/campaigns/{campaign_id}/observe")
@needs(Right.OPERATE)
def observe(campaign_id: str, here: Here, reason: Text = "") -> Response:
    """Let a campaign only observe; ordered again, it acts again. A refusal is an error page."""
    answer = here.services.verbs.observe(campaign_id, here.person, reason)
    return here.go(f"/campaigns/{campaign_id}", _done(answer))


@router.get("/changes/{change_id}/roll-back")
@needs(Right.SEE)
def rollback_page(change_id: str, here: Here) -> Response:
    """What rolling a change back would do, with the platforms as they are now; nothing is done. 404
    where there is no such change."""
    return _rollback_page(here, change_id, None, "")


@router.post("/changes/{change_id}/roll-back")
@needs(Right.OPERATE)
def rollback(change_id: str, here: Here, fingerprint: Short = "", reason: Text = "") -> Response:
    """Do what the plan of this ``fingerprint`` named. 422 without a reason; 409 where things have
    changed since the plan was shown, or the gate refuses: the plan is shown anew, with what was
    typed."""
    if not reason.strip():
        return _rollback_page(here, change_id, _why("before rolling back"), reason)
    answer = here.services.verbs.rollback(change_id, fingerprint, here.person, reason)
    if isinstance(answer, Refused):
        return _rollback_page(here, change_id, answer, reason)
    return here.go("/changes", answer)


@router.get("/campaigns/{campaign_id}/roll-back")
@needs(Right.SEE)
def rollback_to(
    campaign_id: str, here: Here, to: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """The plan that takes a campaign back to a moment, in the workspace's zone."""
    plan = quote(f"to:{campaign_id}@{to}", safe=":@")
    return RedirectResponse(f"/changes/{plan}/roll-back", status_code=303)


@router.post("/clock")
@needs(Right.STEER_DEMO)
def clock(here: Here, speed: Annotated[int, Form(ge=0, le=10_000_000)]) -> Response:
    """Set the demo's clock: ``speed`` is virtual seconds a real second, 0 stands still. 422 for one
    that is not offered, 404 outside of the demo."""
    _done(here.services.verbs.set_clock(speed, here.person))
    return RedirectResponse("/today", status_code=303)


@router.get("/settings")
@needs(Right.SEE)
def settings(here: Here) -> Response:
    """One's own theme and keys, as this browser keeps them."""
    return here.page("settings.html")


@router.get("/menu")
@needs(Right.SEE)
def menu(here: Here) -> Response:
    """Every page as a list: what does not fit along the bottom of a phone."""
    return here.page("menu.html")


@router.post("/settings")
@needs(Right.SEE)
def save_settings(here: Here, theme: Short = "", keys: Short = "") -> Response:
    """Kept in this browser only: the theme, and whether single keys do something."""
    answer = RedirectResponse("/settings", status_code=303)
    for name, value in ((THEME, theme), (KEYS, keys)):
        if value:
            answer.set_cookie(
                name,
                value[:10],
                max_age=_YEAR_SECONDS,
                samesite="lax",
                httponly=name == KEYS,
                secure=here.settings.is_https,
            )
    return answer


def _freeze_page(here: Visit, scope: str, refused: Refused | None, typed: str) -> Response:
    campaign = found(here.services.campaigns.campaign(scope), "campaign") if scope else None
    status = refused.status if refused else 200
    return here.page(
        "freeze.html", status=status, scope=scope, campaign=campaign, refused=refused, typed=typed
    )


def _rollback_page(here: Visit, change_id: str, refused: Refused | None, typed: str) -> Response:
    plan = here.services.verbs.rollback_plan(change_id, here.person)
    if isinstance(plan, Refused):
        raise HTTPException(plan.status, plan.reason)
    status = refused.status if refused else 200
    return here.page("rollback.html", status=status, plan=plan, refused=refused, typed=typed)


def _after(here: Visit, scope: str, answer: Answer, typed: str) -> Response:
    if isinstance(answer, Refused):
        return _freeze_page(here, scope, answer, typed)
    return here.go(f"/campaigns/{scope}" if scope else "/today", answer)


def _done(answer: Answer) -> Answer:
    if isinstance(answer, Refused):
        raise HTTPException(answer.status, answer.reason)
    return answer


def _why(when: str) -> Refused:
    return Refused(f"Say why {when}: the reason is kept with it.", 422)
