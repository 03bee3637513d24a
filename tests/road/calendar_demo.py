"""A demo of one campaign that begins on any day and recurs at any hour."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from drumbeat.app.approver import ScriptedApprover
from drumbeat.app.compose import open_app
from drumbeat.cycle.desk import Office
from drumbeat.engine.clock import VirtualClock
from drumbeat.engine.inline import Inline
from drumbeat.files.scaffold import init

SEED = 7
KEY = b"a key that only tests know"
NEWS = "weekly-newsletter"
ADS = "retargeting-evergreen"


def only(folder: Path, campaign: str, begins: datetime) -> Path:
    """Its workspace, moved to that week, the market opened that day; gives the file."""
    init(folder, begins.date(), "demo")
    for file in (folder / "campaigns").glob("*.yaml"):
        if file.stem != campaign:
            file.unlink()
    for channel in ("email", "ads", "social"):
        edit(
            folder / "drumbeat.yaml",
            f"settings: {{channel: {channel}",
            f"settings: {{start: '{begins.isoformat()}', channel: {channel}",
        )
    return folder / "campaigns" / f"{campaign}.yaml"


def edit(file: Path, before: str, after: str) -> None:
    """Replace what must be there."""
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def run(folder: Path, begins: datetime, days: float) -> None:
    """Let it run, with people played by the script."""
    with living(folder, begins) as (_, go_on):
        go_on(days)


@contextmanager
def living(folder: Path, begins: datetime) -> Iterator[tuple[Office, Callable[[float], object]]]:
    """The workspace while it runs, and what lets it go on until so many days after its start."""
    clock = VirtualClock(begins)
    app = open_app(folder, clock=clock, durable=False, key=KEY)
    app.work.start()
    approver = ScriptedApprover(app.gate, SEED)
    inline = Inline(app.work, clock, idle=approver, strict=True)
    yield app.office, lambda days: inline.run_until(begins + timedelta(days=days))
    app.close()
