"""Format: values as people read them."""

from datetime import datetime, timedelta

import pytest

from drumbeat.core.money import Money, Period, Rate
from drumbeat.testing.web_content.people import NOW, ZONE, at, before, within
from drumbeat.web.format import show, span, whole
from drumbeat.web.render import environment
from drumbeat.web.static_folder import static_folder
from drumbeat.web.views.shell import ShellView
from drumbeat.web.views.value import Change, Count, Factor, Points, Share, Value


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        ("as it is", "as it is"),
        (euros("400"), "€400.00"),
        (euros("11240"), "€11,240"),
        (euros("11240.50"), "€11,240.50"),
        (euros("-3"), "−€3.00"),
        (Money.of("5120", "JPY"), "¥5,120"),
        (Money.of("12.5", "SEK"), "SEK 12.50"),
        (Rate(money=euros("400"), period=Period.DAY), "€400.00 a day"),
        (Share(0.312), "31.2%"),
        (Share(-0.02, 0), "−2%"),
        (Change(0.08), "+8%"),
        (Change(-0.184, 1), "−18.4%"),
        (Change(0.0), "±0%"),
        (Change(-0.004), "±0%"),
        (Points(0.014), "+1.4 pt"),
        (Factor(3.14), "3.1×"),
        (Count(12_611), "12,611"),
        (Count(18_240, is_short=True), "18.2k"),
        (Count(2_500_000, is_short=True), "2.5m"),
        (Count(7, is_short=True), "7"),
        (timedelta(hours=1, minutes=40), "1\u00a0h 40\u00a0min"),
        (datetime(2026, 11, 3, 9, 5, tzinfo=ZONE), "Nov 3, 09:05"),
    ],
)
def test_a_value_is_shown_with_its_unit(value: Value, text: str) -> None:
    assert show(value) == text


def test_pace_leaves_cents_away() -> None:
    assert whole(euros("99.60")) == "€100"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=30), "30\u00a0s"),
        (timedelta(minutes=25), "25\u00a0min"),
        (timedelta(minutes=60), "1\u00a0h"),
        (timedelta(minutes=69), "1\u00a0h 09\u00a0min"),
        (timedelta(hours=23, minutes=59), "23\u00a0h 59\u00a0min"),
        (timedelta(days=3, hours=5), "3\u00a0d"),
    ],
)
def test_spans_have_two_units_at_most(length: timedelta, text: str) -> None:
    assert span(length) == text


SHELL = ShellView("Northbean", ZONE, NOW, 0)


@pytest.mark.parametrize(
    ("template", "moment", "text"),
    [
        ("{{ m|until }}", within(25), "25\u00a0min"),
        ("{{ m|until }}", before(12), "12\u00a0min late"),
        ("{{ m|ago }}", before(0), "just now"),
        ("{{ m|ago }}", before(6), "6\u00a0min ago"),
        ("{{ m|ago }}", before(75), "1\u00a0h ago"),
        ("{{ m|ago }}", before(1440), "yesterday"),
        ("{{ m|ago }}", at("09:00", 6), "Nov 17"),
        ("{{ m|clock }}", at("12:41"), "12:41"),
        ("{{ m|clock }}", at("09:00", -1), "tomorrow, 09:00"),
        ("{{ m|day }}", at("09:00", -3), "Thu"),
        ("{{ m|day }}", at("09:00", -9), "Dec 2"),
        ("{{ m|is_soon }}", within(59), "True"),
        ("{{ m|is_soon }}", within(61), "False"),
        ("{{ m|iso }}", at("12:41"), "2026-11-23T12:41:00+01:00"),
    ],
)
def test_times_are_told_from_now_in_the_workspaces_zone(
    template: str, moment: datetime, text: str
) -> None:
    made = environment(static_folder()).from_string(template)
    assert made.render(m=moment, shell=SHELL) == text


def test_a_name_that_is_missing_breaks_the_page_rather_than_vanish() -> None:
    made = environment(static_folder()).from_string("{{ nothing }}")
    with pytest.raises(Exception, match="nothing"):
        made.render(shell=SHELL)
