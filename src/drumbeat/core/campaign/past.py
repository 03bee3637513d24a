"""Past objects: what was live and what was read about it, as evidence for the next cycle."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from drumbeat.core.campaign.dossier import LineRecord
from drumbeat.core.campaign.lesson import LessonElement, Observed
from drumbeat.core.campaign.objects import LineItem, PlatformObject, Post, Send
from drumbeat.core.campaign.tally import Tally
from drumbeat.core.campaign.week import window_of

Counts = Mapping[str, float]
# Element, subject, the two counts of the rate, channel.
_Key = tuple[LessonElement, str, str, str, str]
# Hits, trials and the day.
_Count = tuple[float, float, date]


@dataclass(frozen=True)
class PastObject:
    """An object that was live, and what was read about it.

    ``counts`` are base metrics (core/operations/metrics.py); ``parts`` the same per dimension and
    value, such as ("segment", "warm-leads") or ("variant", "b"). ``entry`` is the ledger entry in
    which the readings were recorded.
    """

    cycle: str
    target: str
    object: PlatformObject
    at: datetime
    counts: Counts
    parts: Mapping[tuple[str, str], Counts]
    entry: str


def tallies_of_past(past: Iterable[PastObject], zone: str) -> tuple[Tally, ...]:
    """What past mails, ads and posts say about themes, angles, hours, styles, segments, topics,
    hooks and networks: one tally each, cited by the weeks they span."""
    return _tallies(_counted(past, zone))


def _tallies(counted: Mapping[_Key, list[_Count]]) -> tuple[Tally, ...]:
    return tuple(_past_tally(key, counted[key]) for key in sorted(counted))


def _counted(past: Iterable[PastObject], zone: str) -> dict[_Key, list[_Count]]:
    """The counts of each object that had a part in a subject."""
    counted: dict[_Key, list[_Count]] = defaultdict(list)
    for one in past:
        channel, over, under = _measured(one.object)
        for element, subject, counts in _subjects(one, zone):
            if counts.get(under):
                count = (counts.get(over, 0.0), counts[under], one.at.date())
                counted[element, subject, over, under, channel].append(count)
    return counted


def lines_of_past(past: Iterable[PastObject]) -> tuple[LineRecord, ...]:
    """One record a line item, over all the readings of it."""
    grouped: dict[str, list[PastObject]] = defaultdict(list)
    for one in past:
        if isinstance(one.object, LineItem):
            grouped[one.object.name].append(one)
    return tuple(_past_line(name, group) for name, group in sorted(grouped.items()))


def placements_of_past(past: Iterable[PastObject]) -> tuple[LineRecord, ...]:
    """One record a line item and placement, where a platform tells its readings apart so."""
    return tuple(
        replace(_past_line(value, [replace(one, counts=counts)]), line=one.object.name)
        for one in past
        if isinstance(one.object, LineItem)
        for (dimension, value), counts in sorted(one.parts.items())
        if dimension == "placement"
    )


def observed(
    past: Iterable[PastObject], before: Iterable[Tally], zone: str
) -> tuple[Observed, ...]:
    """What one cycle's objects show beside their peers: the other subjects of the same element.

    Those of the same cycle, for in a good week all do better than before; those of ``before``
    only for a subject that was alone. Feeds ``lesson.learn``.
    """
    past, before = tuple(past), tuple(before)
    counted = _counted(past, zone)
    now, spreads = _tallies(counted), _spreads(counted)
    entries = tuple(dict.fromkeys(one.entry for one in past))
    if not entries:
        return ()
    beside = ((tally, _peers(tally, now) or _peers(tally, before)) for tally in now)
    return tuple(_beside(one, peers, entries, spreads[one.element]) for one, peers in beside)


def _spreads(counted: Mapping[_Key, list[_Count]]) -> dict[LessonElement, float]:
    """For each element how many times the variance between objects of one subject is that of
    chance: two posts of a hook differ by more than their readers' luck. Pearson's chi-square over
    its degrees of freedom (McCullagh & Nelder 1989); 1 where no subject has two objects."""
    off: dict[LessonElement, float] = defaultdict(float)
    free: dict[LessonElement, int] = defaultdict(int)
    for (element, *_), counts in counted.items():
        rate = sum(hits for hits, _, _ in counts) / sum(trials for _, trials, _ in counts)
        chance = rate * (1 - rate)
        free[element] += len(counts) - 1
        if len(counts) > 1 and chance > 0:
            off[element] += sum((h - t * rate) ** 2 / (t * chance) for h, t, _ in counts)
    return {one: max(1.0, off[one] / free[one]) if free[one] else 1.0 for one in free}


def _subjects(one: PastObject, zone: str) -> Iterator[tuple[LessonElement, str, Counts]]:
    match one.object:
        case Send() as send:
            own = _own(one, send)
            yield LessonElement.THEME, send.theme, own
            yield LessonElement.ANGLE, send.angle, own
            yield LessonElement.SEND_HOUR, _hour(send.send_at, zone), own
            styles = {variant.name: variant.style for variant in send.variants}
            yield from _parts(one, "variant", LessonElement.SUBJECT_STYLE, styles.get)
        case LineItem() as item:
            yield LessonElement.LINE_ITEM, item.name, one.counts
            angles = {creative.name: creative.angle for creative in item.creatives}
            formats = {creative.name: creative.format for creative in item.creatives}
            yield from _parts(one, "creative", LessonElement.ANGLE, angles.get)
            yield from _parts(one, "creative", LessonElement.FORMAT, formats.get)
        case Post() as post:
            yield LessonElement.TOPIC, post.topic, one.counts
            yield LessonElement.HOOK, post.hook, one.counts
            yield LessonElement.NETWORK, post.network, one.counts
    yield from _parts(one, "segment", LessonElement.SEGMENT, lambda name: name)


def _own(one: PastObject, send: Send) -> Counts:
    """The counts of what the mail itself says; business as usual may speak of another theme."""
    other = one.parts.get(("variant", send.usual), {}) if send.usual else {}
    return {metric: value - other.get(metric, 0.0) for metric, value in one.counts.items()}


def _parts(
    one: PastObject, dimension: str, element: LessonElement, label: Callable[[str], str | None]
) -> Iterator[tuple[LessonElement, str, Counts]]:
    for (name, value), counts in one.parts.items():
        subject = label(value) if name == dimension else None
        if subject:
            yield element, subject, counts


def _measured(thing: PlatformObject) -> tuple[str, str, str]:
    """The channel an object is on, and the two counts of the rate it is judged by."""
    match thing:
        case Send():
            return "email", "clicks", "delivered"
        case LineItem():
            return "ads", "conversions", "clicks"
        case Post():
            return "social", "engagements", "impressions"


def _hour(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%H}"


def _past_tally(key: _Key, counts: list[_Count]) -> Tally:
    element, subject, over, under, channel = key
    return Tally(
        element=element,
        subject=subject,
        over=over,
        under=under,
        hits=sum(hits for hits, _, _ in counts),
        trials=sum(trials for _, trials, _ in counts),
        source=f"history/{channel} {window_of(day for _, _, day in counts)}",
    )


def _past_line(name: str, past: list[PastObject]) -> LineRecord:
    item = past[-1].object
    assert isinstance(item, LineItem)
    total = {
        metric: sum(one.counts.get(metric, 0.0) for one in past)
        for metric in ("impressions", "clicks", "conversions", "spend", "revenue")
    }
    return LineRecord(
        name=name,
        impressions=total["impressions"],
        clicks=total["clicks"],
        conversions=total["conversions"],
        spend_minor=total["spend"],
        revenue_minor=total["revenue"],
        currency=item.currency,
        source=f"history/ads {window_of(one.at.date() for one in past)}",
    )


def _peers(tally: Tally, tallies: Iterable[Tally]) -> list[Tally]:
    return [
        peer
        for peer in tallies
        if peer.element is tally.element
        and peer.subject != tally.subject
        and (peer.over, peer.under) == (tally.over, tally.under)
    ]


def _beside(tally: Tally, others: list[Tally], entries: tuple[str, ...], spread: float) -> Observed:
    return Observed(
        element=tally.element,
        subject=tally.subject,
        metric=f"{tally.over} per {tally.under}",
        hits=round(tally.hits),
        trials=round(tally.trials),
        peer_hits=round(sum(peer.hits for peer in others)),
        peer_trials=round(sum(peer.trials for peer in others)),
        entries=entries,
        spread=spread,
    )
