"""The weekly review as a document: figures, exceptions, proposed changes, minutes; md or html."""

from collections.abc import Iterator, Sequence
from html import escape

from drumbeat.core.noun import Noun
from drumbeat.core.operations.kpis import Kpis, Share, Spans


class Figure(Noun):
    """One line of a table: what, this week, the week before."""

    name: str
    now: str
    before: str


class Table(Noun):
    """A table of the report: ``empty`` is said in its place when it has no rows."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    # What is said when there are no rows.
    empty: str = "Nothing."


class ReviewReport(Noun):
    """``diffs`` are unified: lines that begin with - and + under the name of what changes."""

    title: str
    window: str
    warnings: tuple[str, ...]
    tables: tuple[Table, ...]
    diffs: tuple[str, ...]
    minutes: tuple[str, ...]


_KPI_NAMES = {
    "time_to_plan": "Time to plan (median)",
    "time_to_launch": "Time to launch (median)",
    "action_latency": "Action latency (median)",
    "anomaly_detection": "Anomaly noticed to somebody alerted (median)",
    "approval_cycle": "Approval cycle time (median)",
    "fully_automated": "Cycles fully automated",
    "needing_a_person": "Proposals needing a person",
    "escalation": "Cycles with an escalation",
    "policy_violation": "Proposals against policy",
    "repeat_override": "Overrides that repeat an earlier one",
    "sla": "Service levels met",
}


def kpi_figures(now: Kpis, before: Kpis) -> tuple[Figure, ...]:
    """The service figures in words, rates with their 95 % intervals."""
    return tuple(
        Figure(name=title, now=_told(getattr(now, field)), before=_told(getattr(before, field)))
        for field, title in _KPI_NAMES.items()
    )


def as_markdown(report: ReviewReport) -> str:
    """GitHub-flavored Markdown; what stands in cells cannot become markup."""
    return "\n".join(_markdown(report)) + "\n"


def as_html(report: ReviewReport) -> str:
    """A whole page without scripts, styles from outside or anything to load."""
    return "\n".join(_html(report)) + "\n"


def _markdown(report: ReviewReport) -> Iterator[str]:
    yield f"# {_inert(report.title)}"
    yield f"\n{report.window}"
    for warning in report.warnings:
        yield f"\n> **Warning:** {_inert(warning)}"
    for table in report.tables:
        yield f"\n## {_inert(table.title)}\n"
        yield from _markdown_table(table)
    yield "\n## Proposed changes\n"
    yield from _fenced(report.diffs)
    yield "\n## Minutes\n"
    yield from (f"- {_inert(line)}" for line in report.minutes or ("Nobody decided anything.",))


def _markdown_table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield table.empty
        return
    yield _row(table.headings)
    yield _row(["---"] * len(table.headings))
    yield from (_row([_inert(cell) for cell in row]) for row in table.rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _fenced(diffs: Sequence[str]) -> Iterator[str]:
    if not diffs:
        yield "None waits."
    for diff in diffs:
        # A fence inside the text would end the block.
        yield f"```diff\n{diff.replace('```', chr(0x2BC) * 3)}\n```"


def _inert(text: str) -> str:
    shown = " ".join(text.split())
    for mark in "\\`*_[]<>|#":
        shown = shown.replace(mark, f"\\{mark}")
    return shown


def _html(report: ReviewReport) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield f"<title>{escape(report.title)}</title></head><body>"
    yield f"<h1>{escape(report.title)}</h1><p>{escape(report.window)}</p>"
    yield from (f"<p><strong>Warning:</strong> {escape(text)}</p>" for text in report.warnings)
    for table in report.tables:
        yield f"<h2>{escape(table.title)}</h2>"
        yield from _html_table(table)
    yield "<h2>Proposed changes</h2>"
    yield from (f"<pre>{escape(diff)}</pre>" for diff in report.diffs)
    yield "" if report.diffs else "<p>None waits.</p>"
    lines = report.minutes or ("Nobody decided anything.",)
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    yield f"<h2>Minutes</h2><ul>{items}</ul></body></html>"


def _html_table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield f"<p>{escape(table.empty)}</p>"
        return
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.headings)
    yield f"<table><thead><tr>{head}</tr></thead><tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
    yield "</tbody></table>"


def _told(figure: Share | Spans | None) -> str:
    match figure:
        case Share(of=of) if of:
            low, high = figure.interval
            return f"{figure.hits} of {of} ({low:.0%} to {high:.0%})"
        case Spans(count=count, median=float(middle)):
            return f"{_duration(middle)} ({count})"
        case _:
            return "unknown"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        return f"{days} d {hours_left} h"
    return f"{hours} h {rest} min" if hours else f"{rest} min"
