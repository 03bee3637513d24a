"""Day signals: what was measured each day, read as changes beside what is usual."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from drumbeat.core.operations.change import Change
from drumbeat.core.operations.follow_up import follow_up
from drumbeat.core.operations.metrics import BASE, RATES, Ratio, Unit, value_of
from drumbeat.core.operations.signal import LEAST_DAYS, change

Counts = Mapping[str, float]
# Base metric, then day, then the sum of that day.
Days = Mapping[str, Mapping[datetime, float]]

USUAL_DAYS = 28
# The site speaks to every campaign at once: a week of it is not yet what is usual.
_SITE_DAYS = 10
# How many earlier mails one is held against.
_SENDS = 8
_NO_DAYS: Mapping[datetime, float] = {}
_DAY = timedelta(days=1)
# A send is judged by its first whole days: opens come in over a day and a half.
SEND_DAYS = 2
# Whose word a metric of the site is: two systems that agree are two signals.
_SITE = {
    "visits": "site analytics",
    "bounced_visits": "site analytics",
    "add_to_carts": "site analytics",
    "page_load_seconds": "site analytics",
    "site_bounce_rate": "site analytics",
    "orders": "shop",
    "stock": "shop",
    "brand_searches": "search console",
    "qualified_leads": "sales team",
    "opportunities": "sales team",
    "tracked_share": "pixel beside shop",
    "search_share": "search console",
}
# Rates that only make sense over the site's own figures.
_SITE_RATES = {
    "tracked_share": Ratio("conversions", "orders"),
    # Demand moves searches and visits alike; what only moves searches is not demand.
    "search_share": Ratio("brand_searches", "visits"),
}
# Opens come from a picture that is fetched, opt-outs from people who press our button, complaints
# from the providers of their mailboxes.
_OF_SENDS = {"open_rate": "mail opens", "spam_complaint_rate": "mailbox providers"}
# A creative shown this much more often to the same people may be wearing out.
_OFTEN = 0.15
_BY_CREATIVE = "platform, by creative"
_OF_CREATIVES = ("creative_frequency", "creative_click_rate", "creative_price", "creative_answer")
# Rates held beside the mix: money moved between audiences changes the sum's rate and nobody's own.
_MIXED = {"creative_price": "cost_per_mille", "creative_answer": "click_through_rate"}
# Less than this is what prices and people do by themselves.
_MOVED = 0.2
_SEND_RATES = frozenset(
    {
        "open_rate",
        "click_rate",
        "click_to_open_rate",
        "unsubscribe_rate",
        "spam_complaint_rate",
    }
)


@dataclass(frozen=True)
class Mailing:
    """One send: the day it left, and its counts over its first ``SEND_DAYS`` days."""

    day: datetime
    counts: Counts


@dataclass(frozen=True)
class Measured:
    """A campaign's days and the site's. ``creatives``: what each was shown, seen and cost;
    ``budget``: the money a day our own records say may be spent; ``is_away``: its platform
    cannot be read."""

    own: Days
    site: Days
    creatives: Mapping[str, Days] = field(default_factory=dict)
    sends: Sequence[Mailing] = ()
    budget: Mapping[datetime, float] = field(default_factory=dict)
    is_away: bool = False


class DaySignals(Mapping[str, Change]):
    """The last ``span`` whole days up to ``latest`` beside the four weeks before them.

    Signals that come of several days pooled are surer and later than those of one.
    """

    def __init__(self, measured: Measured, latest: datetime, span: int = 1) -> None:
        self._measured = measured
        self._latest = latest
        self._span = span
        # Newest first: what is judged, then what is usual.
        self._days = [latest - back * _DAY for back in range(span + USUAL_DAYS)]
        self._told: dict[str, Change] = {}

    def __getitem__(self, name: str) -> Change:
        if name not in self._told:
            self._told[name] = self._read(name)
        return self._told[name]

    def __iter__(self) -> Iterator[str]:
        yield from ("connection", "budget", *_OF_CREATIVES, *_SITE_RATES, *BASE, *RATES)

    def __len__(self) -> int:
        return 2 + len(_OF_CREATIVES) + len(_SITE_RATES) + len(BASE) + len(RATES)

    def _read(self, name: str) -> Change:
        measured = self._measured
        if name in _OF_CREATIVES:
            return self._of_creatives(name)
        if name == "connection":
            relative = -1.0 if measured.is_away else 0.0
            return Change(relative=relative, is_clear=True, source="connection")
        if name == "budget":
            return self._beside({"budget": measured.budget}, name, "our own records")
        if name == "cost_per_mille" and not measured.creatives:
            # Boosts come and go: what they cost a thousand is no price that could have moved.
            return Change(relative=None, is_clear=False, source="platform")
        if name == "lead_to_opportunity_rate":
            leads, made = (measured.site.get(n, {}) for n in ("qualified_leads", "opportunities"))
            return follow_up(leads, made, self._latest, self._span)
        if name in _SITE:
            return self._beside(measured.site, name, _SITE[name], least=_SITE_DAYS)
        if name in _SEND_RATES and measured.sends:
            return self._last_send(name)
        if name in BASE or name in RATES:
            return self._beside(measured.own, name, "platform")
        raise KeyError(name)

    def _of_creatives(self, name: str) -> Change:
        if name in _MIXED:
            return self._beside_mix(_MIXED[name])
        return self._most_shown() if name == "creative_frequency" else self._often_shown()

    def _beside(self, days: Days, name: str, source: str, least: int = LEAST_DAYS) -> Change:
        now = _known(name, days, self._days[: self._span])
        if len(now) < self._span:
            return Change(relative=None, is_clear=False, source=source)
        known = _known(name, days, self._days[self._span :])
        if len(known) < least:
            return Change(relative=None, is_clear=False, source=source)
        value = self._pooled(days, name, now)
        return change(value, known, source, least=self._chance(days, name, value), span=self._span)

    def _pooled(self, days: Days, name: str, now: Sequence[float]) -> float:
        """Rates over the days' sums, where days with more in them count for more."""
        ratio = _ratio(name)
        if ratio is None:
            return math.fsum(now) / len(now)
        over, under = (self._sum(days, metric) for metric in (ratio.over, ratio.under))
        return over / under if under else math.fsum(now) / len(now)

    def _sum(self, days: Days, metric: str) -> float:
        values = days.get(metric, _NO_DAYS)
        return math.fsum(values.get(day, 0.0) for day in self._days[: self._span])

    def _chance(self, days: Days, name: str, value: float) -> float | None:
        """The sampling error of one day's rate: its counts are Poisson, so the rate's relative
        error is the root of 1/over + 1/under. None where counting is not what makes the noise."""
        ratio = _ratio(name)
        if ratio is None:
            return None
        parts = [
            max(self._sum(days, metric) / self._span, 1.0)
            for metric in (ratio.over, ratio.under)
            if BASE[metric] is Unit.COUNT
        ]
        return abs(value) * math.sqrt(sum(1.0 / part for part in parts))

    def _most_shown(self) -> Change:
        """The creative whose people see it more often than they used to."""
        found = (self._frequency(days) for days in self._measured.creatives.values())
        read = [one for one in found if one.relative is not None]
        unread = Change(relative=None, is_clear=False, source=_BY_CREATIVE)
        return max(read, key=lambda one: (one.is_clear, one.relative or 0.0), default=unread)

    def _often_shown(self) -> Change:
        """How the creatives that are seen more often than they used to be are clicked."""
        total: dict[str, dict[datetime, float]] = defaultdict(lambda: defaultdict(float))
        for days in self._measured.creatives.values():
            often = self._frequency(days)
            if often.is_clear and (often.relative or 0.0) >= _OFTEN:
                for metric, values in days.items():
                    for day, value in values.items():
                        total[metric][day] += value
        return self._beside(total, "click_through_rate", _BY_CREATIVE)

    def _beside_mix(self, name: str) -> Change:
        """A rate beside what the creatives' own usual rates give at today's mix of them."""
        ratio = RATES[name]
        actual = expected = 0.0
        for days in self._measured.creatives.values():
            usual = _known(name, days, self._days[self._span :])
            if len(usual) >= LEAST_DAYS:
                actual += self._sum(days, ratio.over)
                expected += self._sum(days, ratio.under) * median(usual)
        if not expected:
            return Change(relative=None, is_clear=False, source=_BY_CREATIVE)
        relative = actual / expected - 1.0
        by_chance = 3.0 / math.sqrt(expected) if BASE[ratio.over] is Unit.COUNT else 0.0
        return Change(
            relative=relative, is_clear=abs(relative) > max(_MOVED, by_chance), source=_BY_CREATIVE
        )

    def _frequency(self, days: Days) -> Change:
        return self._beside(days, "frequency", _BY_CREATIVE)

    def _last_send(self, name: str) -> Change:
        """The latest mail that had its time, beside those before it. It is news for a week."""
        ripe = self._latest - (SEND_DAYS - 1) * _DAY
        sends = sorted((one for one in self._measured.sends if one.day <= ripe), key=_day)
        if not sends or self._latest - sends[-1].day > 7 * _DAY:
            return Change(relative=None, is_clear=False, source=_of_send(name))
        values = [value_of(name, one.counts) for one in sends]
        usual = [value for value in values[:-1] if value is not None]
        ratio = RATES[name]
        hits = max(sends[-1].counts.get(ratio.over, 0.0), 1.0)
        least = (values[-1] or 0.0) / math.sqrt(hits)
        return change(values[-1], usual[-_SENDS:], _of_send(name), least=least, settled=_SENDS)


def _known(name: str, days: Days, wanted: Sequence[datetime]) -> list[float]:
    """The values of those of the days that have one."""
    ratio = _ratio(name)
    if ratio is None:
        values = days.get(name, _NO_DAYS)
        return [values[day] for day in wanted if day in values]
    overs, unders = days.get(ratio.over, _NO_DAYS), days.get(ratio.under, _NO_DAYS)
    return [overs[day] / unders[day] for day in wanted if day in overs and unders.get(day)]


def _ratio(name: str) -> Ratio | None:
    return _SITE_RATES.get(name) or RATES.get(name)


def _day(one: Mailing) -> datetime:
    return one.day


def _of_send(name: str) -> str:
    return _OF_SENDS.get(name, "mail platform")
