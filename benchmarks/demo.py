"""CPU seconds of the headless demo: to start, and by simulated week as its history grows.

    python benchmarks/demo.py [WEEKS]

The bar: 12 weeks of the three campaigns in under 20 s on two quiet cores. CPU seconds are this
process's own, yet a crowded machine raises them too (its caches are shared): compare ratios.
"""

import os
import sys
import tempfile
from pathlib import Path

WEEKS = 12
SEED = 7


def cpu_seconds() -> float:
    """User and system time of this process so far."""
    spent = os.times()
    return spent.user + spent.system


def main() -> None:
    weeks = int(sys.argv[1]) if len(sys.argv) > 1 else WEEKS
    from drumbeat.app.demo import open_demo, prepare, run_headless

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "demo"
        prepare(home, SEED)
        demo = open_demo(home, SEED)
        marks = [cpu_seconds()]

        def tell(share: float) -> None:
            if share * weeks >= len(marks):
                marks.append(cpu_seconds())

        head = run_headless(demo, weeks, tell).head
        total = cpu_seconds()
        demo.app.close()
    print(f"{marks[0]:6.2f}  to start (imports, workspace, market)")
    ends = [*marks[1:weeks], total]
    for week, (begin, end) in enumerate(zip(marks, ends, strict=False), start=1):
        print(f"{end - begin:6.2f}  week {week}")
    print(f"{(total - marks[0]) / weeks:6.2f}  a week on average")
    print(f"{total:6.2f}  in all; ledger head {head[:12]}")


if __name__ == "__main__":
    main()
