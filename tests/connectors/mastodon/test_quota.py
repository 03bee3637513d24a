"""What a server says of its own limits, and what it does not say."""

from datetime import UTC, datetime

import httpx
import pytest

from drumbeat.connectors.contract import Quota
from drumbeat.connectors.mastodon.api import Api

RESET = datetime(2026, 9, 14, 10, 5, tzinfo=UTC)
LIMITS = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "42"}


@pytest.mark.parametrize(
    ("headers", "quota"),
    [
        pytest.param({}, None, id="not told"),
        pytest.param(LIMITS, Quota(used=258, limit=300, unit="calls"), id="without a reset"),
        pytest.param(
            {**LIMITS, "X-RateLimit-Reset": RESET.isoformat()},
            Quota(used=258, limit=300, unit="calls", resets_at=RESET),
            id="with a reset",
        ),
        pytest.param({**LIMITS, "X-RateLimit-Limit": "many"}, None, id="no number"),
        pytest.param({**LIMITS, "X-RateLimit-Limit": "0"}, None, id="a limit of nothing"),
    ],
)
def test_the_quota_is_what_the_server_told_last(
    headers: dict[str, str], quota: Quota | None
) -> None:
    said = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": "1"}, headers=headers))
    api = Api("https://social.example", "token", said)
    api.account()
    assert api.quota == quota
    assert quota is None or quota.share == 258 / 300


def test_nothing_is_known_before_the_first_answer() -> None:
    api = Api("https://social.example", "token", httpx.MockTransport(lambda _: httpx.Response(200)))
    assert api.quota is None
