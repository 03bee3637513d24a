"""Posts end to end: through the gate, with answers lost on the way."""

from datetime import timedelta

import pytest

from drumbeat.store.effects import EffectStatus
from tests.connectors.gated import Gated, gated
from tests.connectors.mastodon.account import MastodonAccount
from tests.connectors.mastodon.fake_server import Fault
from tests.connectors.mastodon.pieces import post


@pytest.fixture
def world(account: MastodonAccount) -> Gated:
    return gated(account.stage)


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param([Fault.HANG_UP_AFTER], id="lost-answer"),
        pytest.param([Fault.ERROR_AFTER], id="500-after-commit"),
        pytest.param([Fault.NONSENSE_AFTER], id="nonsense-after-commit"),
        pytest.param([Fault.HANG_UP_BEFORE], id="lost-call"),
        pytest.param([Fault.HANG_UP_BEFORE, Fault.ERROR_AFTER], id="lost-call-then-answer"),
        pytest.param([Fault.BUSY, Fault.BUSY], id="busy"),
    ],
)
@pytest.mark.parametrize("ahead", [timedelta(), timedelta(days=1)], ids=["now", "tomorrow"])
def test_whatever_is_lost_there_is_one_post(
    account: MastodonAccount, world: Gated, faults: list[str], ahead: timedelta
) -> None:
    account.server.faults = list(faults)
    judged = world.ask(account.action(post(account.stage.now + ahead)))
    for _ in range(6):
        world.pass_time(minutes=5)
    assert world.status(judged) is EffectStatus.DONE
    assert len(account.server.trace) == 1


def test_a_post_is_taken_back_through_the_gate(account: MastodonAccount, world: Gated) -> None:
    world.ask(account.action(post(account.stage.now + timedelta(days=1))))
    world.pass_time(minutes=0)
    state = account.read()
    assert state is not None
    judged = world.ask(account.action(None).revised(before=state.state))
    world.pass_time(minutes=0)
    assert world.status(judged) is EffectStatus.DONE
    assert account.server.scheduled == []
