"""Real exports, checked against totals computed in another way."""

import csv
from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from drumbeat.core.campaign.history import HistoryKind
from drumbeat.files.history.audience import segments_from
from drumbeat.files.history.columns import read_map
from drumbeat.files.history.parse import HistoryInvalid, Import, read_history
from drumbeat.files.history.reader import ImportOptions

_SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
ADS = _SHARED / "online_ads_apr_may.csv"
MAIL = _SHARED / "rct" / "hillstrom_russluber.csv"
needs_ads = pytest.mark.skipif(not ADS.is_file(), reason=f"needs the ads export at {ADS}")
needs_mail = pytest.mark.skipif(not MAIL.is_file(), reason=f"needs the mail export at {MAIL}")


def lines_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def ads() -> Import:
    columns = read_map(
        [
            "user_engagement=dim:engagement",
            "banner=dim:banner",
            "post_click_sales_amount=revenue",
            "revenue=-",
        ]
    )
    return read_history(
        ADS, HistoryKind.ADS, ImportOptions(columns=columns, currency="EUR", year=2025)
    )


@pytest.fixture(scope="module")
def mail() -> Import:
    columns = read_map(
        [
            "segment=arm",
            "history_segment=dim:history_segment",
            "channel=dim:channel",
            "newbie=dim:newbie",
            "spend=revenue",
        ]
    )
    return read_history(MAIL, HistoryKind.EMAIL, ImportOptions(columns=columns, currency="USD"))


@needs_ads
def test_ads_totals_are_those_of_the_file(ads: Import) -> None:
    lines = lines_of(ADS)
    for column, measure in (
        ("displays", "impressions"),
        ("clicks", "clicks"),
        ("post_click_conversions", "conversions"),
    ):
        assert ads.summary.measures[measure] == sum(int(line[column]) for line in lines)


@needs_ads
def test_ads_money_is_summed_exactly_and_rounded_once(ads: Import) -> None:
    # Exact by fractions, where the importer uses decimals.
    exact = sum((Fraction(line["cost"]) for line in lines_of(ADS)), Fraction(0))
    cents = exact * 100
    rounded = Decimal(cents.numerator) / Decimal(cents.denominator)
    assert ads.summary.amounts["spend"].minor == int(rounded.quantize(Decimal(1), ROUND_HALF_EVEN))
    each_rounded = sum(row.money("spend").minor for row in ads.rows)
    assert each_rounded != ads.summary.amounts["spend"].minor


@needs_ads
def test_ads_days_campaigns_and_placements_are_those_of_the_file(ads: Import) -> None:
    lines = lines_of(ADS)
    assert (ads.summary.first, ads.summary.last) == (date(2025, 4, 1), date(2025, 5, 31))
    assert set(ads.summary.campaigns) == {line["campaign_number"] for line in lines}
    clicks: Counter[str] = Counter()
    for line in lines:
        clicks[line["placement"]] += int(line["clicks"])
    read: Counter[str] = Counter()
    for row in ads.rows:
        read[row.dimensions.get("placement", "")] += int(row.measures["clicks"])
    assert read == clicks
    assert ads.left_out == ("revenue",)


@needs_ads
@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(ImportOptions(currency="EUR"), "--year", id="no year"),
        pytest.param(ImportOptions(year=2025), "--currency", id="no currency"),
    ],
)
def test_ads_without_year_or_currency_ask_for_the_flag(
    options: ImportOptions, message: str
) -> None:
    with pytest.raises(HistoryInvalid, match=message):
        read_history(ADS, HistoryKind.ADS, options)


@needs_mail
def test_mail_arms_have_the_known_sizes_and_rates(mail: Import) -> None:
    # Published with the data: visit 18.28 / 15.14 / 10.62 %, spend 1.423 / 1.077 / 0.653.
    people: defaultdict[str, Decimal] = defaultdict(Decimal)
    visits: defaultdict[str, Decimal] = defaultdict(Decimal)
    revenue: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in mail.rows:
        arm = row.dimensions["arm"]
        people[arm] += row.measures["contacts"]
        visits[arm] += row.measures["visits"]
        revenue[arm] += row.amounts["revenue"]
    rates = {arm: round(float(visits[arm] / people[arm] * 100), 2) for arm in people}
    spends = {arm: round(float(revenue[arm] / people[arm]), 3) for arm in people}
    assert rates == {"Mens E-Mail": 18.28, "Womens E-Mail": 15.14, "No E-Mail": 10.62}
    assert spends == {"Mens E-Mail": 1.423, "Womens E-Mail": 1.077, "No E-Mail": 0.653}


@needs_mail
def test_mail_counts_are_those_of_the_file(mail: Import) -> None:
    lines = lines_of(MAIL)
    mailed = [line for line in lines if line["segment"] != "No E-Mail"]
    assert mail.summary.measures["contacts"] == len(lines) == 64_000
    assert mail.summary.measures["sent"] == len(mailed)
    assert mail.summary.measures["conversions"] == sum(int(x["conversion"]) for x in lines)
    cents = sum(round(Fraction(line["spend"]) * 100) for line in lines)
    assert mail.summary.amounts["revenue"].minor == cents
    assert len(mail.rows) < 200


@needs_mail
def test_mail_is_also_an_audience(mail: Import) -> None:
    segments = {
        one.id: one for one in segments_from(mail.rows, ("history_segment", "channel", "newbie"))
    }
    lines = lines_of(MAIL)
    assert segments["channel-web"].size == sum(line["channel"] == "Web" for line in lines)
    assert sum(one.size or 0 for one in segments.values()) == 3 * len(lines)
    web = [x for x in lines if x["channel"] == "Web" and x["segment"] != "No E-Mail"]
    share = sum(int(line["visit"]) for line in web) / len(web) * 100
    assert (
        segments["channel-web"].truths[0] == f"{share:.2f}% visits of {len(web):,} who got a mail."
    )
