"""Spread: long work by several processes, its results in order, and none of them left behind.

A pool of the standard library deals tasks one by one, and hangs or complains when it is broken
off while it starts. Here every process has its share from the beginning and a pipe of its own.
"""

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

from drumbeat.cli.exits import Failure

Task = TypeVar("Task")
Result = TypeVar("Result")


def over(count: int) -> Callable[[Callable[[Task], Result], Iterable[Task]], Iterator[Result]]:
    """Like ``map``, by ``count`` processes; what a task raises is raised here in its place.

    Function, tasks and results have to be picklable. Raises Failure when a process is lost.
    """

    def spread(make: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        if count == 1:
            yield from map(make, tasks)
            return
        every = list(tasks)
        context, pipes, processes = get_context("spawn"), [], []
        try:
            for number in range(min(count, len(every))):
                mine, theirs = context.Pipe(duplex=False)
                share = every[number::count]
                process = context.Process(target=_work, args=(make, share, theirs), daemon=True)
                process.start()
                theirs.close()
                pipes.append(mine)
                processes.append(process)
            for number in range(len(every)):
                yield _received(pipes[number % count])
        finally:
            for process in processes:
                process.terminate()
                process.join()

    return spread


def _received(pipe: "Connection[object, Result | Exception]") -> Result:
    try:
        found = pipe.recv()
    except EOFError:
        raise Failure(
            "a process of this command ended before its work did: killed, or out of memory; "
            "--jobs 1 does it in one"
        ) from None
    if isinstance(found, Exception):
        raise found
    return found


def _work(
    make: Callable[[Task], Result],
    tasks: Iterable[Task],
    pipe: "Connection[Result | Exception, object]",
) -> None:
    # Whoever started this process ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for task in tasks:
            pipe.send(make(task))
    except Exception as error:
        with suppress(BrokenPipeError):
            pipe.send(error)
