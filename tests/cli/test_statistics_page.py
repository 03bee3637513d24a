"""The how-to page of the statistics: its commands, what they print, and its lines of Python."""

import shlex
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Drumbeat

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "statistics.md"


def clicks(chance: np.random.Generator) -> Iterator[str]:
    """Five weeks of hourly clicks; on one morning a bot comes by."""
    yield "timestamp,value"
    for n in range(24 * 35):
        usual = 80 + 30 * np.cos(2 * np.pi * (n % 24 - 14) / 24)
        bot = 240 if 752 <= n < 755 else 0
        at = datetime(2026, 3, 2) + timedelta(hours=n)
        yield f"{at},{chance.poisson(usual) + bot}"


def revenue(chance: np.random.Generator) -> Iterator[str]:
    """A year of daily revenue with quiet weekends; one day was not measured."""
    yield "date,value"
    for n in range(365):
        day = date(2025, 4, 1) + timedelta(days=n)
        usual = (900 if day.weekday() < 5 else 550) * (1 + n / 2000)
        yield f"{day}," + ("" if n == 200 else f"{usual * np.exp(chance.normal(0, 0.06)):.2f}")


def sales(chance: np.random.Generator) -> Iterator[str]:
    """Daily sales of twenty cities; ads ran in the first eight from 1 May on."""
    yield "date,geo,value"
    for city in range(20):
        size = np.exp(chance.normal(8, 0.7))
        for n in range(90):
            day = date(2026, 3, 2) + timedelta(days=n)
            lift = 1.06 if city < 8 and day >= date(2026, 5, 1) else 1.0
            yield f"{day},city-{city + 1},{size * lift * np.exp(chance.normal(0, 0.05)):.2f}"


def spend(chance: np.random.Generator) -> Iterator[str]:
    """Daily spend of two channels, moved at random, and of one that follows the demand."""
    yield "date,channel,spend,revenue"
    for n in range(200):
        day = date(2025, 10, 1) + timedelta(days=n)
        demand = np.exp(chance.normal(0, 0.3))
        for channel, most, half in (("search", 3000, 400), ("social", 2200, 900)):
            paid = chance.uniform(50, 900)
            brought = 900 + most * paid / (paid + half) + chance.normal(0, 60)
            yield f"{day},{channel},{paid:.2f},{brought:.2f}"
        yield f"{day},brand,{300 * demand:.2f},{4000 * demand:.2f}"


def write_examples(folder: Path) -> None:
    """The files that the page speaks of, the same every time."""
    made = {"clicks": clicks, "revenue": revenue, "sales": sales, "spend": spend}
    for seed, (name, rows) in enumerate(made.items()):
        lines = "\n".join(rows(np.random.default_rng(seed)))
        (folder / f"{name}.csv").write_text(f"{lines}\n", encoding="utf-8")
    test = "arm,n,conversions\ncontrol,6000,300\nbenefit-led,6000,378\n"
    (folder / "subject-lines.csv").write_text(test, encoding="utf-8")
    held = "arm,n,conversions\nmailed,18000,1134\nheld-out,2000,98\n"
    (folder / "hold-out.csv").write_text(held, encoding="utf-8")


def blocks(language: str) -> list[list[str]]:
    """The lines inside each fence of a language."""
    found = PAGE.read_text(encoding="utf-8").split(f"```{language}\n")[1:]
    return [one.split("```")[0].splitlines() for one in found]


def told() -> list[tuple[str, list[str]]]:
    """Each command of the page with the lines it shows as the answer."""
    pairs: list[tuple[str, list[str]]] = []
    for line in (line for block in blocks("console") for line in block):
        if line.startswith("$ drumbeat "):
            pairs.append((line.removeprefix("$ drumbeat "), []))
        elif line.strip():
            pairs[-1][1].append(line)
    return pairs


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_examples(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("typed", "shown"), told(), ids=[typed for typed, _ in told()])
def test_a_command_of_the_page_prints_what_the_page_shows(
    typed: str, shown: list[str], drumbeat: Drumbeat, here: Path
) -> None:
    found = drumbeat(*shlex.split(typed))
    assert found.code == 0, found.err
    printed = [line.rstrip() for line in (found.out + found.err).splitlines()]
    assert [line for line in shown if line.rstrip() not in printed] == []


def test_the_page_has_every_command() -> None:
    typed = {" ".join(words.split()[:2]) for words, _ in told()}
    commands = {words.split()[0] for words in typed}
    assert commands == {"detect", "forecast", "experiment", "lift", "allocate"}
    assert {"experiment size", "experiment analyze"} <= typed


def test_the_python_of_the_page_runs(here: Path) -> None:
    for block in blocks("python"):
        exec(compile("\n".join(block), str(PAGE), "exec"), {})
