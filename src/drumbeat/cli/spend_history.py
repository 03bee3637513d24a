"""Spend history: what channels cost and brought, as a CSV of date, channel, spend and outcome."""

from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import TYPE_CHECKING

from drumbeat.cli.exits import FileInvalid
from drumbeat.cli.sheet import Sheet

if TYPE_CHECKING:
    from drumbeat.stats.allocation import ChannelHistory, LiftTest

DATES = ("date", "day", "week", "ds")
CHANNELS = ("channel", "line", "line_item", "campaign", "platform")
SPENDS = ("spend", "cost")
OUTCOMES = ("outcome", "response", "revenue", "conversions", "value", "sales")

_RECENT_STEPS = 28


@dataclass(frozen=True)
class SpendHistory:
    """Every channel on steps of ``step_days`` days.

    ``now`` is its mean spend a step of late, ``usual`` over all of its history.
    """

    channels: dict[str, "ChannelHistory"]
    step_days: int
    now: dict[str, float]
    usual: dict[str, float]


def read_spend(sheet: Sheet, columns: dict[str, str | None], currency: str) -> SpendHistory:
    """Rows of one date and channel are added up. Raises FileInvalid.

    ``columns`` names date, channel, spend and outcome where the person did. Spend is in major
    units of ``currency``; a column named currency must agree.
    """
    from drumbeat.stats.allocation import ChannelHistory

    _refuse_other_money(sheet, currency)
    dates = sheet.days(sheet.column(columns["date"], DATES))
    names = sheet.texts(sheet.column(columns["channel"], CHANNELS))
    spends = sheet.numbers(sheet.column(columns["spend"], SPENDS))
    outcomes = sheet.numbers(sheet.column(columns["outcome"], OUTCOMES))
    for line, spend in zip(sheet.lines, spends, strict=True):
        if spend < 0:
            sheet.refuse(line, f"spend cannot be negative, got {spend:g}")
    added: dict[str, dict[date, tuple[float, float]]] = {}
    for day, name, spend, outcome in zip(dates, names, spends, outcomes, strict=True):
        of = added.setdefault(name, {})
        before = of.get(day, (0.0, 0.0))
        of[day] = (before[0] + spend, before[1] + outcome)
    channels: dict[str, ChannelHistory] = {}
    for name, of in added.items():
        days = sorted(of)
        columns_of = ([of[day][side] for day in days] for side in (0, 1))
        channels[name] = ChannelHistory(days, *columns_of)
    spent = {name: [of[day][0] for day in sorted(of)] for name, of in added.items()}
    return SpendHistory(
        channels,
        _step(sheet, channels),
        now={name: fmean(one[-_RECENT_STEPS:]) for name, one in spent.items()},
        usual={name: fmean(one) for name, one in spent.items()},
    )


def read_lift_tests(sheet: Sheet) -> "list[LiftTest]":
    """Rows of channel,spend_low,spend_high,effect,error: randomized tests. Raises FileInvalid."""
    from drumbeat.stats.allocation import LiftTest

    names = ("spend_low", "spend_high", "effect", "error")
    channels = sheet.texts(sheet.column(None, CHANNELS))
    columns = [sheet.numbers(sheet.column(None, (name,))) for name in names]
    tests = []
    for line, channel, *figures in zip(sheet.lines, channels, *columns, strict=True):
        try:
            tests.append(LiftTest(channel, *figures))
        except ValueError as error:
            sheet.refuse(line, str(error))
    return tests


def _refuse_other_money(sheet: Sheet, currency: str) -> None:
    if not sheet.has("currency"):
        return
    for line, found in zip(sheet.lines, sheet.texts(sheet.column("currency", ())), strict=True):
        if found != currency:
            sheet.refuse(line, f"this row is in {found} and the budget in {currency}")


def _step(sheet: Sheet, channels: dict[str, "ChannelHistory"]) -> int:
    steps: dict[int, str] = {}
    for name, one in channels.items():
        try:
            steps.setdefault(one.complete()[3], name)
        except ValueError as error:
            raise FileInvalid(f"{sheet.file}: {name}: {error}") from error
    if len(steps) > 1:
        uneven = " and ".join(f"{name} every {days} days" for days, name in steps.items())
        raise FileInvalid(f"{sheet.file}: the channels have unlike steps: {uneven}")
    return next(iter(steps))
