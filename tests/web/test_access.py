"""Access: every role at every route with every method, made from the router itself."""

from dataclasses import dataclass, replace

import pytest
from fastapi import FastAPI, Response
from fastapi.routing import APIRoute

from drumbeat.core.campaign.workspace import Role
from drumbeat.testing.web_content.people import ANA
from drumbeat.testing.web_doors import services
from drumbeat.testing.web_world import SETTINGS, WebWorld
from drumbeat.web import application
from drumbeat.web.application import ControlRoom, create_app, page_routers
from drumbeat.web.guard import GuardedRoute
from drumbeat.web.rights import HOLDERS, Right, holds, right_of
from drumbeat.web.room import room
from drumbeat.web.views.shell import Person
from tests.web.visitor import Visitor

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# Streams never end by themselves, so they are only asked by those who are refused.
PUBLIC = {
    "/healthz",
    "/readyz",
    "/static/{name:path}",
    "/hooks/{connection}",
    "/sign-in",
    "/u/{token}",
    "/sign-in/passkey",
    "/sign-in/oidc",
    "/sign-in/oidc/done",
    "/by-link/{token}",
    "/shared/{token}",
    "/shared/{token}/mail/{number}/{reader}",
    "/shared/{token}/comments",
    "/chats/{chat}/answers",
    "/by-link/{token}/approve",
    "/by-link/{token}/reject",
    "/by-link/{token}/acknowledge",
}
STREAMS = {"/live"}
REFUSALS = {401, 403}
EVERYBODY = (None, *Role)
FILLED = {
    "proposal_id": "prop-send-42",
    "decision_id": "e-1",
    "campaign_id": "brand-search",
    "change_id": "e-1047",
    "asset_id": "issue-42",
    "reader": "robin",
    "number": "0",
    "connection": "simulated",
    "name": "app.css",
    "token": "good",
}


def all_routes() -> list[APIRoute]:
    return [
        route for router in page_routers() for route in router.routes if isinstance(route, APIRoute)
    ]


def methods_of(route: APIRoute) -> set[str]:
    return route.methods or set()


def address(route: APIRoute) -> str:
    path = route.path.replace(":path", "")
    for name, value in FILLED.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def who(app: ControlRoom, world: WebWorld, role: Role | None) -> Visitor:
    if role is None:
        return Visitor(app, None)
    person = replace(ANA, id="someone", session="s-someone", roles=frozenset({role}))
    world.people[person.session] = person
    return Visitor(app, person)


def ask(visitor: Visitor, method: str, path: str) -> int:
    """The status of a request that has everything but perhaps the right."""
    given = {"headers": {"sec-fetch-site": "same-origin", "x-drumbeat-token": visitor.token}}
    return visitor.send(method, path, **given).status_code


def may(route: APIRoute, role: Role | None) -> bool:
    right = right_of(route.endpoint)
    return right is Right.PUBLIC or (role is not None and holds(frozenset({role}), right))


def is_let_in(app: ControlRoom, world: WebWorld, route: APIRoute, role: Role | None) -> bool:
    """Whether the guard, not what lies behind it, let the request through."""
    method = next(iter(methods_of(route)))
    status = ask(who(app, world, role), method, address(route))
    # The hook refuses unsigned events by itself; that is no answer of the guard.
    return status not in REFUSALS or route.path.startswith("/hooks/")


@pytest.mark.parametrize(
    "route", [pytest.param(r, id=f"{min(methods_of(r))} {r.path}") for r in all_routes()]
)
def test_a_route_lets_in_exactly_the_roles_that_have_its_right(
    app: ControlRoom, world: WebWorld, route: APIRoute
) -> None:
    # A stream does not end, so it is only asked by those who are refused; the live tests read it.
    asked = [role for role in EVERYBODY if route.path not in STREAMS or not may(route, role)]
    let_in = {role for role in asked if is_let_in(app, world, route, role)}
    assert let_in == {role for role in asked if may(route, role)}


def test_the_matrix_has_a_cell_for_every_role_and_every_route() -> None:
    assert len(all_routes()) * len(EVERYBODY) > 300
    assert all(len(methods_of(route)) == 1 for route in all_routes())


