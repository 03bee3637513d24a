"""CPU seconds of commands that people type often, each in a process of its own.

    python benchmarks/cli.py

The bar: `drumbeat check` on one file in under 0.3 s. The best of several runs is the command's
own; the rest is what else the machine was doing.
"""

import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from drumbeat.files.scaffold import init

RUNS = 9
COMMANDS = (
    ("--help",),
    ("check", "campaigns/weekly-newsletter.yaml"),
    ("check",),
    ("schema",),
    ("experiment", "size", "--baseline", "2%", "--lift", "10%"),
    ("status",),
)


def cpu_seconds(command: tuple[str, ...], folder: Path) -> float:
    """User and system time of one run."""
    before = os.times()
    program = [sys.executable, "-m", "drumbeat.cli.main", *command]
    subprocess.run(program, cwd=folder, check=True, capture_output=True)
    after = os.times()
    spent = after.children_user - before.children_user
    return spent + after.children_system - before.children_system


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        init(Path(folder), date(2026, 11, 23))
        print(f"{'best':>6} {'median':>7}  command")
        for command in COMMANDS:
            runs = sorted(cpu_seconds(command, Path(folder)) for _ in range(RUNS))
            print(f"{runs[0]:6.2f} {runs[RUNS // 2]:7.2f}  drumbeat {' '.join(command)}")


if __name__ == "__main__":
    main()
