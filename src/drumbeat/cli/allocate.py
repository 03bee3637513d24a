"""`drumbeat allocate`: a budget over channels, as far as their history can tell what spend does."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumbeat.cli.exits import Exit, Failure, FileInvalid
from drumbeat.cli.options import json_option, svg_option
from drumbeat.cli.output import data, figure, say, table
from drumbeat.cli.sheet import read_sheet
from drumbeat.cli.spend_history import SpendHistory, read_lift_tests, read_spend

if TYPE_CHECKING:
    from drumbeat.core.money import Rate
    from drumbeat.stats.allocation import Allocation, FittedCurve, NotIdentified

    Curves = dict[str, FittedCurve | NotIdentified]

_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "quarter": 91.3125, "year": 365.25}


@click.command("allocate")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.option("--budget", required=True, help="What there is to spend: 'EUR 10,000/week'.")
@click.option("--date", help="The column of dates (default: date, day or week).")
@click.option("--channel", help="The column of channels (default: channel, line or campaign).")
@click.option(
    "--spend", help="The column of spend in the budget's currency (default: spend, cost)."
)
@click.option("--outcome", help="The column of what it brought (default: outcome, revenue, …).")
@click.option(
    "--lift-tests",
    type=click.Path(path_type=Path),
    help="Randomized tests: channel,spend_low,spend_high,effect,error by day or week as in FILE.",
)
@svg_option
@json_option
def allocate_command(
    file: Path,
    budget: str,
    date: str | None,
    channel: str | None,
    spend: str | None,
    outcome: str | None,
    lift_tests: Path | None,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Split --budget over the channels of FILE.csv by what each one's spend brings in.

    FILE.csv holds date,channel,spend,outcome by day or week; rows of one date and channel are
    added up. Where history cannot tell what spend does, the channel is "not identified": it keeps
    what it spends now, and only the rest of the budget is split. Two lift tests can tell.
    """
    rate = _rate(budget)
    columns = {"date": date, "channel": channel, "spend": spend, "outcome": outcome}
    history = read_spend(read_sheet(file), columns, rate.money.currency)
    curves = _curves(file, history, lift_tests)
    steps = _DAYS[rate.period] / history.step_days
    rows, found = _split(history, curves, rate, steps)
    if svg is not None:
        from drumbeat.cli.charts import draw_effects

        label = f"{file.name}: what one more unit of money brings"
        draw_effects(svg, label, [_slope(row) for row in rows], "channel")
    if as_json:
        content = {"file": str(file), "budget": str(rate), "channels": rows}
        data("allocate", {**content, "allocation": _summary(found, rows)})
        return
    _show(rate, rows, found)


def _rate(text: str) -> "Rate":
    from drumbeat.core.money import Rate

    try:
        rate = Rate.parse(text)
    except ValueError as error:
        raise Failure(f"--budget: {error}", Exit.INVALID) from error
    if rate.money.minor < 0:
        raise Failure(f"--budget: {rate} is below zero, so there is nothing to split", Exit.INVALID)
    return rate


def _curves(file: Path, history: SpendHistory, lift_tests: Path | None) -> "Curves":
    from drumbeat.stats.allocation import fit_curves

    tests = read_lift_tests(read_sheet(lift_tests)) if lift_tests else []
    try:
        return fit_curves(history.channels, tests)
    except ValueError as error:
        raise FileInvalid(f"{lift_tests or file}: {error}") from error


def _split(
    history: SpendHistory, curves: "Curves", rate: "Rate", steps: float
) -> "tuple[list[dict[str, Any]], Allocation | None]":
    """A row a channel, money by the budget's period, and the split of what is known."""
    from drumbeat.stats.allocation import FittedCurve, allocate

    known = {name: one for name, one in curves.items() if isinstance(one, FittedCurve)}
    kept = {name: history.now[name] for name in curves if name not in known}
    left = float(rate.money.major) / steps - sum(kept.values())
    if left < 0:
        kept_now = figure(sum(kept.values()) * steps, ",.2f")
        text = (
            f"--budget: channels that are not identified spend {kept_now} already; cut them first"
        )
        raise Failure(text, Exit.REFUSED)
    found = allocate(known, left) if known else None
    spends = {**kept, **(found.spend if found else {})}
    rows = [_row(name, curves[name], history, spends[name], steps) for name in curves]
    return rows, found


def _row(
    name: str,
    curve: "FittedCurve | NotIdentified",
    history: SpendHistory,
    spend: float,
    steps: float,
) -> dict[str, Any]:
    from drumbeat.stats.allocation import NotIdentified

    now = history.now[name]
    money = {"channel": name, "now": _cents(now * steps), "proposed": _cents(spend * steps)}
    if isinstance(curve, NotIdentified):
        why = {"reason": str(curve.reason), "detail": curve.detail}
        return {**money, "identified": False, **why}
    return {
        **money,
        "identified": True,
        "gain": (curve.curve.value(spend) - curve.curve.value(now)) * steps,
        "marginal": curve.curve.marginal(history.usual[name]),
        "marginal_low": curve.marginal_low,
        "marginal_high": curve.marginal_high,
        "source": curve.source,
        "beyond_experience": not curve.spend_low <= spend <= curve.spend_high,
    }


def _cents(amount: float) -> float:
    return float(round(Decimal(amount), 2))


def _slope(row: dict[str, Any]) -> dict[str, Any]:
    """What one more unit of money brings, as a row of an interval chart."""
    if not row["identified"]:
        return {"channel": row["channel"], "low": None, "effect": None, "high": None}
    low, high = sorted((row["marginal_low"], row["marginal_high"]))
    middle = min(max(row["marginal"], low), high)
    return {"channel": row["channel"], "low": low, "effect": middle, "high": high}


def _summary(found: "Allocation | None", rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    if found is None:
        return None
    gain = sum(row["gain"] for row in rows if row["identified"])
    return {"gain": gain, "method": found.method, "is_optimal": found.is_optimal, "gap": found.gap}


def _show(rate: "Rate", rows: list[dict[str, Any]], found: "Allocation | None") -> None:
    code, period = rate.money.currency, rate.period
    headings = ["Channel", f"Now {code}/{period}", "Proposed", "One more unit brings", "Why"]
    table(headings, [_shown(row) for row in rows])
    if found is None:
        say("No channel's response is identified, so there is nothing to split the budget by.")
        return
    gain = sum(row["gain"] for row in rows if row["identified"])
    say(f"Expected change of the outcome: {gain:+,.4g} a {period}.")
    say("What one more unit brings is told at the usual spend of the file, its mean.")
    if any(row.get("beyond_experience") for row in rows):
        say(
            "Where more or less is proposed than was ever spent, the curve is a guess: go in steps."
        )


def _shown(row: dict[str, Any]) -> list[str]:
    money = [figure(row["now"], ",.2f"), figure(row["proposed"], ",.2f")]
    if not row["identified"]:
        why = f"not identified: {row['reason']} ({row['detail']})"
        return [row["channel"], *money, "unknown", why]
    brings = f"{row['marginal_low']:.3g} to {row['marginal_high']:.3g}"
    beyond = ", beyond what was ever spent" if row["beyond_experience"] else ""
    return [row["channel"], *money, brings, f"from {row['source']}{beyond}"]
