"""Somebody's real exports decide what is planned: an email trial and two months of ads.

The figures that plans cite are computed here once more, from the raw lines of the files.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from drumbeat.app.demo import open_demo, prepare, run_headless
from drumbeat.app.importing import import_history
from drumbeat.core.campaign.audience import Segment
from drumbeat.core.campaign.history import HistoryKind
from drumbeat.core.campaign.plan import Choice, Plan
from drumbeat.files.history.audience import segments_from
from drumbeat.files.history.columns import read_map
from drumbeat.files.history.parse import read_history
from drumbeat.files.history.reader import ImportOptions
from tests.road.record import Record, doubled, lost, said
from tests.road.shared_run import shared_run

_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MAIL = _DATA / "rct" / "hillstrom_russluber.csv"
ADS = _DATA / "online_ads_apr_may.csv"
pytestmark = pytest.mark.skipif(
    not (MAIL.is_file() and ADS.is_file()), reason=f"needs the exports {MAIL} and {ADS}"
)
SEED = 7
WEEKS = 4
# How the trial's customers bought before: what tells its recipients apart.
PEOPLE = ("Multichannel", "Phone", "Web")
MAIL_OPTIONS = ImportOptions(
    columns=read_map(["segment=arm", "channel=segment", "spend=revenue"]), currency="USD"
)
ADS_OPTIONS = ImportOptions(
    columns=read_map(["banner=format", "post_click_sales_amount=revenue", "revenue=-"]),
    currency="EUR",
    year=2025,
)


def lines_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@dataclass(frozen=True)
class Tried:
    """What the trial did in one group of people: computed from its lines."""

    sent: int
    visits: int
    people: int

    @property
    def rate(self) -> str:
        return f"{100 * self.visits / self.sent:.1f}%"


@pytest.fixture(scope="module")
def tried() -> dict[str, Tried]:
    """By group: who got a mail and how many of them came."""
    lines = lines_of(MAIL)
    found = {}
    for group in PEOPLE:
        mine = [line for line in lines if line["channel"] == group]
        mailed = [line for line in mine if line["segment"] != "No E-Mail"]
        visits = sum(int(line["visit"]) for line in mailed)
        found[group.lower()] = Tried(len(mailed), visits, len(mine))
    return found


@pytest.fixture(scope="module")
def ran(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Record]:
    """Four weeks of newsletter and retargeting on nothing but the imported past."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "master")
    record = Record(shared_run(tmp_path_factory, worker, "real-history", _four_weeks))
    yield record
    record.close()


def _four_weeks(folder: Path) -> None:
    prepare(folder, SEED)
    _forget(folder)
    _address(folder, segments_from(read_history(MAIL, HistoryKind.EMAIL, MAIL_OPTIONS).rows,
                                   ("segment",)))  # fmt: skip
    demo = open_demo(folder, SEED)
    import_history(demo.app, MAIL, HistoryKind.EMAIL, MAIL_OPTIONS, "jon")
    import_history(demo.app, ADS, HistoryKind.ADS, ADS_OPTIONS, "jon")
    run_headless(demo, WEEKS)
    demo.app.close()


def _forget(folder: Path) -> None:
    """Take the workspace's own made-up past away, and the campaign that is not looked at."""
    (folder / "campaigns" / "social-calendar.yaml").unlink()
    for kind, connection in (("email", "house-mail"), ("ads", "ads-account")):
        (folder / "data" / "history" / f"{kind}.csv").unlink()
        for file in (folder / "campaigns").glob("*.yaml"):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(f"data/history/{kind}.csv", connection), encoding="utf-8")


def _address(folder: Path, found: tuple[Segment, ...]) -> None:
    """Make the trial's people the newsletter's audience, in the files and in the market."""
    ids = {segment.id: segment.id.removeprefix("segment-") for segment in found}
    file = folder / "data" / "segments.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    for one in found:
        content["segments"].append(
            {
                "id": ids[one.id],
                "name": one.name,
                "description": one.description,
                "stage": "customer",
                "rule": [{"field": "channel", "is": ids[one.id]}],
                "truths": list(one.truths),
                "size": one.size,
            }
        )
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    campaign = folder / "campaigns" / "weekly-newsletter.yaml"
    text = campaign.read_text(encoding="utf-8")
    campaign.write_text(
        text.replace(
            "[new-subscribers, warm-leads, loyal-customers, occasional-buyers]",
            f"[{', '.join(ids.values())}]",
        ),
        encoding="utf-8",
    )
    scenario = folder / "scenarios" / "demo.yaml"
    shares = ", ".join(f"{ids[one.id]}: {one.size}" for one in found)
    scenario.write_text(
        f"{scenario.read_text(encoding='utf-8')}segments: {{{shares}}}\n", encoding="utf-8"
    )


