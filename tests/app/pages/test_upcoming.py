"""What comes next is named by a day that can only be one."""

from datetime import timedelta

import pytest

from drumbeat.app.pages import upcoming
from tests.app.pages.world import World


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        pytest.param(timedelta(hours=2), "today", id="today"),
        pytest.param(timedelta(days=1), "tomorrow", id="tomorrow"),
        pytest.param(timedelta(days=6), "on Wednesday", id="this week"),
        pytest.param(timedelta(days=7), "on Thursday, Oct 1", id="the same weekday again"),
    ],
)
def test_a_day_is_named_as_people_say_it(seen: World, ahead: timedelta, said: str) -> None:
    # The past of the demo ends on a Thursday at noon.
    assert f"{seen.now:%a %H}" == "Thu 12"
    ground = seen.services.today.ground  # type: ignore[attr-defined]
    assert upcoming._on(seen.now + ahead, ground) == said
