"""`drumbeat demo`: three recurring campaigns in a simulated market, on a fast clock."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.interrupts import INTERRUPTS
from drumbeat.cli.options import telling_of_the_database
from drumbeat.cli.output import data, is_terminal, say, table

if TYPE_CHECKING:
    from drumbeat.app.demo import Demo
    from drumbeat.app.summary import Summary


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--headless", is_flag=True, help="No page; people are played by a script.")
@click.option("--weeks", default=12, show_default=True, type=click.IntRange(1, 520))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Of a new demo; 7 if not said.")
@click.option("--json", "as_json", is_flag=True, help="The headless summary as JSON.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Where the page listens.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--speed", type=click.IntRange(0, 86_400), help="Virtual seconds a real second.")
def demo_command(
    folder: Path | None,
    headless: bool,
    weeks: int,
    seed: int | None,
    as_json: bool,
    port: int | None,
    host: str,
    speed: int | None,
) -> int:
    """Run a coffee roaster's newsletter, retargeting and social calendar.

    FOLDER keeps the workspace (default: a temporary one); running it again goes on where it
    stopped. Nothing leaves this machine.
    """
    if as_json and not headless:
        raise Failure("--json shows what --headless sums up: say both", Exit.INVALID)
    # The workspace of a demo that is told to end must not be left behind.
    INTERRUPTS.listen_to_terminations()
    with tempfile.TemporaryDirectory(prefix="drumbeat-demo-") as temporary:
        demo = _opened(folder or Path(temporary), seed)
        try:
            if headless:
                with telling_of_the_database():
                    return _run_headless(demo, weeks, as_json)
            return _run_live(demo, host, port, speed)
        finally:
            demo.app.close()


def _opened(folder: Path, seed: int | None) -> "Demo":
    from drumbeat.app.compose import CannotOpen
    from drumbeat.app.demo import NoDemo, open_demo, ready
    from drumbeat.engine.lock import DatabaseInUse
    from drumbeat.files.load import WorkspaceInvalid
    from drumbeat.store.database import DatabaseUnusable

    try:
        with telling_of_the_database():
            return open_demo(folder, ready(folder, seed))
    except (NoDemo, CannotOpen, WorkspaceInvalid) as error:
        raise Failure(str(error), Exit.INVALID) from error
    except (DatabaseInUse, DatabaseUnusable) as error:
        raise Failure(str(error)) from error


def _run_headless(demo: "Demo", weeks: int, as_json: bool) -> int:
    from drumbeat.app.demo import run_headless

    if is_terminal():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task(f"{weeks} weeks", total=1.0)

            def tell(done: float) -> None:
                INTERRUPTS.raise_if_any()
                progress.update(task, completed=done)

            summary = run_headless(demo, weeks, tell)
    else:
        summary = run_headless(demo, weeks, lambda _: INTERRUPTS.raise_if_any())
    if as_json:
        data("demo", summary.model_dump(mode="json"))
    else:
        _show(summary)
    return Exit.OK


def _run_live(demo: "Demo", host: str, port: int | None, speed: int | None) -> int:
    from drumbeat.app.live_demo import DEFAULT_SPEED, LiveDemo
    from drumbeat.app.pages.services import demo_services, web_settings
    from drumbeat.app.server import PortTaken, free_port, serve
    from drumbeat.web.application import create_app

    try:
        found = free_port(host, port)
    except PortTaken as error:
        raise Failure(str(error)) from error
    pace = DEFAULT_SPEED if speed is None else speed
    live = LiveDemo(demo, pace)
    page = create_app(demo_services(live, host), web_settings(demo.app))
    live.start()
    say(f"Drumbeat's demo runs at http://{host}:{found}  (workspace: {demo.app.home})")
    say(f"{_pace(pace)}; time slows down while something waits. Ctrl-C ends it.")
    try:
        serve(page, host, found)
    finally:
        live.stop()
    return Exit.OK


def _show(summary: "Summary") -> None:
    for campaign in summary.campaigns:
        click.echo(f"\n{campaign.title} ({campaign.campaign})")
        rows = [
            [
                f"#{cycle.number}",
                cycle.occurrence_at[:10],
                f"{cycle.theme} / {cycle.angle}",
                str(cycle.launched),
                str(cycle.spent),
                str(cycle.earned),
                f"{cycle.status}: {cycle.outcome}",
            ]
            for cycle in campaign.cycles
        ]
        table(["Cycle", "Due", "Planned", "Launched", "Spent", "Earned", "Learned"], rows)
    for title, lines in (("Escalations", summary.escalations), ("Held steady", summary.holds)):
        click.echo(f"\n{title}: {len(lines)}")
        for line in lines:
            click.echo(f"  {line.at[:16]}  {line.campaign or 'workspace'}: {line.text}")
    click.echo(f"\n{summary.entries:,} ledger entries, head {summary.head}")


def _pace(speed: int) -> str:
    """How fast the demo's clock runs, in words."""
    if speed == 0:
        return "The clock stands still until somebody starts it"
    if speed == 1:
        return "The clock runs in real time"
    for size, word in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if speed >= size:
            count = speed / size
            said = f"{count:g} {word}" if count != 1 else f"One {word[:-1]}"
            return f"{said} pass{'es' if count == 1 else ''} every second"
    return f"{speed} seconds pass every second"
