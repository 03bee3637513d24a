"""Confusion: what was against what was named, with precision and recall."""

from collections import Counter
from collections.abc import Iterable

from drumbeat.core.noun import Noun
from drumbeat.core.operations.cause import Cause
from drumbeat.lab.episode import Verdict

NONE = "none"


class Score(Noun):
    """``right`` of ``named`` were so, and of ``happened`` were found; None: there were none."""

    right: int
    named: int
    happened: int

    @property
    def precision(self) -> float | None:
        return self.right / self.named if self.named else None

    @property
    def recall(self) -> float | None:
        return self.right / self.happened if self.happened else None


class Confusion(Noun):
    """How often each truth (first) met each name (second); ``none`` on either side."""

    cells: dict[str, dict[str, int]]

    @property
    def total(self) -> Score:
        """Over all causes together."""
        scores = self.by_cause.values()
        return Score(
            right=sum(one.right for one in scores),
            named=sum(one.named for one in scores),
            happened=sum(one.happened for one in scores),
        )

    @property
    def by_cause(self) -> dict[str, Score]:
        names = {*self.cells, *(name for row in self.cells.values() for name in row)} - {NONE}
        return {name: self._score(name) for name in sorted(names)}

    def _score(self, name: str) -> Score:
        mine = self.cells.get(name, {})
        return Score(
            right=mine.get(name, 0),
            named=sum(row.get(name, 0) for row in self.cells.values()),
            happened=sum(mine.values()),
        )


def confusion(verdicts: Iterable[Verdict]) -> Confusion:
    """The table of many verdicts."""
    counted = Counter((_name(one.truth), _name(one.named)) for one in verdicts)
    cells: dict[str, dict[str, int]] = {}
    for (truth, named), count in sorted(counted.items()):
        cells.setdefault(truth, {})[named] = count
    return Confusion(cells=cells)


def _name(cause: Cause | None) -> str:
    return NONE if cause is None else str(cause)
