"""A process killed in the middle of a send: nobody gets two mails, and the rest get theirs."""

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from drumbeat.core.governance.receipt import Outcome
from tests.connectors.smtp.pieces import crowd
from tests.connectors.smtp.post_office import PostOffice

REPOSITORY = Path(__file__).parents[3]
READERS = 12


class Killer:
    """Kills the sender when it comes to a given contact."""

    def __init__(self, at: str) -> None:
        self.at = at
        self.process: subprocess.Popen[str] | None = None

    def __call__(self, recipient: str) -> None:
        if recipient == self.at and self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


def start(office: PostOffice) -> subprocess.Popen[str]:
    action = office.fixed(None, "pmt-mail")
    permit = office.stage.permit(action, "pmt-mail", attempt=1)
    office.attempts["pmt-mail"] = 1
    job = {
        "now": office.stage.now.isoformat(),
        "settings": dict(office.stage.peer.settings),
        "action": action.model_dump(mode="json"),
        "permit": permit.model_dump(mode="json"),
    }
    home = office.stage.place.home
    (home / "job.json").write_text(json.dumps(job), encoding="utf-8")
    command = [sys.executable, "-m", "tests.connectors.smtp.sender", str(home)]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("moment", "lost"),
    [
        pytest.param("on_recipient", 1, id="between-claim-and-hand-over"),
        pytest.param("on_taken", 0, id="between-hand-over-and-note"),
    ],
)
def test_a_kill_in_the_middle_doubles_nobody_and_the_rest_follow(
    office: PostOffice, moment: str, lost: int
) -> None:
    office.list_of(crowd(READERS))
    killer = Killer("reader-5@readers.example")
    setattr(office.server, moment, killer)
    with start(office) as killer.process:
        killer.process.wait(timeout=60)
    assert killer.process.returncode == -signal.SIGKILL
    assert len(office.server.taken) == 5 - lost
    assert office.counts() == {"sent": 4, "claimed": 1}

    setattr(office.server, moment, lambda recipient: None)
    assert office.deliver().outcome is Outcome.DONE
    assert set(Counter(office.server.recipients).values()) == {1}
    # At most once: the one in doubt is not written to again.
    assert len(office.server.taken) == READERS - lost
    assert office.counts() == {"sent": READERS - 1, "claimed": 1}


def test_a_send_that_is_not_killed_says_what_it_did(office: PostOffice) -> None:
    office.list_of(crowd(READERS))
    with start(office) as process:
        said, _ = process.communicate(timeout=60)
    assert said.strip() == "12 sent"
    assert office.deliver().detail == "sent before: 12 sent"
    assert len(office.server.taken) == READERS
