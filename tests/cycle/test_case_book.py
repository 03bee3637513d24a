"""The optimizer's cases are kept with their answers, and come back as they were."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.between import LiveMove, weigh_live
from drumbeat.agents.improving.case import ImprovementCase
from drumbeat.agents.optimizer import Optimizer
from drumbeat.agents.refusal import Refusal
from drumbeat.cycle import case_book
from drumbeat.cycle.case_book import Answer
from drumbeat.store import settings
from drumbeat.store.database import Database, sqlite_url
from tests.agents.desk import improvement_case
from tests.agents.test_allocation import line, past
from tests.agents.test_between import STRONG, WEAK

LINES = (line("visitors", 100, history=past(1.5, 1)), line("leads", 90, history=past(0.4, 2)))
DAY = timedelta(days=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(sqlite_url(tmp_path / "book.db"), durable=False)
    opened.migrate()
    yield opened
    opened.close()


def reviewed(database: Database, case: ImprovementCase) -> Answer:
    answer = case_book.answer_of(Optimizer().improve(case))
    with database.write() as transaction:
        case_book.keep(transaction, case, answer)
    return answer


def test_a_case_comes_back_as_it_was_and_gets_the_same_answer(database: Database) -> None:
    case = improvement_case(lines=LINES, under_test=frozenset({"line_item:evergreen/other"}))
    answer = reviewed(database, case)
    assert len(answer.changes) == 2
    assert answer.told.startswith("Change a daily budget: evergreen/leads: daily budget EUR ")
    with database.read() as connection:
        ((kept, again),) = case_book.reviews(connection, case.cycle)
        assert not case_book.is_news(connection, case.cycle, answer)
    assert again == case
    assert kept.answer == answer == case_book.answer_of(Optimizer().improve(again))


def test_the_last_reviews_that_changed_something_stay_beside_the_last_that_did_not(
    database: Database,
) -> None:
    case = improvement_case(lines=LINES)
    calm = improvement_case(lines=LINES[:1])
    for day in range(4):
        reviewed(database, replace(case, now=case.now + day * DAY))
        reviewed(database, replace(calm, now=case.now + day * DAY + DAY / 2))
    reviewed(database, replace(calm, now=case.now + 3 * DAY + DAY / 2))  # after a crash
    with database.read() as connection:
        kept = [one for one, _ in case_book.reviews(connection, case.cycle)]
    assert [(one.at - case.now) / DAY for one in kept] == [2.0, 2.5, 3.0, 3.5]
    assert [bool(one.answer.changes) for one in kept] == [True, False, True, False]


def test_a_case_this_version_cannot_read_is_left_out(database: Database) -> None:
    case = improvement_case(lines=LINES)
    reviewed(database, case)
    with database.write() as transaction:
        book = settings.get(transaction, f"cases:{case.cycle}")
        book["cases"][0]["case"] = {"campaign": "evergreen", "wheels": 4}
        settings.put(transaction, f"cases:{case.cycle}", book)
        assert case_book.reviews(transaction, case.cycle) == ()


def test_what_was_weighed_between_campaigns_comes_back(database: Database) -> None:
    found = weigh_live((STRONG, WEAK))
    assert isinstance(found, LiveMove)
    answer = case_book.answer_of(found)
    with database.write() as transaction:
        case_book.keep_between(transaction, (STRONG, WEAK), answer, improvement_case().now)
        ((kept, campaigns),) = case_book.between(transaction)
    assert campaigns == (STRONG, WEAK)
    assert kept.answer == case_book.answer_of(weigh_live(campaigns))
    assert len(kept.answer.changes) == 3


def test_no_change_is_an_answer_with_its_reason() -> None:
    held = case_book.answer_of(Hold(reason="within noise", text="nothing"))
    assert (held.changes, held.told) == ((), "within noise")
    found = Optimizer().improve(improvement_case(lines=LINES, data_problems=("no click window",)))
    assert isinstance(found, Refusal)
    assert "no click window" in case_book.answer_of(found).told
