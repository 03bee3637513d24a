"""One world and one application a test; people by name."""

import pytest

from drumbeat.testing.web_content.people import ANA, JON, MEI, VERA
from drumbeat.testing.web_world import SETTINGS, WebWorld, services
from drumbeat.web.application import ControlRoom, create_app
from tests.web.visitor import Visitor


@pytest.fixture
def world() -> WebWorld:
    return WebWorld()


@pytest.fixture
def app(world: WebWorld) -> ControlRoom:
    return create_app(services(world), SETTINGS)


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
