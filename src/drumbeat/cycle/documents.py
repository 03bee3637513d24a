"""Documents: small records a cycle keeps beside its brief, plan, assets and pack."""

from pydantic import Field

from drumbeat.core.campaign.finding import ReviewFinding
from drumbeat.core.campaign.lesson import Lesson
from drumbeat.core.noun import Noun


class ReviewFindings(Noun):
    """Everything the reviewer said; none of it is ever taken away again."""

    findings: tuple[ReviewFinding, ...] = ()


class Lessons(Noun):
    """What the cycle taught."""

    lessons: tuple[Lesson, ...] = ()


class Results(Noun):
    """The cycle's final counts: by target and base metric, and in all."""

    by_target: dict[str, dict[str, float]] = Field(default_factory=dict)
    total: dict[str, float] = Field(default_factory=dict)
    entry: int = 0
