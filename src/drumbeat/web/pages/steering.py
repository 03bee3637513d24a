"""Steering: the weekly review, the autonomy of agents, and the health of connections."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from drumbeat.core.governance.phase import Phase
from drumbeat.web.paging import cut
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.tour import STOPS, progress_of
from drumbeat.web.verbs import Refused
from drumbeat.web.views.autonomy import AutonomyReads, Level
from drumbeat.web.views.connection import ConnectionReads
from drumbeat.web.views.review import ReviewReads
from drumbeat.web.visit import Here, Visit, found, wired

router = room()
_ROWS = 50
_STUMBLES = 10
Word = Annotated[str, Query(max_length=100)]
Short = Annotated[str, Form(max_length=200)]
Text = Annotated[str, Form(max_length=2000)]
Minutes = Annotated[str, Form(max_length=20_000)]


@router.get("/review")
@needs(Right.SEE)
def review(here: Here, week: Word = "", after: Word = "") -> Response:
    """The review of an ISO week such as 2026-W47, or of the newest finished one; ``after`` pages
    what went off the road, 10 each. 404 for a week that is not over or lies before everything."""
    return _review(here, week, None, None, after)


@router.post("/review")
@needs(Right.OPERATE)
def keep_minutes(here: Here, week: Short = "", minutes: Minutes = "", send: Short = "") -> Response:
    """Keep the minutes of a week, and send them if asked; what was typed is never lost."""
    if not minutes.strip():
        return _review(here, week, Refused("Empty minutes say nothing.", 422), minutes)
    answer = _reviews(here).keep_minutes(week, here.person, minutes, and_send=bool(send))
    if isinstance(answer, Refused):
        return _review(here, week, answer, minutes)
    told = here.go("/review", answer)
    return RedirectResponse(f"{told.headers['location']}&week={quote(week)}", status_code=303)


def _review(
    here: Visit, week: str, refused: Refused | None, typed: str | None, after: str = ""
) -> Response:
    shown = _reviews(here).review(week, after=after, limit=_STUMBLES)
    if shown is None and not week:
        return here.page("no_review.html")
    view = found(shown, "week")
    status = refused.status if refused else 200
    return here.page("review.html", status=status, view=view, refused=refused, typed=typed)


def _reviews(here: Visit) -> ReviewReads:
    port: ReviewReads = wired(here.services.review)
    return port


@router.get("/autonomy")
@needs(Right.SEE)
def autonomy(here: Here, kind: Word = "", phase: Word = "", level: Word = "") -> Response:
    """With a cell in the question, what last quarter would have been like with it."""
    return _autonomy(here, kind, phase, level, None, "")


@router.get("/autonomy/rule")
@needs(Right.PROPOSE_RULES)
def rule(here: Here, kind: Word = "", name: Word = "") -> Response:
    """A row of the matrix, a promise or a claim as a form; ``name`` is a new one's at its place."""
    return _rule(here, f"{kind}{name.strip()}", None, None, "")


@router.post("/autonomy/rule")
@needs(Right.PROPOSE_RULES)
async def change_rule(here: Here, request: Request) -> Response:
    """Propose the row as it was typed; what was typed is never lost."""
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    kind, reason = form.get("kind", "")[:200], form.get("reason", "")[:2000]
    typed = {key[6:]: value[:1000] for key, value in form.items() if key.startswith("value.")}
    if not reason.strip():
        why = Refused("Say why the rule should change: whoever approves it reads that.", 422)
        return _rule(here, kind, typed, why, reason)
    answer = here.services.verbs.change_rule(kind, typed, here.person, reason)
    if isinstance(answer, Refused):
        return _rule(here, kind, typed, answer, reason)
    return here.go("/autonomy", answer)


@router.post("/autonomy")
@needs(Right.PROPOSE_RULES)
def change_matrix(
    here: Here, kind: Short = "", phase: Short = "", level: Short = "", reason: Text = ""
) -> Response:
    """Propose another level for one cell of the action matrix; another person approves it. 422
    without a reason and for a cell there is not, 409 where the gate refuses."""
    if not reason.strip():
        why = Refused("Say why the rule should change: whoever approves it reads that.", 422)
        return _autonomy(here, kind, phase, level, why, reason)
    answer = here.services.verbs.change_matrix(kind, phase, level, here.person, reason)
    if isinstance(answer, Refused):
        return _autonomy(here, kind, phase, level, answer, reason)
    return here.go("/autonomy", answer)


@router.post("/autonomy/phase")
@needs(Right.OPERATE)
def change_phase(here: Here, campaign: Short = "", to: Short = "", reason: Text = "") -> Response:
    """Ask for a campaign's next phase, which another person approves, or lower it at once. 422
    without a reason, for two phases up at a time and for one it has already; 409 where the gate
    refuses."""
    if not reason.strip():
        why = Refused("Say why the phase should change.", 422)
        return _autonomy(here, "", "", "", why, reason, (campaign, to))
    answer = here.services.verbs.change_phase(campaign, to, here.person, reason)
    if isinstance(answer, Refused):
        return _autonomy(here, "", "", "", answer, reason, (campaign, to))
    return here.go("/autonomy", answer)


@router.get("/connections")
@needs(Right.SEE)
def connections(here: Here, after: Word = "", sources: Word = "") -> Response:
    """What Drumbeat reads from and writes to, and how old its data is, 50 rows each; ``after`` and
    ``sources`` page them. Every connection is asked whether it works."""
    reads: ConnectionReads = wired(here.services.connections)
    view = reads.health()
    return here.page(
        "connections.html",
        view=view,
        connections=cut(view.connections, after, _ROWS),
        sources=cut(view.sources, sources, _ROWS),
    )


@router.get("/welcome")
@needs(Right.SEE)
def welcome(here: Here) -> Response:
    """The first run: five steps over the running screens, kept where somebody left them."""
    return here.page("welcome.html", stops=STOPS, progress=progress_of(here.tour))


def _rule(
    here: Visit, kind: str, typed: dict[str, str] | None, refused: Refused | None, reason: str
) -> Response:
    reads: AutonomyReads = wired(here.services.autonomy)
    form = found(reads.rule(kind, typed), "action")
    status = refused.status if refused else 200
    return here.page("rule.html", status=status, form=form, refused=refused, typed=reason)


def _autonomy(
    here: Visit,
    kind: str,
    phase: str,
    level: str,
    refused: Refused | None,
    typed: str,
    raised: tuple[str, str] = ("", ""),
) -> Response:
    reads: AutonomyReads = wired(here.services.autonomy)
    simulation = reads.simulate(kind, phase, level) if kind else None
    return here.page(
        "autonomy.html",
        status=refused.status if refused else 200,
        view=reads.autonomy(),
        simulation=simulation,
        cell={"kind": kind, "phase": phase, "level": level},
        phases=tuple(Phase),
        levels=tuple(Level),
        raised=raised,
        refused=refused,
        typed=typed,
    )
