"""What people did in shadow, and the verdicts on it, are kept and found again."""

from datetime import timedelta

from drumbeat.core.governance.shadow import Pair, judge
from drumbeat.store import shadow
from drumbeat.store.database import Database
from tests.core.governance.test_shadow import CUT, NOW, PAUSE, RAISE


def test_a_decision_is_kept_once(database: Database) -> None:
    with database.write() as transaction:
        assert shadow.add_decisions(transaction, [RAISE, PAUSE]) == 2
        assert shadow.add_decisions(transaction, [PAUSE]) == 0
        found = shadow.decisions(transaction, "a")
        assert sorted(found, key=lambda one: one.id) == [RAISE, PAUSE]
        assert shadow.decisions(transaction, "a", NOW + timedelta(days=1)) == []


def test_cases_are_judged_afresh(database: Database) -> None:
    first, second = judge(Pair(RAISE, None), None), judge(Pair(CUT, PAUSE), None)
    with database.write() as transaction:
        shadow.replace_cases(transaction, "a", [first])
        shadow.replace_cases(transaction, "b", [])
        shadow.replace_cases(transaction, "a", [second])
        assert shadow.cases(transaction, "a") == [second]
        assert shadow.cases(transaction, "b") == []
