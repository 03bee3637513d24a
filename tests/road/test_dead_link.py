"""A page that is gone stops what leads to it, at the review and again at the launch; once it
answers, what waited goes out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from drumbeat.store import escalations, pages
from tests.road.calendar_demo import edit, only, run
from tests.road.record import Record, said

BEGINS = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
SOCIAL = "social-calendar"
# The review is on Thursday at 10:00 UTC, and a launch once people have answered.
GONE = """\
incidents:
  - {kind: broken_landing_page, after: 0d, lasts: 3d10h}
  - {kind: broken_landing_page, after: 3d12h30m, lasts: 8h, magnitude: 503}
"""


def test_a_dead_link_stops_the_review_and_the_launch_until_the_page_answers(tmp_path: Path) -> None:
    only(tmp_path, SOCIAL, BEGINS)
    (tmp_path / "market.yaml").write_text(GONE, encoding="utf-8")
    edit(
        tmp_path / "drumbeat.yaml", "settings: {start:", "settings: {scenario: market.yaml, start:"
    )
    run(tmp_path, BEGINS, 4.0)
    record = Record(tmp_path)
    stuck = {said(one)["stage"]: said(one)["why"] for one in record.entries("stuck")}
    assert "The page answers 404. Found: https://northbean.example/" in stuck["compliance"]
    assert "The page answers 503. Found: https://northbean.example/" in stuck["launch"]
    (reviewed,), (launched,) = record.entries("reviewed"), record.entries("launched")
    assert f"{reviewed.at:%d %H}" == "10 18", "every four hours until 16:00"
    assert len(said(launched)["live"]) == 12
    assert said(launched)["missing"] == []
    answers = BEGINS + timedelta(days=3, hours=20, minutes=30)
    assert min(one.at for one in record.entries("attempted")) >= answers
    assert launched.at <= answers + timedelta(hours=1), "every hour until 02:30"
    reads = [said(one)["scopes"] for one in record.entries("read") if one.actor == "agent:reviewer"]
    assert len(reads) >= 5
    assert all("landing_pages" in one for one in reads)
    with record.database.read() as connection:
        open_ = [row.text for row in escalations.all_open(connection)]
        kept = pages.of(connection, ["https://northbean.example/stories/paused-refill"])
    assert not [text for text in open_ if "The page answers" in text]
    assert [(one.status, one.title) for one in kept.values()] == [(200, "Paused refill")]
    record.close()
