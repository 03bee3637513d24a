"""Visit: one request of one signed-in person, with everything a page function needs."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment
from starlette.exceptions import HTTPException

from drumbeat.web import form_token, tour
from drumbeat.web.menu import Menu, menu_of
from drumbeat.web.rights import Right, holds
from drumbeat.web.services import Services
from drumbeat.web.settings import WebSettings
from drumbeat.web.verbs import Answer, Done
from drumbeat.web.views.shell import Person, ShellView

_LEFT_BEHIND = ("done", "decision", "held")
THEME, KEYS = "drumbeat-theme", "drumbeat-keys"


@dataclass(frozen=True)
class Visit:
    """Who asks, what for, and through which services and templates; one for each request the guard
    let in."""

    request: Request
    person: Person
    services: Services
    settings: WebSettings
    templates: Environment
    # The newest thing that had happened before anything of the page was read: whatever came later
    # is told to the page when it begins to listen, for it may not show it yet.
    since: int = 0

    @cached_property
    def shell(self) -> ShellView:
        return self.services.shell.shell(self.person)

    def page(self, template: str, *, status: int = 200, **content: Any) -> HTMLResponse:
        """A template drawn inside the shell."""
        text = self.templates.get_template(template).render(**self._around(status), **content)
        answer = HTMLResponse(text, status_code=status)
        if "tour" in self.request.query_params:
            self._keep(answer, tour.COOKIE, self.tour)
        return answer

    @property
    def tour(self) -> str:
        """How far they are on the tour, as the cookie and this very request say."""
        request = self.request
        return tour.kept_of(
            request.cookies.get(tour.COOKIE, ""), request.query_params.get("tour", "")
        )

    def _keep(self, answer: HTMLResponse, name: str, value: str) -> None:
        answer.set_cookie(
            name,
            value,
            max_age=int(tour.LASTS.total_seconds()),
            samesite="lax",
            httponly=True,
            secure=self.settings.is_https,
        )

    def may(self, right: str) -> bool:
        """Whether the person's roles have the right; templates hide what would be refused."""
        return holds(self.person.roles, Right(right))

    def go(self, path: str, answer: Answer) -> RedirectResponse:
        """See other: the page a form returns to, telling it what was done."""
        done = answer if isinstance(answer, Done) else Done("")
        query = f"done={quote(done.text)}&decision={quote(done.decision_id)}"
        if done.undo_until:
            left = done.undo_until - self.shell.now
            query += f"&held={max(0, round(left.total_seconds()))}"
        return RedirectResponse(f"{path}?{query}" if done.text else path, status_code=303)

    def _around(self, status: int) -> dict[str, Any]:
        cookies = self.request.cookies
        theme = cookies.get(THEME, "system")
        return {
            "visit": self,
            "shell": self.shell,
            "person": self.person,
            "menu": self.menu,
            "token": form_token.issue(self.settings.form_key, self.person.session),
            "theme": theme if theme in ("light", "dark") else "system",
            "keys_on": cookies.get(KEYS) != "off",
            "here": self.request.url.path,
            "address": self.request.url.path + _query(self.request),
            "toast": self._toast(),
            "tour": tour.tour_of(self.tour, self.request.url.path),
            # What a person typed and we refused must not be replaced by a refresh.
            "is_live": self.request.method == "GET" and status == 200,
        }

    @property
    def menu(self) -> Menu:
        return menu_of(self.services, self.request.url.path)

    def _toast(self) -> Done | None:
        asked = self.request.query_params
        text, held = asked.get("done", "")[:200], asked.get("held", "")
        if not text:
            return None
        is_held = held.isdecimal() and len(held) < 7
        until = self.shell.now + timedelta(seconds=int(held)) if is_held else None
        return Done(text, asked.get("decision", "") if until else "", until)


def _query(request: Request) -> str:
    """The query without what a form left behind, so that a refresh does not repeat it."""
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in _LEFT_BEHIND]
    return "?" + "&".join(f"{quote(k)}={quote(v)}" for k, v in kept) if kept else ""


async def visit_of(request: Request) -> Visit:
    """The visit of a request the guard let in. For a GET the newest thing that had happened is
    noted before the page reads anything."""
    state = request.app.state
    since = await state.live.newest() if request.method == "GET" else 0
    return Visit(
        request, request.state.person, state.services, state.settings, state.templates, since
    )


Here = Annotated[Visit, Depends(visit_of)]


def found(thing: Any, what: str) -> Any:
    """The thing itself. Raises a 404 that says what is missing."""
    if thing is None:
        raise HTTPException(404, f"There is no such {what}. It may have ended, or the link is old.")
    return thing


def wired(port: Any) -> Any:
    """The port itself. Raises a 404 where this workspace has nothing behind the page."""
    if port is None:
        raise HTTPException(404, "This workspace has nothing to show here yet.")
    return port
