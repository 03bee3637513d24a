"""Demo: a workspace in a simulated market, on a virtual clock, seeded from end to end."""

import gc
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files as package_files
from pathlib import Path

from drumbeat.app.anchor import write_anchor
from drumbeat.app.approver import ScriptedApprover
from drumbeat.app.compose import App, open_app
from drumbeat.app.market_mail import MarketMail
from drumbeat.app.running import publish_clock
from drumbeat.app.summary import Summary, summarize
from drumbeat.engine.clock import VirtualClock
from drumbeat.engine.inline import Inline
from drumbeat.engine.lock import DatabaseLock
from drumbeat.files.atomic import write_text
from drumbeat.files.scaffold import init

# A Monday morning in Berlin; the template's own dates were written for that week.
START = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
_SCENARIO = "scenarios/demo.yaml"
# What tells a demo's folder from everybody else's.
_MARK = Path(".drumbeat") / "demo.json"
_SEED = 7
# The market moves by the hour; months of it are looked at twice a day, and more often where
# something has just gone out.
_CALM_HOURS = 12


@dataclass(frozen=True)
class Demo:
    """A demo workspace, opened: the app and the clock that drives it."""

    app: App
    clock: VirtualClock
    seed: int


class NoDemo(Exception):
    """The folder is somebody's own, or holds another demo; the message says what to do."""


def ready(folder: Path, seed: int | None) -> int:
    """See that the folder holds a demo, written now where it is new or empty, and give its seed.

    A demo plays people and runs on a clock of its own, so it goes nowhere near a real workspace.
    Raises NoDemo, and OSError where the disk refuses.
    """
    if not folder.exists() or not any(folder.iterdir()):
        prepare(folder, _SEED if seed is None else seed)
    try:
        made = int(json.loads((folder / _MARK).read_text(encoding="utf-8"))["seed"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoDemo(f"{folder} holds something else; give the demo a folder of its own") from error
    if seed is not None and seed != made:
        text = f"the demo in {folder} has seed {made}; leave --seed out, or choose another folder"
        raise NoDemo(text)
    return made


def prepare(folder: Path, seed: int) -> None:
    """Write the demo workspace: the scaffold, live connections, and a market of this seed.

    Raises FolderTaken where files stand in the way, OSError where the disk refuses.
    """
    init(folder, START.date(), "demo")
    text = (package_files("drumbeat.app") / "demo_scenario.yaml").read_text(encoding="utf-8")
    write_text(folder / _SCENARIO, text)
    root = folder / "drumbeat.yaml"
    market = f"seed: {seed}, scenario: {_SCENARIO}, start: {START.isoformat()!r}"
    declared = root.read_text(encoding="utf-8")
    for channel in ("email", "ads", "social"):
        declared = declared.replace(
            f"settings: {{channel: {channel}", f"settings: {{{market}, channel: {channel}"
        )
    write_text(root, declared)
    write_text(folder / _MARK, json.dumps({"seed": seed}))


def open_demo(folder: Path, seed: int, *, durable: bool = False) -> Demo:
    """Open a prepared demo; one that ran before goes on where it stopped.

    Raises DatabaseInUse while another process runs it: two clocks on one story are two stories.
    """
    lock = DatabaseLock(folder.resolve() / "drumbeat.db")
    lock.acquire()
    try:
        return _opened(folder, seed, durable, lock)
    except BaseException:
        lock.release()
        raise


def _opened(folder: Path, seed: int, durable: bool, lock: DatabaseLock) -> Demo:
    clock = VirtualClock(START)
    key = hashlib.sha256(f"drumbeat demo {seed}".encode()).digest()
    app = replace(
        open_app(folder, clock=clock, durable=durable, key=key, calm_hours=_CALM_HOURS), lock=lock
    )
    clock.reach(_stopped_at(app))
    app.work.start()
    return Demo(app, clock, seed)


def run_headless(
    demo: Demo, weeks: int, progress: Callable[[float], None] | None = None
) -> Summary:
    """Run ``weeks`` of virtual time with scripted people; ``progress`` gets the share done."""
    begin, end = START, START + timedelta(weeks=weeks)
    approver = ScriptedApprover(demo.app.gate, demo.seed)
    mail = MarketMail(demo.app)

    def idle(now: datetime) -> datetime | None:
        times = [at for at in (approver(now), mail.deliver(now)) if at is not None]
        return min(times, default=None)

    def tell(now: datetime) -> None:
        if progress is not None:
            progress(min(1.0, (now - begin) / (end - begin)))

    _collect_rarely()
    Inline(demo.app.work, demo.clock, idle=idle).run_until(end, tell)
    # Commands that act on the workspace later live in its time, not in ours.
    publish_clock(demo.app.home, demo.clock)
    with demo.app.database.read() as connection:
        write_anchor(demo.app.home, connection)
    return summarize(demo.app)


def _collect_rarely() -> None:
    """Millions of short-lived records and few cycles among them: looking for those less often
    saves a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _stopped_at(app: App) -> datetime:
    """The virtual moment of the last entry: a restarted demo never travels back."""
    from drumbeat.store import ledger

    with app.database.read() as connection:
        last = ledger.latest(connection, limit=1)
    return last[0].at if last else START
