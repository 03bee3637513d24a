"""`drumbeat import audience`: the segments an export of recipients implies, to be kept by hand."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.exports import reading_export
from drumbeat.cli.options import json_option
from drumbeat.cli.output import data, say

if TYPE_CHECKING:
    from drumbeat.core.campaign.audience import Segment
    from drumbeat.core.campaign.history import HistoryRow

# Who has more groups than this has named a number or a date, which nobody is addressed by.
_MOST = 40


@click.command("audience")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--by", "names", multiple=True, required=True, help="A column; may be given again.")
@click.option("--stage", help="The lifecycle stage these people are in (policy/lifecycle.yaml).")
@click.option("--map", "pairs", multiple=True, help="COLUMN=FIELD; may be given several times.")
@click.option("--currency", help="The currency of the amounts, where the file names none.")
@click.option("--year", type=click.IntRange(1990, 2100), help="Where the dates name none.")
@json_option
def audience_command(
    file: Path,
    names: tuple[str, ...],
    stage: str | None,
    pairs: tuple[str, ...],
    currency: str | None,
    year: int | None,
    as_json: bool,
) -> None:
    """Count an export with one line a recipient by its columns, as segments for
    data/segments.yaml: how many there are of each, and what they did. Nothing is written."""
    from drumbeat.core.campaign.history import HistoryKind
    from drumbeat.files.history.audience import segments_from
    from drumbeat.files.history.parse import read_history

    named = {pair.partition("=")[0] for pair in pairs}
    labels = (f"{name}=dim:{name}" for name in names if name not in named)
    with reading_export(file, (*pairs, *labels), currency, year, "") as options:
        rows = read_history(file, HistoryKind.EMAIL, options).rows
    _require_groups(file, rows, names)
    found = segments_from(rows, names)
    entries = [_entry(one, stage) for one in found]
    if as_json:
        data("audience", {"segments": entries})
        return
    click.echo(_yaml(entries), nl=False)
    say(f"{len(found)} segments; paste them under `segments:` in data/segments.yaml")


def _require_groups(file: Path, rows: "tuple[HistoryRow, ...]", names: tuple[str, ...]) -> None:
    """Raises Failure for what no people can be told apart by, or counted from."""
    known = sorted({name for row in rows for name in row.dimensions})
    for name in names:
        values = {row.dimensions.get(name) for row in rows} - {None}
        if not values:
            raise Failure(f"--by {name}: no such label; {file} has {', '.join(known) or 'none'}",
                          Exit.INVALID)  # fmt: skip
        if len(values) > _MOST:
            raise Failure(f"--by {name}: {len(values)} values are too many to address one by one",
                          Exit.INVALID)  # fmt: skip
    if not any(row.measures.get("contacts") for row in rows):
        raise Failure(f"{file}: not one line a recipient: nobody can be counted", Exit.INVALID)


def _entry(one: "Segment", stage: str | None) -> dict[str, object]:
    """As the file says it."""
    rule = [{"field": condition.field, "is": condition.equals} for condition in one.rule]
    entry = {"id": one.id, "name": one.name, "description": one.description}
    return {
        **entry,
        **({"stage": stage} if stage else {}),
        "rule": rule,
        "truths": list(one.truths),
        "size": one.size,
    }


def _yaml(entries: list[dict[str, object]]) -> str:
    import yaml

    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=100)
    return "".join(f"  {line}\n" for line in text.splitlines())
