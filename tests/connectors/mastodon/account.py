"""An account on a server that ignores keys, as the tests drive it."""

from dataclasses import dataclass, field
from datetime import timedelta

from drumbeat.connectors.contract import MetricsQuery, RemoteState
from drumbeat.core.campaign.objects import Post
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.receipt import Receipt
from drumbeat.core.operations.reading import Reading
from drumbeat.testing.harness import Sample, Stage
from tests.connectors.mastodon.fake_server import FakeServer
from tests.connectors.mastodon.pieces import TARGET, post


@dataclass
class MastodonAccount:
    """``publish`` under one permit number is the next attempt at the same change."""

    stage: Stage
    server: FakeServer
    attempts: dict[str, int] = field(default_factory=dict)

    def action(self, wanted: Post | None, target: str = TARGET) -> Action:
        kind = "social.delete_post" if wanted is None else "social.schedule_post"
        after = None if wanted is None else wanted.model_dump(mode="json")
        return self.stage.action(Sample(kind, target, lambda now: after))

    def publish(
        self, wanted: Post | None = None, number: str = "pmt-post", target: str = TARGET
    ) -> Receipt:
        post_ = wanted if wanted is not None else post(self.stage.start)
        return self._apply(self.action(post_, target), number)

    def delete(self, number: str = "pmt-delete", target: str = TARGET) -> Receipt:
        return self._apply(self.action(None, target), number)

    def find(self, number: str = "pmt-post", target: str = TARGET) -> RemoteState | None:
        return self.stage.connector.find(target, number)

    def read(self, target: str = TARGET) -> RemoteState | None:
        return self.stage.connector.read(target)

    def wait(self, **by: float) -> None:
        """Time passes here and on the server, which publishes what is due."""
        self.stage.place.clock.advance(timedelta(**by))
        self.server.run_schedules()

    def metrics(self) -> dict[str, Reading]:
        now = self.stage.now
        query = MetricsQuery(targets=(TARGET,), since=now, until=now, as_of=now)
        return {reading.metric: reading for reading in self.stage.connector.metrics(query)}

    def _apply(self, action: Action, number: str) -> Receipt:
        attempt = self.attempts[number] = self.attempts.get(number, 0) + 1
        return self.stage.apply(action, number, attempt)
