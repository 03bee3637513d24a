"""The statistics commands on files other people made, with answers that are known."""

from pathlib import Path

import pytest

from tests.cli.conftest import Drumbeat

DATA = Path(__file__).parents[2].parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data sets are not here")


def test_mail_against_no_mail_is_the_published_lift(drumbeat: Drumbeat) -> None:
    file = DATA / "rct" / "hillstrom_russluber.csv"
    lifts = drumbeat("lift", file, "--arm", "segment", "--outcome", "visit", "--json").json["lifts"]
    found = {one["treated"]: one["absolute"] for one in lifts}
    assert found["Mens E-Mail"] == pytest.approx(0.1828 - 0.1062, abs=0.0002)
    assert found["Womens E-Mail"] == pytest.approx(0.1514 - 0.1062, abs=0.0002)
    assert {one["verdict"] for one in lifts} == {"lift"}


def test_a_merge_marker_in_an_export_is_named(drumbeat: Drumbeat) -> None:
    file = DATA / "rct" / "AdSmartABdata.csv"
    found = drumbeat("experiment", "analyze", file, "--arm", "experiment", "--outcome", "yes")
    assert (found.code, found.err) == (2, f"{file}:8079: the cell is empty\n")


def test_a_split_broken_by_day_is_found(drumbeat: Drumbeat, tmp_path: Path) -> None:
    lines = (DATA / "rct" / "AdSmartABdata.csv").read_text().splitlines()[:-1]
    file = tmp_path / "ads.csv"
    file.write_text("\n".join(lines))
    options = ("--arm", "experiment", "--outcome", "yes", "--json")
    split = drumbeat("experiment", "analyze", file, *options).json["split"]
    assert split["mismatch"] is True
    assert split["worst"].startswith("date: ")


def test_taxi_rides_were_unusual_on_known_days(drumbeat: Drumbeat) -> None:
    file = DATA / "nab" / "realKnownCause" / "nyc_taxi.csv"
    (found,) = drumbeat("detect", file, "--json").json["files"]
    days = {one["timestamp"][:10] for one in found["anomalies"]}
    # The marathon with the clock change, Christmas, New Year and the snow storm.
    assert {"2014-11-02", "2014-12-25", "2015-01-01", "2015-01-26"} <= days
    assert found["count"] <= 12


def test_regions_that_were_advertised_in_sold_more(drumbeat: Drumbeat) -> None:
    groups = (DATA / "geo" / "matched_markets_geoassignment.csv").read_text().splitlines()[1:]
    treated = [line.split(",")[0].strip('"') for line in groups if line.endswith(",2")]
    file = DATA / "geo" / "matched_markets_salesandcost.csv"
    options = ("--value", "sales", "--start", "2015-02-16", "--treated", ",".join(treated))
    (found,) = drumbeat("lift", file, *options, "--json").json["lifts"]
    assert (found["verdict"], len(found["geos"])) == ("lift", 50)