def plan_of(record: Record, campaign: str, number: int = 0) -> Plan:
    return Plan.model_validate(record.document(record.cycles(campaign)[number].id, "plan"))


def cited(choice: Choice) -> dict[str, str]:
    """What a choice cites: the sentence, and where it can be looked up."""
    return {one.text: one.source for one in choice.citations}


def test_the_audience_is_ordered_by_what_the_trial_showed(
    ran: Record, tried: dict[str, Tried]
) -> None:
    audience = plan_of(ran, "weekly-newsletter").audience
    by_rate = sorted(tried, key=lambda group: -tried[group].visits / tried[group].sent)
    assert audience.include == tuple(by_rate)
    assert audience.expected_size == sum(one.people for one in tried.values()) == 64_000


def test_the_audience_cites_the_trials_own_rates(ran: Record, tried: dict[str, Tried]) -> None:
    told = cited(plan_of(ran, "weekly-newsletter").audience)
    figures = {
        f"segment {group}: visits per delivered {one.rate} over {one.sent:,} delivered"
        for group, one in tried.items()
    }
    assert figures <= told.keys()
    assert {told[figure] for figure in figures} == {"history/email undated"}


def test_the_segments_truths_are_the_trials_figures(tried: dict[str, Tried]) -> None:
    rows = read_history(MAIL, HistoryKind.EMAIL, MAIL_OPTIONS).rows
    for one in segments_from(rows, ("segment",)):
        mine = tried[one.id.removeprefix("segment-")]
        share = 100 * mine.visits / mine.sent
        assert one.size == mine.people
        assert one.truths[0] == f"{share:.2f}% visits of {mine.sent:,} who got a mail."


def test_the_flight_cites_what_past_flights_cost(ran: Record) -> None:
    plan = plan_of(ran, "retargeting-evergreen")
    told = {text: source for line in plan.lines for text, source in cited(line).items()}
    spend: defaultdict[str, Fraction] = defaultdict(Fraction)
    bought: defaultdict[str, int] = defaultdict(int)
    for line in lines_of(ADS):
        spend[line["campaign_number"]] += Fraction(line["cost"])
        bought[line["campaign_number"]] += int(line["post_click_conversions"])
    sentence = (
        "line item {0} of 3 earlier ones by spend: "
        "{1:,} conversions for EUR {2:,.2f}, EUR {3:,.2f} each"
    )
    dearest = sorted(spend, key=lambda name: -spend[name])
    figures = [
        sentence.format(place, bought[n], float(spend[n]), float(spend[n] / bought[n]))
        for place, n in enumerate(dearest[:2], start=1)
    ]
    assert set(figures) <= told.keys()
    assert told[figures[0]] == "history/ads 2025-W14 to 2025-W22"
    # What somebody called them elsewhere is told to nobody's model.
    assert not any(name in plan.model_dump_json() for name in spend)


def test_the_forecast_is_drawn_from_the_imported_weeks(ran: Record) -> None:
    forecast = plan_of(ran, "retargeting-evergreen").forecast("conversions")
    weeks: defaultdict[int, int] = defaultdict(int)
    for line in lines_of(ADS):
        day = date(2025, {"April": 4, "May": 5}[line["month"]], int(line["day"]))
        weeks[day.isocalendar().week] += int(line["post_click_conversions"])
    mean = sum(weeks.values()) / len(weeks)
    assert forecast is not None
    assert forecast.mean == pytest.approx(mean)
    assert f"conversions {mean:,.0f} on average over {len(weeks)} cycles" in str(cited(forecast))


def test_the_imports_are_in_the_ledger_with_their_sums(ran: Record) -> None:
    mail, ads = (said(entry) for entry in ran.entries("imported"))
    lines = lines_of(ADS)
    assert mail["measures"]["contacts"] == "64000"
    assert ads["measures"]["clicks"] == str(sum(int(line["clicks"]) for line in lines))
    assert ads["measures"]["impressions"] == str(sum(int(line["displays"]) for line in lines))


def test_four_weeks_run_on_it_and_what_was_seen_joins_what_was_imported(
    ran: Record, tried: dict[str, Tried]
) -> None:
    launched = [e.campaign for e in ran.entries("launched")]
    assert launched.count("weekly-newsletter") >= 4
    assert launched.count("retargeting-evergreen") >= 3
    later = plan_of(ran, "weekly-newsletter", 3)
    assert "history/email undated" in cited(later.audience).values()
    assert any(source.startswith("ledger#") for c in later.citations for source in [c.source])
    assert (doubled(ran), lost(ran)) == ([], [])
