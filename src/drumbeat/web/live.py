"""Live: tells open pages that something happened, whichever process did it.

Pages do not get news, only the number of the newest thing; they fetch themselves again. One
look at the number serves every open page of this process.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool

_LOOK_SECONDS = 0.05
_BEAT_SECONDS = 15.0
# A stream ends by itself now and then, so that a server that wants to stop is not held for long.
_LIFE_SECONDS = 300.0
# How long after a session's end its open pages may still hear that something happened.
_WELCOME_SECONDS = 2.0


class LiveFeed:
    """``version`` is asked at most every 0.05 s, however many pages are open."""

    def __init__(self, version: Callable[[], int]) -> None:
        self._read = version
        self._lock = asyncio.Lock()
        self._seen = 0
        self._looked_at = float("-inf")

    async def events(self, after: int, is_welcome: Callable[[], bool]) -> AsyncIterator[str]:
        """Server-sent events: ``changed`` with each new number, and a beat while it is quiet.

        ``over`` and the end, once whoever listens ``is_welcome`` no more.
        """
        clock = asyncio.get_running_loop().time
        began = quiet_since = asked_at = clock()
        yield "retry: 500\n\n"
        while clock() - began < _LIFE_SECONDS:
            if clock() - asked_at > _WELCOME_SECONDS:
                asked_at = clock()
                if not await run_in_threadpool(is_welcome):
                    yield "event: over\ndata: signed out\n\n"
                    return
            newest = await self.newest()
            if newest > after:
                after, quiet_since = newest, clock()
                yield f"id: {newest}\nevent: changed\ndata: {newest}\n\n"
            elif clock() - quiet_since > _BEAT_SECONDS:
                quiet_since = clock()
                yield ": still here\n\n"
            await asyncio.sleep(_LOOK_SECONDS)

    async def newest(self) -> int:
        """The number of the newest thing; at most 0.05 s old."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if now - self._looked_at >= _LOOK_SECONDS:
                self._seen = await run_in_threadpool(self._read)
                self._looked_at = now
            return self._seen
