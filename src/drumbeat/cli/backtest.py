"""`drumbeat backtest`: exported history, replayed: the agent, plain rules and what people did."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.exports import reading_export
from drumbeat.cli.options import json_option
from drumbeat.cli.output import data, say, table

if TYPE_CHECKING:
    from drumbeat.core.campaign.history import HistoryRow
    from drumbeat.core.governance.shadow import ShadowScore
    from drumbeat.lab.backtest import Backtest, Tally
    from drumbeat.lab.past_field import Past

# What tells units apart, in the order in which an export is asked for it.
_UNITS = ("line_item", "placement", "audience", "creative", "format")


@click.command("backtest")
@click.argument("file", metavar="HISTORY.csv", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--decisions",
    "human",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="What people did: date, target, action, change. Default: read from the spend.",
)
@click.option(
    "--kind",
    default="ads",
    show_default=True,
    type=click.Choice(["ads", "email", "social"]),
    help="What the export holds.",
)
@click.option("--by", help=f"What tells the budgeted units apart. Default: {', '.join(_UNITS)}.")
@click.option("--map", "pairs", multiple=True, help="COLUMN=FIELD; may be given several times.")
@click.option("--currency", help="The currency of the amounts, where the file names none.")
@click.option("--year", type=click.IntRange(1990, 2100), help="Where the dates name none.")
@click.option("--campaign", default="", help="Where the file names none.")
@click.option("--all", "show_all", is_flag=True, help="Every decision, with what followed.")
@json_option
def backtest_command(
    file: Path,
    human: Path | None,
    kind: str,
    by: str | None,
    pairs: tuple[str, ...],
    currency: str | None,
    year: int | None,
    campaign: str,
    show_all: bool,
    as_json: bool,
) -> None:
    """Replay an export day by day, and compare three deciders on it.

    Of mails and posts the choices of theme, style, hook, hour and the like are judged, by what was
    sent with either word in the 90 days after. Of ads, money is: the agent and the rules (pause on
    a spike of the cost per conversion) see each morning what was known then. History goes on as it
    did, so nobody learns what another choice would have brought: verdicts say how a target did
    afterwards, values are ranges, and what is unknown is called so.
    """
    from drumbeat.cli.decisions_file import read_decisions
    from drumbeat.lab.backtest import backtest

    rows = _rows(file, kind, pairs, currency, year, campaign)
    if kind != "ads":
        if human is not None or by is not None:
            text = (
                "--decisions and --by are for ads: what people wrote stands in the history itself"
            )
            raise Failure(text, Exit.INVALID)
        _replay_words(file, kind, rows, as_json=as_json, show_all=show_all)
        return
    pasts = _pasts(file, rows, by)
    only = pasts[0].campaign if len(pasts) == 1 else campaign
    made = read_decisions(human, campaign=only, plain=True) if human is not None else None
    try:
        found = backtest(pasts, made)
    except ValueError as error:
        raise Failure(f"{file}: {error}", Exit.INVALID) from error
    if as_json:
        data("backtest", found.model_dump(mode="json"))
        return
    _show(found)
    if show_all:
        _show_all(found)


def _replay_words(
    file: Path, kind: str, rows: "tuple[HistoryRow, ...]", *, as_json: bool, show_all: bool
) -> None:
    from drumbeat.core.campaign.history import HistoryKind
    from drumbeat.lab.words_backtest import backtest_words

    try:
        found = backtest_words(rows, HistoryKind(kind))
    except ValueError as error:
        raise Failure(f"{file}: {error}", Exit.INVALID) from error
    if as_json:
        data("backtest", found.model_dump(mode="json"))
        return
    say(
        f"{found.first} to {found.last}: {found.campaigns} campaigns, {found.occasions} mails or "
        f"posts, judged by {found.measured_by}"
    )
    table(
        _BESIDE,
        _beside((("agent", found.agent_beside_people), ("rules", found.rules_beside_people))),
    )
    for what, why in sorted(found.skipped.items()):
        say(f"- {what} is not judged: {why}")
    for line in found.unknowable:
        say(f"- {line}")
    if show_all:
        click.echo()
        rows_of = [
            [f"{c.at:%Y-%m-%d}", c.campaign, c.kind, str(c.verdict), c.reason] for c in found.cases
        ]
        table(["Day", "Campaign", "What", "The agent was", "Why"], rows_of)


_BESIDE = ["Beside people", "Campaign", "What", "Agreed", "Better", "Worse", "Differ"]


def _beside(sides: "Iterable[tuple[str, tuple[ShadowScore, ...]]]") -> list[list[str]]:
    return [
        [who, s.campaign, s.kind, str(s.agreed), str(s.better), str(s.worse), str(s.different)]
        for who, scores in sides
        for s in scores
    ]


def _rows(
    file: Path,
    kind: str,
    pairs: tuple[str, ...],
    currency: str | None,
    year: int | None,
    campaign: str,
) -> "tuple[HistoryRow, ...]":
    from drumbeat.core.campaign.history import HistoryKind
    from drumbeat.files.history.parse import read_history

    with reading_export(file, pairs, currency, year, campaign) as options:
        return read_history(file, HistoryKind(kind), options).rows


def _pasts(file: Path, rows: "tuple[HistoryRow, ...]", by: str | None) -> "tuple[Past, ...]":
    from drumbeat.lab.past_field import pasts_of

    there = {name for row in rows for name in row.dimensions}
    unit = by or next((name for name in _UNITS if name in there), "")
    if not unit:
        known = ", ".join(sorted(there)) or "none"
        raise Failure(
            f"{file}: nothing tells budgeted units apart (dimensions: {known}); "
            "map a column with --map COLUMN=line_item",
            Exit.INVALID,
        )
    try:
        return pasts_of(rows, unit)
    except ValueError as error:
        raise Failure(f"{file}: {error}", Exit.INVALID) from error


def _show(found: "Backtest") -> None:
    campaigns = f"{found.campaigns} campaign{'' if found.campaigns == 1 else 's'}"
    source = "taken from the" if found.people_from == "decisions file" else ""
    say(
        f"{found.first} to {found.last}: {campaigns}, {found.units} units; "
        f"what people did is {f'{source} {found.people_from}'.strip()}"
    )
    heads = ["Decider", "Decisions", "a week", "Right", "Wrong", "Unclear"]
    moved = f"Moved ({found.currency})"
    table([*heads, moved, "Conversions it would have added"], [_row(t) for t in found.tallies])
    click.echo()
    sides = (("agent", found.agent_beside_people), ("rules", found.rules_beside_people))
    rows = _beside(sides)
    if rows:
        table(_BESIDE, rows)
    unknown = sum(text.startswith("unknown") for text in found.responses.values())
    say(f"The response to spend is unknown for {unknown} of {len(found.responses)} units.")
    for line in found.unknowable:
        say(f"- {line}")


def _row(tally: "Tally") -> list[str]:
    gain = "unknown"
    if tally.gain_low is not None and tally.gain_high is not None:
        gain = f"{tally.gain_low:+,.0f} to {tally.gain_high:+,.0f}"
    return [
        tally.decider,
        str(tally.decisions),
        f"{tally.per_week:.1f}",
        str(tally.right),
        str(tally.wrong),
        str(tally.unclear),
        f"{tally.moved_minor / 100:,.0f}",
        gain,
    ]


def _show_all(found: "Backtest") -> None:
    click.echo()
    rows = [
        [f"{d.at:%Y-%m-%d}", d.decider, d.campaign, d.target, d.what, d.verdict, d.text, d.why]
        for d in found.decisions
    ]
    table(["Day", "Who", "Campaign", "Target", "What", "Was", "What followed", "Why"], rows)
