"""The week's report and its page say what was added, or that nobody can tell and why."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drumbeat.app.added import added
from drumbeat.app.compose import open_app
from drumbeat.app.weekly import weekly
from drumbeat.core.operations.reading import Reading
from drumbeat.core.operations.review_report import as_markdown
from drumbeat.engine.clock import VirtualClock
from drumbeat.files.scaffold import init
from drumbeat.store import readings

NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)
NEWSLETTER, ADS, SOCIAL = "weekly-newsletter", "retargeting-evergreen", "social-calendar"


def mailed(orders: dict[str, tuple[int, int]]) -> list[Reading]:
    """Twelve mails: people and orders of a week by arm."""
    found = []
    for week in range(12):
        since = NOW.replace(hour=0) - timedelta(weeks=12 - week)
        for arm, (people, sold) in orders.items():
            for metric, value in (("reach", people), ("orders", sold), ("revenue", sold * 5_000)):
                found.append(
                    Reading(metric=metric, target=f"send:{NEWSLETTER}/c{week}", since=since,
                            until=since + timedelta(days=1), as_of=NOW, value=value,
                            source="shop", currency="EUR", dimensions={"arm": arm})
                )  # fmt: skip
    return found


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    init(tmp_path / "shop", NOW.date(), "default")
    return tmp_path / "shop"


def test_what_mail_added_is_in_the_report(workspace: Path) -> None:
    app = open_app(workspace, clock=VirtualClock(NOW))
    sold = mailed({"a": (4_000, 120), "usual": (500, 14), "hold_out": (500, 5)})
    with app.database.write() as transaction:
        readings.save(transaction, {one.target: NEWSLETTER for one in sold}, sold)
    told = as_markdown(weekly(app))
    (first, *_) = added(app, NEWSLETTER, NOW)
    app.close()
    assert first.is_known
    assert first.total is not None
    assert first.total[0] > 0
    assert "| weekly-newsletter | conversions | nothing | +9" in told
    assert "no system says by arm whose leads they were" in told


def test_nothing_measured_is_unknown_with_its_reason(workspace: Path) -> None:
    app = open_app(workspace, clock=VirtualClock(NOW))
    found = {name: added(app, name, NOW) for name in (NEWSLETTER, ADS, SOCIAL)}
    app.close()
    assert {one.total for one in (*found[NEWSLETTER], *found[ADS])} == {None}
    assert {one.reason for one in found[ADS]} == {"no region goes without these ads yet"}
    assert found[SOCIAL] == ()
