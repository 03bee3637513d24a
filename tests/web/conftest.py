"""One world and one application a test; people by name."""

import pytest

from drumbeat.testing.web_content.people import ANA, JON, MEI, VERA
from drumbeat.testing.web_doors import services
from drumbeat.testing.web_world import SETTINGS, WebWorld
from drumbeat.web.application import ControlRoom, create_app
from drumbeat.web.live import LiveFeed
from tests.web.visitor import Visitor


@pytest.fixture
def world() -> WebWorld:
    return WebWorld()


@pytest.fixture(scope="session")
def one_app() -> ControlRoom:
    """Built once: the first request of an application is the expensive one."""
    return create_app(services(WebWorld()), SETTINGS)


@pytest.fixture
def app(one_app: ControlRoom, world: WebWorld) -> ControlRoom:
    """The application over this test's own world."""
    fresh = services(world)
    one_app.state.services = fresh
    one_app.state.live = LiveFeed(fresh.shell.version)
    return one_app


@pytest.fixture
def ana(app: ControlRoom) -> Visitor:
    """An approver who is also an operator."""
    return Visitor(app, ANA)


@pytest.fixture
def jon(app: ControlRoom) -> Visitor:
    """Approves budgets, operates nothing."""
    return Visitor(app, JON)


@pytest.fixture
def mei(app: ControlRoom) -> Visitor:
    return Visitor(app, MEI)


@pytest.fixture
def vera(app: ControlRoom) -> Visitor:
    """May look, and freeze."""
    return Visitor(app, VERA)


@pytest.fixture
def nobody(app: ControlRoom) -> Visitor:
    return Visitor(app, None)
