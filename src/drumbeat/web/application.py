"""The application: the pages of ``pages/``, each behind the guard, inside one set of headers."""

from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from drumbeat.web import pages
from drumbeat.web.errors import add_error_pages
from drumbeat.web.guard import GuardedRoute
from drumbeat.web.headers import SecureHeaders
from drumbeat.web.live import LiveFeed
from drumbeat.web.pages.shared import share_limiters
from drumbeat.web.pages.sign_in import limiters
from drumbeat.web.render import environment
from drumbeat.web.services import Services
from drumbeat.web.settings import WebSettings
from drumbeat.web.static_folder import static_folder

_MAX_FORM_BYTES = 64 * 1024


class ControlRoom(FastAPI):
    """A FastAPI application whose every response, the unexpected ones too, has our headers."""

    def build_middleware_stack(self) -> ASGIApp:
        settings: WebSettings = self.state.settings
        return SecureHeaders(super().build_middleware_stack(), is_https=settings.is_https)


def create_app(services: Services, settings: WebSettings) -> ControlRoom:
    """The web application over these services. Raises TypeError for a page outside the guard."""
    app = ControlRoom(
        title="Drumbeat",
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        max_body_size=_MAX_FORM_BYTES,
    )
    static = static_folder()
    app.state.services = services
    app.state.settings = settings
    app.state.static = static
    app.state.templates = environment(static)
    app.state.live = LiveFeed(services.shell.version)
    app.state.account_tries, app.state.address_tries = limiters()
    app.state.share_looks, app.state.share_remarks = share_limiters()
    app.state.now = services.now
    for router in page_routers():
        app.include_router(router)
    add_error_pages(app)
    return app


def page_routers() -> tuple[APIRouter, ...]:
    """The ``router`` of every module in ``pages/``: a new file there is a new page."""
    names = sorted(found.name for found in iter_modules(pages.__path__))
    return tuple(_guarded(import_module(f"{pages.__name__}.{name}").router) for name in names)


def _guarded(router: APIRouter) -> APIRouter:
    for route in router.routes:
        if not isinstance(route, GuardedRoute):
            path = getattr(route, "path", route)
            raise TypeError(f"{path} has no guard; make its router with drumbeat.web.room")
    return router


def routes_of(app: ControlRoom) -> tuple[APIRoute, ...]:
    """Every route the application answers, for tests and documents."""
    return tuple(
        route for router in page_routers() for route in router.routes if isinstance(route, APIRoute)
    )
