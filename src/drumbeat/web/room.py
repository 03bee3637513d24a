"""Room: the router every page module starts from, so that no page is outside the guard."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from drumbeat.web.guard import GuardedRoute


def room() -> APIRouter:
    """A router of guarded HTML pages; they are not part of the JSON API's description."""
    return APIRouter(
        route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False
    )
