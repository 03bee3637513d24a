"""How well experiments are read: false positives while peeking, power, split checks, shrinkage.

    python benchmarks/experiments.py [--runs 6000] [--seed 1] [--upworthy FILE.csv]

Everything runs through the public functions. The first setting is simulated and needs no file;
with the Upworthy Research Archive (columns clickability_test_id, impressions, clicks) the same
numbers are printed for its click rates and sizes too. In both, two arms get twice the mean
impressions an arm of a test had, which gives the fixed test a power of about .5 at +30 %.
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumbeat.stats import proportions, shrinkage, srm
from drumbeat.stats.sequential import SequentialDesign, Summary, read

UPWORTHY = Path(__file__).parents[2] / "shared/data/upworthy_given_30pct.csv"
PEEKS = 20
ALPHA = 0.05
EARLY = 0.07

Counts = NDArray[np.int64]
Stop = Callable[[SequentialDesign, int, int, int], bool]


@dataclass(frozen=True)
class Setting:
    """Tests to draw from: the clicks and impressions of their arms, one table a test."""

    name: str
    tests: list[Counts]

    def pairs(self, runs: int, generator: np.random.Generator) -> Iterator[tuple[float, int]]:
        """The click rate and the units an arm of ``runs`` tests, drawn with replacement."""
        for index in generator.integers(0, len(self.tests), runs):
            clicks, shown = self.tests[index].sum(axis=0)
            yield clicks / shown, int(2 * self.tests[index][:, 1].mean())


def simulated(generator: np.random.Generator) -> Setting:
    """Headline tests made of numbers: click rates around 1.3 %, 2 to 6 arms of 2,000 to 6,000."""
    tests = []
    for _ in range(1500):
        base = min(0.2, float(np.exp(generator.normal(np.log(0.0135), 0.62))))
        arms = int(generator.integers(2, 7))
        shown = np.full(arms, int(np.clip(np.exp(generator.normal(8.1, 0.35)), 2000, 6500)))
        rates = generator.beta(base * 1200, (1 - base) * 1200, arms)
        tests.append(np.stack([generator.binomial(shown, rates), shown], axis=1))
    return Setting("simulated", tests)


def archived(path: Path) -> Setting:
    tests: dict[str, list[tuple[int, int]]] = defaultdict(list)
    with path.open() as file:
        for row in csv.DictReader(file):
            tests[row["clickability_test_id"]].append((int(row["clicks"]), int(row["impressions"])))
    return Setting("Upworthy", [np.array(arms) for arms in tests.values()])


def by_design(design: SequentialDesign, n: int, control: int, treatment: int) -> bool:
    arms = Summary.proportion(control, n), Summary.proportion(treatment, n)
    return read(design, *arms).decision != "undecided"


def by_fixed_test(design: SequentialDesign, n: int, control: int, treatment: int) -> bool:
    """The naive reader: an ordinary test at every peek."""
    rate = (control + treatment) / (2 * n)
    spread = 2 * n * rate * (1 - rate)
    return bool(spread > 0 and abs(treatment - control) > 1.959964 * spread**0.5)


def decided(
    setting: Setting,
    runs: int,
    stop: Stop,
    seed: int,
    *,
    lift: float = 0.0,
    looks: int = PEEKS,
    spending: str = "power",
    past: float = 1.0,
    peeks: int = PEEKS,
) -> float:
    """The share of tests that stop with a decision at one of the peeks."""
    generator = np.random.default_rng(seed)
    stopped = 0
    for rate, n in setting.pairs(runs, generator):
        design = SequentialDesign(ALPHA, 2 * n, looks, spending)
        ends = [max(2, round(n * past * (peek + 1) / peeks)) for peek in range(peeks)]
        batches = np.diff([0, *ends])
        control = generator.binomial(batches, rate).cumsum()
        treatment = generator.binomial(batches, min(1.0, rate * (1 + lift))).cumsum()
        stopped += any(
            stop(design, end, int(a), int(b))
            for end, a, b in zip(ends, control, treatment, strict=True)
        )
    return stopped / runs


def line(what: str, value: float, bar: str = "") -> None:
    print(f"  {what:<58}{value:>8.3f}   {bar}")


def report_peeking(setting: Setting, runs: int, seed: int) -> None:
    print(f"{setting.name}: two arms, {PEEKS} peeks, alpha {ALPHA}, {runs} runs a line")
    line(
        "false positives, ordinary test at every peek", decided(setting, runs, by_fixed_test, seed)
    )
    plans: list[dict[str, Any]] = [
        {"looks": 1},
        {"looks": 5},
        {"looks": 5, "spending": "pocock"},
        {"looks": 20},
        {"looks": 20, "spending": "obrien-fleming"},
        {"looks": 50},
        {"looks": 20, "past": 2.0, "peeks": 2 * PEEKS},
        {"looks": 5, "spending": "pocock", "past": 2.0, "peeks": 2 * PEEKS},
    ]
    for plan in plans:
        words = ", ".join(f"{key} {value}" for key, value in plan.items())
        line(
            f"false positives, {words}", decided(setting, runs, by_design, seed, **plan), "<= .055"
        )
    for lift, bar in ((0.3, ">= .45"), (0.5, ">= .75")):
        fixed = decided(setting, runs, by_fixed_test, seed, lift=lift, peeks=1)
        line(f"power at {lift:+.0%}, fixed test", fixed)
        line(f"power at {lift:+.0%}", decided(setting, runs, by_design, seed, lift=lift), bar)


def report_splits(runs: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    honest = generator.binomial(400, 0.5, (runs, 7))
    broken = generator.binomial(400, [0.62, 0.5, 0.38, 0.5, 0.5, 0.5, 0.5], (runs, 7))
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    def found(tables: Counts, by: list[str] | None) -> float:
        splits = [np.stack([table, 400 - table], axis=1) for table in tables]
        counted = splits if by else [split.sum(axis=0) for split in splits]
        return float(np.mean([srm.check(each, [1, 1], by).mismatch for each in counted]))

    print(f"sample-ratio mismatch: seven days of 400 units, {runs} runs a line")
    line("honest split accused", found(honest, days), "about .001")
    line("two days broken both ways, seen in the total", found(broken, None))
    line("two days broken both ways, seen by day", found(broken, days), ">= .95")


def report_shrinkage(setting: Setting, seed: int) -> None:
    generator = np.random.default_rng(seed)
    early, later = [], []
    for arms in setting.tests:
        shown = np.maximum(1, arms[:, 1] * EARLY).astype(int)
        clicked = generator.hypergeometric(arms[:, 0], arms[:, 1] - arms[:, 0], shown)
        early.append(np.stack([clicked, shown], axis=1))
        later.append((arms[:, 0] - clicked) / (arms[:, 1] - shown))
    half = len(early) // 2
    prior = shrinkage.fit(early[:half])
    apparent = naive = true = certain = 0.0
    for seen, rates in zip(early[half:], later[half:], strict=True):
        raw = seen[:, 0] / seen[:, 1]
        best = int(np.argmax(raw))
        naive, true = naive + raw[best], true + rates[best]
        apparent += prior.estimate(seen)[best]
        certain += proportions.wilson(*(int(count) for count in seen[best]))[0]
    print(f"{setting.name}: apparent over later rate of the leader at {EARLY:.0%} of impressions")
    line("raw rate", naive / true)
    line("lower Wilson bound", certain / true)
    line("empirical Bayes, learned on the other half", apparent / true, ".97 to 1.05")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--upworthy", type=Path, default=UPWORTHY)
    options = parser.parse_args()
    settings = [simulated(np.random.default_rng(options.seed))]
    if options.upworthy.exists():
        settings.append(archived(options.upworthy))
    else:
        print("The Upworthy Research Archive was not found: simulated tests only.")
    for setting in settings:
        report_peeking(setting, options.runs, options.seed)
        report_shrinkage(setting, options.seed)
    report_splits(max(200, options.runs // 10), options.seed)


if __name__ == "__main__":
    main()
