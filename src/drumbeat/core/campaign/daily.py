"""Daily: rates of money brought to one day, so that they can be compared."""

from decimal import Decimal

from drumbeat.core.money import Money, Period, RateRange

# The setting a decision about money between campaigns leaves: what a campaign's next plan may
# spend a day in all, in minor units.
DAILY_TOTAL = "daily_total"

# Days a period is counted as; months as the ad platforms count them (365 / 12).
DAYS = {
    Period.DAY: Decimal(1),
    Period.WEEK: Decimal(7),
    Period.MONTH: Decimal("30.4"),
    Period.QUARTER: Decimal("91.2"),
    Period.YEAR: Decimal(365),
}


def per_day(declared: RateRange) -> tuple[Decimal, Decimal]:
    """Both ends of a range in minor units a day, exact."""
    days = DAYS[declared.period]
    return declared.low.minor / days, declared.high.minor / days


def within(declared: RateRange, share: Decimal) -> Money:
    """The daily amount that lies at ``share`` (0 to 1) between the two ends."""
    low, high = per_day(declared)
    return Money(minor=int(low + (high - low) * share), currency=declared.low.currency)
