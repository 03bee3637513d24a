"""How long the whole review of a mail takes, and how many ordinary mails it would stop.

Run: `.venv/bin/python -m benchmarks.compliance`. The mails are those the scripted writer makes of
the shipped template, no two alike; times are processor time, every rule asked, facts known.
"""

import gc
from dataclasses import replace
from statistics import mean, quantiles
from time import process_time

from drumbeat.agents.reviewer import Reviewer
from drumbeat.core.campaign.finding import blocking
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.rule_set import check_files, rule_set
from tests.core.compliance.ordinary import SENTENCES, UNSEEN, mails

MAILS = 600
MOST_MS = 50.0


def main() -> None:
    reviewer = Reviewer(rules=rule_set())
    reviewer.review(mails(1)[0])
    for name, sentences in (("near misses", SENTENCES), ("unseen", UNSEEN)):
        made = mails(MAILS, sentences)
        # The mails waiting their turn are the benchmark's burden, not the review's.
        gc.freeze()
        told = [_timed(reviewer, replace(case)) for case in made]
        times = [spent for spent, _ in told]
        stopped = sum(is_blocked for _, is_blocked in told)
        print(f"{name}: {MAILS} mails, {len(check_files())} rules")
        print(f"  stopped {stopped} ({stopped / MAILS:.1%})")
        print(f"  {mean(times):.1f} ms a mail, 99 % within {quantiles(times, n=100)[98]:.1f} ms,")
        print(f"  longest {max(times):.1f} ms (limit {MOST_MS:.0f} ms)")


def _timed(reviewer: Reviewer, case: ComplianceCase) -> tuple[float, bool]:
    started = process_time()
    found = reviewer.review(case)
    spent = (process_time() - started) * 1000
    assert isinstance(found, tuple)
    return spent, bool(blocking(found))


if __name__ == "__main__":
    main()
