"""A process killed in the middle of a send: nobody gets two mails, the rest get theirs, and of
whom nobody can say is counted."""

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
    ("moment", "taken", "left", "receipt"),
    [
        pytest.param("on_recipient", 4, {"sent": 4}, "12 sent", id="before-the-mail-itself"),
        pytest.param(
            "on_taken", 5, {"sent": 4, "claimed": 1}, "11 sent, 1 unclear",
            id="between-hand-over-and-note",
        ),
    ],
)  # fmt: skip
def test_a_kill_in_the_middle_doubles_and_loses_nobody(
    office: PostOffice, moment: str, taken: int, left: dict[str, int], receipt: str
) -> None:
    office.list_of(crowd(READERS))
    killer = Killer("reader-5@readers.example")
    setattr(office.server, moment, killer)
    with start(office) as killer.process:
        killer.process.wait(timeout=60)
    assert killer.process.returncode == -signal.SIGKILL
    assert len(office.server.taken) == taken
    assert office.counts() == left

    setattr(office.server, moment, lambda recipient: None)
    done = office.deliver()
    assert (done.outcome, done.detail) == (Outcome.DONE, receipt)
    assert done.in_doubt == left.get("claimed", 0)
    # Everybody has one. Of the one in doubt we cannot know it, so they are not written to again.
    assert Counter(office.server.recipients) == dict.fromkeys(_everybody(), 1)
    assert office.deliver().detail == f"sent before: {receipt}"


def _everybody() -> list[str]:
    return [f"reader-{n}@readers.example" for n in range(1, READERS + 1)]


def test_a_send_that_is_not_killed_says_what_it_did(office: PostOffice) -> None:
    office.list_of(crowd(READERS))
    with start(office) as process:
        said, _ = process.communicate(timeout=60)
    assert said.strip() == "12 sent"
    assert office.deliver().detail == "sent before: 12 sent"
    assert len(office.server.taken) == READERS
