"""Demo site: what a person sees who runs the demo for five weeks and then waits for a decision."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from drumbeat.app.approver import ScriptedApprover
from drumbeat.app.demo import Demo, open_demo, prepare, run_headless
from drumbeat.app.live_demo import LiveDemo
from drumbeat.app.pages.services import demo_services, web_settings
from drumbeat.engine.inline import Inline
from drumbeat.store import experiments, proposals
from drumbeat.web.application import create_app
from tests.web.serving import serving

SEED, WEEKS = 7, 5
MAIL, ADS = "weekly-newsletter", "retargeting-evergreen"
# People answer until Thursday noon: what is asked after it waits when the pictures are taken.
_ANSWERED = timedelta(days=3, hours=6)
_STRIDE = timedelta(hours=1)


@dataclass(frozen=True)
class DemoSite:
    """The same every time: the market and its people are seeded, and time stands still."""

    demo: Demo
    address: str

    def until_asked(self, campaign: str) -> None:
        """Let time pass, with nobody answering, until this campaign's launch waits for people."""
        inline = Inline(self.demo.app.work, self.demo.clock)
        while f"launch of {campaign}" not in self._waiting():
            inline.run_until(self.demo.clock.now() + _STRIDE)

    def paths(self) -> dict[str, str]:
        """The screens that documents show."""
        asked = self._waiting()
        with self.demo.app.database.read() as connection:
            tests = experiments.every(connection)
        shown = next(t for t in tests if t.experiment.campaign == MAIL)
        return {
            "today": "/today",
            "inbox": f"/inbox/{asked.get(f'launch of {ADS}', '')}",
            "inbox-mail": f"/inbox/{asked.get(f'launch of {MAIL}', '')}",
            "campaign": f"/campaigns/{ADS}",
            "calendar": "/calendar",
            "experiment": f"/experiments/{shown.experiment.id}",
            "review": "/review",
            "autonomy": "/autonomy",
        }

    def _waiting(self) -> dict[str, str]:
        """The launches that wait, and their proposals."""
        with self.demo.app.database.read() as connection:
            found = proposals.waiting(connection)
        return {
            f"launch of {one.proposal.action.campaign}": one.proposal.id
            for one in found
            if one.proposal.action.kind == "campaign.launch"
        }


@contextmanager
def demo_site(folder: Path) -> Iterator[DemoSite]:
    """Play the weeks, serve what came of them, on this machine only."""
    prepare(folder, SEED)
    demo = open_demo(folder, SEED)
    run_headless(demo, WEEKS)
    answering = Inline(demo.app.work, demo.clock, idle=ScriptedApprover(demo.app.gate, demo.seed))
    answering.run_until(demo.clock.now() + _ANSWERED)
    page = create_app(demo_services(_at_rest(demo), "127.0.0.1"), web_settings(demo.app))
    with serving(page, "critical") as port:
        yield DemoSite(demo, f"http://127.0.0.1:{port}")
    demo.app.close()


def _at_rest(demo: Demo) -> LiveDemo:
    """Past its first weeks, with a clock that stands."""
    live = LiveDemo(demo, 0)
    live.start()
    while live.is_playing_the_past:
        time.sleep(0.01)
    live.stop()
    return live
