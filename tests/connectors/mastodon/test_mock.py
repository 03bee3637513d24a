"""Against mastodon_mock: the same API as others understand it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.testing.harness import Stage, set_stage
from tests.connectors.mastodon.account import MastodonAccount
from tests.connectors.mastodon.fake_server import FakeServer
from tests.connectors.mastodon.harness import MOCK, MockHarness
from tests.connectors.mastodon.pieces import LINK, TEXT, post


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with set_stage(MockHarness(), tmp_path) as ready:
        yield ready


@pytest.fixture
def mock(stage: Stage) -> MastodonAccount:
    return MastodonAccount(stage, FakeServer(stage.place.clock.now))


def test_the_peer_honours_keys(stage: Stage) -> None:
    """What the name of this peer promises; without it, it would prove no more than the other."""
    headers = {"Idempotency-Key": "one"}
    first, second = (
        MOCK.post("/api/v1/statuses", data={"status": "Hello"}, headers=headers) for _ in range(2)
    )
    assert first["id"] == second["id"]


def test_a_post_arrives_whole(mock: MastodonAccount, stage: Stage) -> None:
    receipt = mock.publish()
    status = MOCK.get(f"/api/v1/statuses/{receipt.ref.removeprefix('status:')}")
    assert status["visibility"] == "public"
    assert MOCK.get(f"/api/v1/statuses/{status['id']}/source")["text"] == f"{TEXT}\n\n{LINK}"
    assert mock.metrics()["engagements"].value == 0


def test_readers_reactions_are_counted(mock: MastodonAccount) -> None:
    receipt = mock.publish()
    number = receipt.ref.removeprefix("status:")
    MOCK.post(f"/api/v1/statuses/{number}/favourite")
    MOCK.post("/api/v1/statuses", data={"status": "Me!", "in_reply_to_id": number})
    told = {name: reading.value for name, reading in mock.metrics().items()}
    assert told == {"engagements": 2, "comments": 1}


def test_too_long_is_a_bad_request(mock: MastodonAccount, stage: Stage) -> None:
    wanted = post(stage.start, text="x" * 600)
    assert not stage.connector.preview(mock.action(wanted)).accepted
    with pytest.raises(ConnectorError) as caught:
        mock.publish(wanted)
    assert caught.value.kind is ErrorKind.BAD_REQUEST
    assert str(caught.value).startswith("422 ")


def test_a_schedule_is_kept_and_taken_back(mock: MastodonAccount, stage: Stage) -> None:
    mock.publish(post(stage.start + timedelta(days=1)))
    assert len(MOCK.get("/api/v1/scheduled_statuses")) == 1
    mock.delete()
    assert MOCK.get("/api/v1/scheduled_statuses") == []


@pytest.mark.parametrize(
    ("effect", "kind"),
    [
        pytest.param({"type": "ratelimit"}, ErrorKind.RETRY_AFTER, id="429"),
        pytest.param({"type": "status", "status": 500}, ErrorKind.UNKNOWN_OUTCOME, id="500"),
        pytest.param({"type": "status", "status": 503}, ErrorKind.UNKNOWN_OUTCOME, id="503"),
        pytest.param({"type": "status", "status": 403}, ErrorKind.AUTH_EXPIRED, id="403"),
        pytest.param({"type": "status", "status": 409}, ErrorKind.CONFLICT, id="409"),
        pytest.param({"type": "malformed"}, ErrorKind.UNKNOWN_OUTCOME, id="malformed"),
    ],
)
def test_a_failure_is_one_of_the_known_kinds(
    mock: MastodonAccount, effect: dict[str, object], kind: ErrorKind
) -> None:
    match = {"methods": ["POST"], "path": "/api/v1/statuses"}
    MOCK.post("/api/v1/_mock/faults", json={"match": match, "effect": effect, "count": 1})
    with pytest.raises(ConnectorError) as caught:
        mock.publish()
    assert caught.value.kind is kind
    mock.publish()
    assert len(stage_trace(mock)) == 1


def stage_trace(mock: MastodonAccount) -> list[str]:
    return list(mock.stage.peer.trace())
