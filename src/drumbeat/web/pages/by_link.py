"""By link: a decision or an escalation opened from a mail, answered by a deliberate post.

Nobody is signed in by a link. Mail scanners fetch every address, so a GET shows and nothing more;
a post needs the form that was shown, and works once.
"""

from typing import Annotated

from fastapi import Form, Request, Response
from starlette.exceptions import HTTPException

from drumbeat.web import form_token
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.services import DecisionLink, EscalationLink, Links, MailLink, SpoiltLink
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.shell import Person
from drumbeat.web.visit import Visit, found, wired

router = room()
Text = Annotated[str, Form(max_length=2000)]
Short = Annotated[str, Form(max_length=200)]


@router.get("/by-link/{token}")
@needs(Right.PUBLIC)
def look(request: Request, token: str) -> Response:
    """What the link is about, shown to whom it was sent; nothing is written. 410 where it can no
    longer be answered, 403 where somebody else is signed in in this browser."""
    links = _links(request)
    return _shown(request, links.look(token))


@router.post("/by-link/{token}/approve")
@needs(Right.PUBLIC)
def approve(
    request: Request,
    token: str,
    posted: Annotated[str, Form(alias="token")] = "",
    reason: Text = "",
) -> Response:
    """Approve in the name of whom the link was sent to, once. 403 for a post that does not come
    from the form it showed, 409 where the gate does not count it (high risk takes signing in), 410
    where the link is used up."""
    link = _checked(request, token, posted)
    return _told(request, link, _links(request).approve(token, reason), {"reason": reason})


@router.post("/by-link/{token}/reject")
@needs(Right.PUBLIC)
def reject(
    request: Request,
    token: str,
    posted: Annotated[str, Form(alias="token")] = "",
    reason: Text = "",
    code: Short = "",
) -> Response:
    """Reject by the link, once. 422 without a reason, else refused as an approval is; a refusal
    leaves the link as it was."""
    link = _checked(request, token, posted)
    typed = {"reason": reason, "code": code}
    if not reason.strip():
        missing = Refused("Say why, in a few words: the agent learns from it.", 422)
        return _shown(request, link, missing, typed)
    return _told(request, link, _links(request).reject(token, code, reason), typed)


@router.post("/by-link/{token}/acknowledge")
@needs(Right.PUBLIC)
def acknowledge(
    request: Request, token: str, posted: Annotated[str, Form(alias="token")] = ""
) -> Response:
    """Take the escalation in hand by the link, once: nobody else is called, and it is not over by
    that. Refused as an approval is."""
    link = _checked(request, token, posted)
    return _told(request, link, _links(request).acknowledge(token), {})


def _links(request: Request) -> Links:
    links: Links = wired(request.app.state.services.links)
    return links


def _checked(request: Request, token: str, posted: str) -> MailLink:
    """The link, once the post is known to come from the form it was shown with, and not from a
    browser in which somebody else is signed in."""
    link = _links(request).look(token)
    if isinstance(link, SpoiltLink):
        return link
    settings = request.app.state.settings
    if not form_token.is_ours(settings.form_key, link.person.session, posted):
        raise HTTPException(403, "Open the link from your mail and press the button there.")
    if other := _somebody_else(request, link.person):
        raise HTTPException(403, other)
    return link


def _somebody_else(request: Request, person: Person) -> str:
    services = request.app.state.services
    here = services.identity.authenticate(request.cookies, is_active=False)
    if here is None or here.by_itself or here.id == person.id:
        return ""
    return (
        f"This link was sent to {person.name}, and {here.name} is signed in here. "
        "Forwarded links do not count: answer in your own inbox."
    )


def _told(request: Request, link: MailLink, answer: Answer, typed: dict[str, str]) -> Response:
    if isinstance(answer, Refused):
        return _shown(request, _links(request).look(request.path_params["token"]), answer, typed)
    person = link.person
    return _page(request, person, 200, link=link, done=answer, refused=None, typed={})


def _shown(
    request: Request,
    link: MailLink,
    refused: Refused | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    status = refused.status if refused else 200
    match link:
        case SpoiltLink(why, person):
            gone = Refused(refused.reason if refused else why, 410)
            return _page(request, person, gone.status, link=link, done=None, refused=gone, typed={})
        case DecisionLink() | EscalationLink():
            other = _somebody_else(request, link.person)
            refused = refused or (Refused(other, 403) if other else None)
            return _page(
                request,
                link.person,
                403 if other else status,
                link=link,
                done=None,
                refused=refused,
                typed=typed or {},
            )


def _page(
    request: Request,
    person: Person | None,
    status: int,
    *,
    link: MailLink,
    done: Done | None,
    refused: Refused | None,
    typed: dict[str, str],
) -> Response:
    state = request.app.state
    content = {"link": link, "done": done, "refused": refused, "typed": typed, "view": None}
    if person is None:
        text = state.templates.get_template("link_gone.html").render(refused=refused)
        answer = Response(text, status_code=status, media_type="text/html")
    else:
        here = Visit(request, person, state.services, state.settings, state.templates)
        if isinstance(link, DecisionLink) and done is None:
            view = state.services.decisions.decision(link.proposal_id, person)
            content["view"] = found(view, "decision")
        answer = here.page("link.html", status=status, at=f"/by-link/{_token(request)}", **content)
    # The address is the key: no other site may learn it.
    answer.headers["referrer-policy"] = "no-referrer"
    answer.headers["x-robots-tag"] = "noindex"
    return answer


def _token(request: Request) -> str:
    return str(request.path_params["token"])
