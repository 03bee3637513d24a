"""Work shared by processes comes back in order, and whatever ends it ends here as well."""

import multiprocessing
import os

import pytest

from drumbeat.cli.exits import Failure
from drumbeat.cli.spread import over


def half(number: int) -> int:
    if number == 7:
        raise ValueError("seven has no half")
    if number == 9:
        os._exit(1)
    return number // 2


def test_results_come_in_the_order_of_the_tasks() -> None:
    assert list(over(2)(half, [8, 2, 6, 4, 0])) == [4, 1, 3, 2, 0]
    assert not multiprocessing.active_children()


def test_what_a_task_raises_is_raised_in_its_place() -> None:
    results = over(2)(half, [8, 2, 7, 4])
    assert [next(results), next(results)] == [4, 1]
    with pytest.raises(ValueError, match="seven"):
        next(results)
    assert not multiprocessing.active_children()


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(Failure, match="ended before"):
        list(over(2)(half, [8, 9]))
