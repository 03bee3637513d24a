"""Columns: what an export's columns may be read as, per kind of history.

A target is ``date`` (or ``year``, ``month`` and ``day``), ``campaign``, ``currency``, a measure
(a count), an amount (money), ``dim:NAME`` (a text that tells rows apart) or ``-`` (leave out).
A column whose own name is a target, or one of its other names, needs no mapping.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from drumbeat.core.campaign.history import HistoryKind
from drumbeat.files.suggest import did_you_mean

LEFT_OUT = "-"
DIMENSION = "dim:"
_PLACE = frozenset({"date", "year", "month", "day", "campaign", "currency"})


@dataclass(frozen=True)
class Targets:
    """What a kind of export can hold; ``dimensions`` are those read without being asked."""

    measures: frozenset[str]
    amounts: frozenset[str]
    dimensions: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """Every target that can be written plainly."""
        return _PLACE | self.measures | self.amounts | self.dimensions


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


TARGETS: Mapping[HistoryKind, Targets] = {
    HistoryKind.EMAIL: Targets(
        _set("sent delivered opens clicks conversions unsubscribes complaints bounces visits"),
        _set("revenue spend"),
        _set("segment theme angle subject style offer arm send_hour language"),
    ),
    HistoryKind.ADS: Targets(
        _set("impressions reach clicks conversions"),
        _set("spend revenue"),
        _set("line_item creative angle format placement audience device"),
    ),
    HistoryKind.SOCIAL: Targets(
        _set("impressions reach engagements clicks comments negative_comments shares followers"),
        _set("spend revenue"),
        _set("network topic hook format post_hour"),
    ),
    HistoryKind.KPI: Targets(_set("value"), _set("amount"), _set("metric")),
    HistoryKind.CONTEXT: Targets(_set("value"), frozenset(), _set("signal subject state note")),
}
# What exports call the same thing.
_OTHER_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("timestamp", "send_date", "sent_at", "published_at", "week", "ds"), "date"),
    **dict.fromkeys(("reporting_starts",), "date"),
    **dict.fromkeys(("campaign_name", "campaign_id", "campaign_number"), "campaign"),
    **dict.fromkeys(("displays", "views", "imps", "impr"), "impressions"),
    **dict.fromkeys(("ad_group", "ad_group_name", "adset", "adset_name"), "line_item"),
    **dict.fromkeys(("ad_set", "ad_set_name"), "line_item"),
    **dict.fromkeys(("cost", "amount_spent", "costs"), "spend"),
    **dict.fromkeys(("post_click_conversions", "orders", "purchases", "conversion"), "conversions"),
    **dict.fromkeys(("conv",), "conversions"),
    **dict.fromkeys(("sales", "conversion_value", "conv_value", "purchase_value"), "revenue"),
    **dict.fromkeys(("purchases_conversion_value",), "revenue"),
    **dict.fromkeys(("unique_opens", "opened"), "opens"),
    **dict.fromkeys(("unique_clicks", "link_clicks", "clicked"), "clicks"),
    **dict.fromkeys(("recipients", "total_recipients", "emails_sent"), "sent"),
    **dict.fromkeys(("successful_deliveries",), "delivered"),
    **dict.fromkeys(("spam_complaints", "abuse_reports"), "complaints"),
    **dict.fromkeys(("unsubscribed", "unsubs"), "unsubscribes"),
    **dict.fromkeys(("visit",), "visits"),
    **dict.fromkeys(("y",), "value"),
}


class MapInvalid(ValueError):
    """A mapping names a column the file lacks, an unknown target, or one target twice."""


def read_map(pairs: Iterable[str]) -> dict[str, str]:
    """``["displays=impressions", "note=-"]`` as a mapping. Raises MapInvalid for anything else."""
    found: dict[str, str] = {}
    for pair in pairs:
        column, equals, target = (part.strip() for part in pair.partition("="))
        if not equals or not column or not target:
            raise MapInvalid(f"expected COLUMN=TARGET such as displays=impressions, got {pair!r}")
        if column in found:
            raise MapInvalid(f"the column {column!r} is mapped twice")
        found[column] = target
    return found


def assign(kind: HistoryKind, header: tuple[str, ...], wanted: Mapping[str, str]) -> dict[int, str]:
    """Column number to target, for every column that is read.

    Raises MapInvalid for a mapping that cannot be followed, or a target two columns would fill.
    """
    for column, target in wanted.items():
        if column not in header:
            raise MapInvalid(f"there is no column {column!r}; {did_you_mean(column, header)}")
        _refuse_unknown(kind, target)
    taken = {target for target in wanted.values() if target != LEFT_OUT}
    found: dict[int, str] = {}
    whole_dates = not {"month", "year"} & ({_plain(column) for column in header} | taken)
    for number, column in enumerate(header):
        target = wanted.get(column) or _own(kind, column, taken, whole_dates)
        if target == LEFT_OUT:
            continue
        if target in found.values():
            first = header[next(n for n, t in found.items() if t == target)]
            raise MapInvalid(
                f"{first!r} and {column!r} would both be {target}; leave one out with {column}=-"
            )
        found[number] = target
    return found


def _own(kind: HistoryKind, column: str, taken: set[str], whole_dates: bool) -> str:
    """What a column is without being mapped; left out when its place is taken or unknown. Where
    no other column holds the month or the year, one of days holds ``whole_dates``."""
    plain = _plain(column)
    target = plain if plain in TARGETS[kind].names else _OTHER_NAMES.get(plain, LEFT_OUT)
    if target == "day" and whole_dates:
        target = "date"
    if target not in TARGETS[kind].names or target in taken:
        return LEFT_OUT
    return target


def _plain(column: str) -> str:
    """``Conv. value`` as ``conv_value``."""
    return re.sub(r"[\s_.-]+", "_", column.lower()).strip("_")


def _refuse_unknown(kind: HistoryKind, target: str) -> None:
    names = TARGETS[kind].names
    if target == LEFT_OUT or target in names:
        return
    if target.startswith(DIMENSION) and target != DIMENSION:
        return
    hint = did_you_mean(target, names)
    raise MapInvalid(f"no {kind} column can be read as {target!r}; {hint or 'write dim:NAME'}")
