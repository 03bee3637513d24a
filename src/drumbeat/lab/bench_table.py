"""Bench table: what a bench found, as rows of words, and as the Markdown of the README."""

from collections.abc import Iterator, Sequence

from drumbeat.lab.bench import Report, Standing
from drumbeat.lab.confusion import Score

POLICIES = (
    "Policy",
    "Regret a week",
    "Worth a week",
    "Lift over doing nothing",
    "Revenue per spend",
    "Changes a week",
    "False pauses",
    "Asked a week",
    "Hours to detect",
)
CAUSES = ("Cause", "Happened", "Named", "Right", "Precision", "Recall")


def markdown(report: Report) -> str:
    """Two tables: the policies, then the causes. Money in major units."""
    return "\n".join(
        [
            f"{report.scenarios} scenarios, {report.seeds} seeds, "
            f"{report.campaign_years:g} campaign-years for each policy.",
            "",
            *_table(POLICIES, policies(report)),
            "",
            *_table(CAUSES, causes(report)),
        ]
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|---|{'---:|' * (len(heads) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def policies(report: Report) -> list[list[str]]:
    """One row a policy, under the heads ``POLICIES``. Money in major units."""
    return [_of_policy(one) for one in report.standings]


def causes(report: Report) -> list[list[str]]:
    """One row a cause and one for all, under the heads ``CAUSES``."""
    scores = {**report.confusion.by_cause, "all": report.confusion.total}
    return [[name.replace("_", " "), *_counted(score)] for name, score in scores.items()]


def _of_policy(one: Standing) -> list[str]:
    return [
        one.policy,
        f"{one.regret / 100:,.0f}",
        f"{one.worth / 100:,.0f}",
        _lift(one),
        _figure(one.revenue_per_spend),
        f"{one.changes_per_week:.2f}",
        str(one.false_pauses),
        f"{one.interventions_per_week:.2f}",
        _figure(one.detection_hours, "{:.0f}"),
    ]


def _lift(one: Standing) -> str:
    """Worth a week beside doing nothing, with its 95 % interval, in major units."""
    if one.lift is None:
        return "-"
    low, high = one.lift_low, one.lift_high
    if low is None or high is None:
        return f"{one.lift / 100:+,.0f}"
    return f"{one.lift / 100:+,.0f} ({low / 100:+,.0f} to {high / 100:+,.0f})"


def _counted(score: Score) -> list[str]:
    counts = [str(score.happened), str(score.named), str(score.right)]
    return [*counts, _figure(score.precision), _figure(score.recall)]


def _figure(value: float | None, form: str = "{:.2f}") -> str:
    return "-" if value is None else form.format(value)
