"""How many mails reach one person in any seven days, and of how many people that can be told."""

from datetime import UTC, datetime, timedelta

import pytest

from drumbeat.core.campaign.frequency import Mailing, is_too_many, mailing_of, over_by_segments
from drumbeat.core.campaign.objects import Send
from tests.core.compliance.cases import the_send

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
SIZES = {"all": 500, "tea": 40}


def moments(*days: float) -> list[datetime]:
    return [AT + timedelta(days=day) for day in days]


@pytest.mark.parametrize(
    ("days", "cap", "wanted"),
    [
        ((), 1, False),
        ((-1,), 1, True),
        ((-6.99,), 1, True),
        ((-7,), 1, False),
        ((7,), 1, False),
        ((3,), 1, True),
        ((-1, -2), 3, False),
        ((-1, -2, -3), 3, True),
        ((-4, -5, -6), 3, True),
        ((-6, 6), 2, False),
        ((-4, 2.9), 2, True),
        ((-6, -5, 5, 6), 3, False),
        ((-2, -1, 1, 2), 3, True),
        ((0,), 1, True),
        ((-8, -9, -10), 3, False),
    ],
)
def test_any_seven_days_that_hold_the_mail_count(
    days: tuple[float, ...], cap: int, wanted: bool
) -> None:
    assert is_too_many(moments(*days), AT, cap) is wanted


def mailing(day: float, *segments: str) -> Mailing:
    send: Send = the_send().model_copy(
        update={"segments": segments, "send_at": AT + timedelta(days=day)}
    )
    found = mailing_of({f"send:news/{day}": send})
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("others", "cap", "wanted"),
    [
        pytest.param([], 1, 0, id="alone"),
        pytest.param([mailing(-8, "all")], 1, 0, id="long-ago"),
        pytest.param([mailing(-1, "all")], 2, 0, id="within-the-cap"),
        pytest.param([mailing(-1, "all")], 1, 500, id="everybody"),
        pytest.param([mailing(2, "tea")], 1, 40, id="one-segment-of-two"),
        pytest.param([mailing(-1, "unsized", "tea")], 1, 40, id="the-others-are-not-ours"),
        pytest.param([mailing(-1, "strangers")], 1, None, id="people-may-be-in-both"),
        pytest.param([mailing(-1, "all"), mailing(1, "tea")], 2, None, id="in-both-again"),
    ],
)
def test_by_segments_people_are_counted_or_nobody_can_tell(
    others: list[Mailing], cap: int, wanted: int | None
) -> None:
    assert over_by_segments(mailing(0, "all", "tea"), others, cap, SIZES) == wanted


def test_the_mails_of_one_cycle_are_one_mailing_at_the_first_hour() -> None:
    late, early = mailing(1, "all").send, mailing(0, "all").send
    both = mailing_of({"send:news/c/1": late, "send:news/c/1/2": early})
    assert both is not None
    assert both.at == AT
    assert both.targets == {"send:news/c/1", "send:news/c/1/2"}
    assert mailing_of({}) is None