@pytest.mark.parametrize("route", [pytest.param(r, id=r.path) for r in all_routes()])
def test_methods_a_route_does_not_name_are_not_possible(ana: Visitor, route: APIRoute) -> None:
    named = {m for r in all_routes() if address(r) == address(route) for m in methods_of(r)}
    answers = {ask(ana, method, address(route)) for method in METHODS if method not in named}
    assert answers == {405}


def test_every_route_names_its_right() -> None:
    assert [route.path for route in all_routes() if right_of(route.endpoint) is None] == []


def test_only_these_routes_are_open_to_nobody() -> None:
    public = {r.path for r in all_routes() if right_of(r.endpoint) is Right.PUBLIC}
    assert public == PUBLIC


def test_a_new_route_without_a_right_is_denied_to_everybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    router = room()

    @router.get("/forgotten")
    async def forgotten() -> Response:
        return Response("should not be seen")

    monkeypatch.setattr(application, "page_routers", lambda: (router,))
    world = WebWorld()
    app = create_app(services(world), SETTINGS)
    statuses = {ask(who(app, world, role), "GET", "/forgotten") for role in Role}
    assert statuses == {403}


def test_a_page_outside_of_the_guard_stops_the_start() -> None:
    router = FastAPI().router
    with pytest.raises(TypeError, match="has no guard"):
        application._guarded(router)


def test_all_routes_are_guarded() -> None:
    assert all(isinstance(route, GuardedRoute) for route in all_routes())


def test_an_administrator_may_not_answer_or_operate_by_being_one() -> None:
    admin = frozenset({Role.ADMIN})
    assert not holds(admin, Right.ANSWER)
    assert not holds(admin, Right.OPERATE)
    assert holds(admin, Right.PROPOSE_RULES)


def test_everybody_may_freeze_and_only_operators_unfreeze() -> None:
    assert HOLDERS[Right.FREEZE] == frozenset(Role)
    assert HOLDERS[Right.OPERATE] == {Role.OPERATOR, Role.MANAGER}


SCOPES = (Right.SEE, Right.ANSWER, Right.FREEZE, Right.OPERATE, Right.EXPERIMENT)
PROGRAMS = [route for route in all_routes() if route.path.startswith("/api/")]


@dataclass
class OneToken:
    """Knows a single token."""

    person: Person

    def authenticate(self, secret: str) -> Person | None:
        return self.person if secret == "the one" else None


@pytest.mark.parametrize("scope", [None, *SCOPES])
def test_a_token_is_let_in_exactly_where_its_role_and_its_scope_are(
    app: ControlRoom, scope: Right | None
) -> None:
    """Every role, with a token of every scope, at every route of the interface."""
    wrong = []
    for role in Role:
        scopes = frozenset({scope} if scope else ())
        person = Person("program", "A program", frozenset({role}), "token:t", scopes=scopes)
        app.state.services = replace(app.state.services, tokens=OneToken(person))
        for route in PROGRAMS:
            method, right = next(iter(methods_of(route))), right_of(route.endpoint)
            headers = {"authorization": "Bearer the one"}
            status = Visitor(app, None).send(method, address(route), headers=headers).status_code
            expected = right == scope and holds(frozenset({role}), right)
            if (status not in REFUSALS) is not expected:
                wrong.append((role, route.path, status))
    assert wrong == []


def test_a_token_opens_no_page_and_an_unknown_one_nothing(app: ControlRoom) -> None:
    person = Person("program", "A program", frozenset(Role), "t", scopes=frozenset(SCOPES))
    app.state.services = replace(app.state.services, tokens=OneToken(person))
    pages = [r for r in all_routes() if r not in PROGRAMS and right_of(r.endpoint) != Right.PUBLIC]
    for secret, routes in (("the one", pages), ("another", PROGRAMS)):
        headers = {"authorization": f"Bearer {secret}"}
        asked = ((next(iter(methods_of(r))), address(r)) for r in routes)
        answers = {Visitor(app, None).send(m, p, headers=headers).status_code for m, p in asked}
        assert answers == {401}
