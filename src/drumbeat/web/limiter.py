"""Limiter: how often one key may try in a while; for signing in."""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

_KEYS = 10_000


class Limiter:
    """At most ``limit`` tries a key in ``window``. It remembers 10,000 keys and forgets the
    oldest, so that strangers cannot fill the memory."""

    def __init__(self, limit: int, window: timedelta) -> None:
        self._limit = limit
        self._window = window
        self._tries: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: str, now: datetime) -> timedelta | None:
        """Count a try; None when it may go on, else how long until the next may."""
        with self._lock:
            recent = [at for at in self._tries.pop(key, []) if now - at < self._window]
            refused = len(recent) >= self._limit
            self._tries[key] = recent if refused else [*recent, now]
            while len(self._tries) > _KEYS:
                self._tries.popitem(last=False)
            return self._window - (now - recent[0]) if refused else None

    def forget(self, key: str) -> None:
        """A success clears the key's tries."""
        with self._lock:
            self._tries.pop(key, None)
