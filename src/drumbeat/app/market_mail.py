"""Market mail: hands the simulated platforms' webhook calls in at our own door, as they would."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from drumbeat.app.compose import App
from drumbeat.store import settings

# What changes whom we may write to, or needs an ear; opens and clicks come as readings.
KINDS = frozenset({"bounced", "complained", "unsubscribed", "commented"})
_EVERY = timedelta(hours=6)
_MARK = "market-mail"


class Call(Protocol):
    """One webhook call of the market."""

    @property
    def body(self) -> bytes: ...

    @property
    def headers(self) -> Mapping[str, str]: ...


@runtime_checkable
class PostsBack(Protocol):
    """A simulated platform, which can be asked what it would have posted to us."""

    def webhooks(self, since: datetime, until: datetime, kinds: frozenset[str]) -> Iterator[Call]:
        """The signed calls for what happened in a span of time."""
        ...


class MarketMail:
    """Remembers up to when each connection's calls were handed in."""

    def __init__(self, app: App) -> None:
        self._app = app
        with app.database.read() as connection:
            known = settings.get(connection, _MARK)
        self._since = datetime.fromisoformat(known) if known else app.clock.now()

    def deliver(self, now: datetime) -> datetime:
        """Hand in what happened since the last time; returns when to come again."""
        due = self._since + _EVERY
        if now < due:
            return due
        for name, platform in self._app.gate.door.platforms.items():
            if isinstance(platform.connector, PostsBack):
                for call in platform.connector.webhooks(self._since, now, KINDS):
                    self._app.gate.receive(name, call.body, call.headers)
        self._since = now
        with self._app.database.write() as transaction:
            settings.put(transaction, _MARK, now.isoformat())
        return now + _EVERY
