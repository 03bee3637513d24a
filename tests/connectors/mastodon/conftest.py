from collections.abc import Iterator
from pathlib import Path

import pytest

from drumbeat.testing.harness import set_stage
from tests.connectors.mastodon.account import MastodonAccount
from tests.connectors.mastodon.harness import KeylessHarness


@pytest.fixture
def account(tmp_path: Path) -> Iterator[MastodonAccount]:
    harness = KeylessHarness()
    with set_stage(harness, tmp_path) as stage:
        yield MastodonAccount(stage, harness.peer.server)
