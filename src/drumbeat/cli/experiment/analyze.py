"""`drumbeat experiment analyze`: what a test shows, once its split is known to be sound."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumbeat.cli.arms import Arms, Columns, arm_options, read_arms
from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.experiment.share import SHARE
from drumbeat.cli.options import json_option, svg_option
from drumbeat.cli.output import data, figure, say, table
from drumbeat.cli.sheet import read_sheet

if TYPE_CHECKING:
    from drumbeat.stats.sequential import Summary
    from drumbeat.stats.srm import SrmResult

SPLIT_BROKEN = "split broken"
_RARE = 1e-4


@click.command("analyze")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@arm_options
@click.option("--by", multiple=True, help="A column whose parts must be split well too.")
@click.option("--share", "shares", multiple=True, help="ARM=SHARE as designed (default: equal).")
@click.option("--alpha", type=SHARE, default="5%", show_default=True, help="False alarms allowed.")
@click.option(
    "--max-n", type=click.IntRange(4), help="Units planned for both arms: peeking is fine."
)
@click.option(
    "--looks", type=click.IntRange(1, 1000), default=20, show_default=True, help="Of a plan."
)
@svg_option
@json_option
def analyze_command(
    file: Path,
    arm: str | None,
    outcome: str | None,
    control: str | None,
    by: tuple[str, ...],
    shares: tuple[str, ...],
    alpha: float,
    max_n: int | None,
    looks: int,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Compare the arms of FILE.csv: rows of arm,n,conversions, or one row a unit with its outcome.

    First the split of the units is checked, in total and by day, segment and whatever --by names:
    arms that are not split as designed are not compared. With --max-n (the planned size) the test
    may be read at any time; without, it counts as read once, at its end.
    """
    arms = read_arms(read_sheet(file), Columns(arm, outcome, by))
    base = arms.control(control)
    split = _split(arms, shares)
    compared = _compare(arms, base, split, alpha, (max_n, looks))
    if svg is not None:
        from drumbeat.cli.charts import draw_effects

        label = f"{file.name}: difference from {base} with its interval"
        draw_effects(svg, label, compared, "treatment")
    found = {"file": str(file), "control": base, "alpha": alpha, "max_n": max_n}
    if as_json:
        checked = {"p_value": split.p_value, "worst": split.worst, "mismatch": split.mismatch}
        figures = [_arm(arms, name) for name in arms.summaries]
        data(
            "experiment.analyze",
            {**found, "split": checked, "arms": figures, "comparisons": compared},
        )
        return
    _show(arms, split, compared)


def _split(arms: Arms, shares: tuple[str, ...]) -> "SrmResult":
    from drumbeat.stats import srm

    expected = _designed(arms, shares)
    counts = {arm: summary.n for arm, summary in arms.summaries.items()}
    try:
        return srm.check(counts, expected, arms.strata or None)
    except ValueError as error:
        raise Failure(str(error), Exit.INVALID) from error


def _designed(arms: Arms, shares: tuple[str, ...]) -> dict[str, float]:
    if not shares:
        return dict.fromkeys(arms.summaries, 1.0)
    named = [one.rpartition("=") for one in shares]
    expected = {arm.strip(): SHARE.convert(share, None, None) for arm, _, share in named}
    if set(expected) != set(arms.summaries):
        there = ", ".join(arms.summaries)
        raise Failure(f"--share: give one for each arm, ARM=50%: {there}", Exit.INVALID)
    return expected


def _compare(
    arms: Arms, base: str, split: "SrmResult", alpha: float, plan: tuple[int | None, int]
) -> list[dict[str, Any]]:
    others = [arm for arm in arms.summaries if arm != base]
    if split.mismatch:
        unread = {"effect": None, "low": None, "high": None, "decision": SPLIT_BROKEN}
        return [{"treatment": arm, **unread} for arm in others]
    # Each treatment is one more chance of a false alarm.
    share = alpha / len(others)
    pairs = ((arm, arms.summaries[base], arms.summaries[arm]) for arm in others)
    try:
        return [{"treatment": arm, **_pair(a, b, share, plan)} for arm, a, b in pairs]
    except ValueError as error:
        raise Failure(str(error), Exit.INVALID) from error


def _pair(
    control: "Summary", treatment: "Summary", alpha: float, plan: tuple[int | None, int]
) -> dict[str, Any]:
    from drumbeat.stats.sequential import SequentialDesign, read

    units = control.n + treatment.n
    # Read once, at its end: one look, at the size there is.
    max_n, looks = plan if plan[0] is not None else (max(4, units), 1)
    found = read(SequentialDesign(alpha, max_n or units, looks), control, treatment)
    relative = found.effect / control.mean if control.mean > 0 else None
    return {
        "effect": found.effect,
        "low": found.low,
        "high": found.high,
        "relative": relative,
        "decision": str(found.decision),
        "look": found.look,
        "overrun": found.overrun,
    }


def _arm(arms: Arms, name: str) -> dict[str, Any]:
    summary = arms.summaries[name]
    figures = {"arm": name, "n": summary.n, "mean": summary.mean, "variance": summary.variance}
    return {**figures, "conversions": arms.conversions[name] if arms.conversions else None}


def _chance(p_value: float) -> str:
    return f"p {p_value:.2g}" if p_value >= _RARE else f"p below {_RARE:.4f}"


def _show(arms: Arms, split: "SrmResult", compared: list[dict[str, Any]]) -> None:
    table(
        ["Arm", "Units", "Mean"],
        [[arm, f"{one.n:,}", figure(one.mean)] for arm, one in arms.summaries.items()],
    )
    where = f", worst in {split.worst}" if split.worst is not None else ""
    if split.mismatch:
        say(f"The units are not split as designed ({_chance(split.p_value)}{where}).")
        say("Find out why first: whatever the arms show is not about the variants.")
        return
    say(f"The split is as designed ({_chance(split.p_value)}{where}).")
    if arms.unlooked:
        say(
            f"Not looked at: {', '.join(arms.unlooked)}. Give --by for what units were before the "
            "test; its parts must be split well too."
        )
    click.echo()
    table(
        ["Treatment", "Decision", "Effect", "Relative", "Low", "High"],
        [[one["treatment"], one["decision"], *_effects(one)] for one in compared],
    )
    if any(one["overrun"] for one in compared):
        say("The test ran past its planned size, where the intervals are much wider.")


def _effects(one: dict[str, Any]) -> tuple[str, ...]:
    forms = {"effect": "+.4g", "relative": "+.1%", "low": "+.4g", "high": "+.4g"}
    return tuple(figure(one[name], form) for name, form in forms.items())
