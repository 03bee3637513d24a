"""What a campaign file refers to: people, connections, segments, policies, pages, metrics."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from drumbeat.core.campaign.channel import CHANNELS
from drumbeat.core.campaign.metric import channels as channels_of
from drumbeat.core.campaign.metric import unit as unit_of
from drumbeat.core.campaign.quantity import Quantity, Target, Unit
from drumbeat.core.campaign.shelf import Shelf
from drumbeat.core.campaign.skip import SkipKind, read_skip
from drumbeat.core.campaign.text import is_slug
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.money import RateRange
from drumbeat.core.operations.metrics import NAMES
from drumbeat.files.references.agents import permission_mistakes
from drumbeat.files.references.named import all_known, foreign_link, unknown
from drumbeat.files.suggest import did_you_mean
from drumbeat.files.tree import Mistake, blocks, dig, entries, texts


def campaign_mistakes(
    data: Any, shelf: Shelf, *, file: str = "", written: Any = None
) -> Iterator[Mistake]:
    """Every reference of a campaign's data (defaults filled in) that leads nowhere.

    ``written`` is what the file itself says: only there can it take permissions it must not
    have, since a type's own are cut down to what the workspace grants.
    """
    yield from _identity(data, file)
    yield from _people_and_policies(data, shelf)
    yield from _connections(data, shelf)
    yield from _audience(data, shelf)
    yield from _library(data, shelf)
    yield from _cadence(data, shelf)
    yield from _figures(data)
    yield from _money(data, shelf)
    yield from _actions(data, shelf)
    yield from _sources(data, shelf)
    yield from permission_mistakes(written, shelf.permissions)


def _identity(data: Any, file: str) -> Iterator[Mistake]:
    name, stem = dig(data, "campaign"), PurePosixPath(file).stem
    if isinstance(name, str) and stem and name != stem:
        hint = f"write campaign: {stem}" if is_slug(stem) else f"call the file {name}.yaml"
        yield Mistake(("campaign",), f"the file is called {stem}.yaml", hint)
    starts, ends = dig(data, "starts"), dig(data, "ends")
    if isinstance(starts, str) and isinstance(ends, str) and ends < starts:
        yield Mistake(("ends",), f"ends on {ends}, before it starts on {starts}")


def _people_and_policies(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    owner = dig(data, "owner")
    if isinstance(owner, str):
        yield from unknown(("owner",), owner.casefold(), shelf.people, "drumbeat.yaml")
    yield from all_known(data, ("escalation",), shelf.escalations, "policy/escalation.yaml")
    yield from all_known(data, ("naming", "rule"), shelf.naming_rules, "policy/naming.yaml")
    if shelf.regions:
        yield from all_known(data, ("naming", "region"), shelf.regions, "policy/naming.yaml")
    kind = str(dig(data, "type") or "").replace("-", "_")
    is_named = kind and dig(data, "naming") and shelf.naming_types
    if is_named and kind not in shelf.naming_types:
        yield Mistake(("type",), f"policy/naming.yaml has no code for {kind} under types")
    for path, page in texts(data, "runbook"):
        pages = {name for name in shelf.files if name.startswith("runbooks/")}
        if page not in pages:
            yield Mistake(path, f"there is no file {page}", did_you_mean(page, pages))


def _connections(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    used = [channel for _, channel in texts(data, "channels")]
    for path, name in entries(data, "connection"):
        if isinstance(name, str):
            yield from unknown(path, name, shelf.connections, "drumbeat.yaml")
        if path[-1] in CHANNELS and path[-1] not in used:
            yield Mistake(path, f"{path[-1]} is none of its channels", is_key=True)


def _audience(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    where = "data/segments.yaml"
    yield from all_known(data, ("audience", "include"), shelf.segments, where)
    yield from all_known(data, ("audience", "exclude"), shelf.segments, where)
    excluded = {name for _, name in texts(data, "audience", "exclude")}
    for path, name in texts(data, "audience", "include"):
        if name in shelf.suppressions:
            yield Mistake(path, f"{name!r} holds people we must not contact", "exclude it")
        elif name in excluded:
            yield Mistake(path, f"{name!r} is excluded as well")


def _library(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    yield from all_known(data, ("offers",), shelf.offers, "data/offers.yaml")
    yield from all_known(data, ("hypotheses",), shelf.hypotheses, "hypotheses/")
    yield from all_known(data, ("themes",), shelf.topics, "the topics of data/content.yaml")
    yield from all_known(data, ("languages",), shelf.languages, "the languages of drumbeat.yaml")
    for path, url in texts(data, "landing_pages"):
        yield from foreign_link(path, url, shelf)
    for path, _ in blocks(data, "slots"):
        theme = (*path, "theme")
        yield from all_known(data, theme, shelf.topics, "the topics of data/content.yaml")


def _cadence(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    yield from all_known(data, ("cadence", "event"), shelf.events, "policy/lifecycle.yaml")
    for path, text in texts(data, "cadence", "skip"):
        try:
            skip = read_skip(text)
        except ValueError:
            continue
        if skip.kind is SkipKind.BLACKOUT:
            yield from unknown(path, skip.blackout, shelf.blackouts, "data/calendar.yaml")


def _figures(data: Any) -> Iterator[Mistake]:
    channels = {channel for _, channel in texts(data, "channels")}
    named = [*texts(data, "success_metrics"), *texts(data, "goal", "metric")]
    for path, block in blocks(data, "guardrails"):
        named += texts(data, *path, "metric")
        for side in ("below", "above"):
            yield from _unit(str(block.get("metric")), (*path, side), block.get(side))
    goal = ("goal", "target")
    yield from _unit(str(dig(data, "goal", "metric")), goal, dig(data, *goal))
    for path, name in named:
        if name in NAMES and channels and not channels & channels_of(name):
            yield Mistake(path, f"{name} is not measured on {', '.join(sorted(channels))}")


def _unit(metric: str, path: tuple[str | int, ...], written: Any) -> Iterator[Mistake]:
    """A mistake when a figure's unit is not its metric's, such as a bare 2 for a share."""
    if metric not in NAMES or isinstance(written, bool):
        return
    if not isinstance(written, (str, int, float)):
        return
    try:
        quantity: Quantity = Target.parse(str(written)).quantity
    except ValueError:
        return
    if quantity.unit is not unit_of(metric):
        example = {Unit.NUMBER: "40", Unit.PERCENT: "2%", Unit.MONEY: "EUR 40"}[unit_of(metric)]
        yield Mistake(path, f"{metric} is written as {example}, not {written}")


def _money(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    written = dig(data, "budget", "range")
    try:
        currency = RateRange.parse(written).low.currency if isinstance(written, str) else ""
    except ValueError:
        return
    if currency and shelf.currency and currency != shelf.currency:
        message = f"speaks of {currency}, but drumbeat.yaml of {shelf.currency}"
        yield Mistake(("budget", "range"), message)


def _actions(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    for path, kind in texts(data, "actions"):
        if kind not in KINDS:
            yield Mistake(path, f"no action kind is named {kind!r}", did_you_mean(kind, KINDS))
        elif kind not in shelf.ruled_actions:
            yield Mistake(path, f"policy/actions.yaml has no row for {kind}", "add one")
    for path, _ in entries(data, "autonomy", "tighten"):
        kind = str(path[-1])
        if kind not in KINDS:
            hint = did_you_mean(kind, KINDS)
            yield Mistake(path, f"no action kind is named {kind!r}", hint, is_key=True)


def _sources(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    known = shelf.connections | shelf.files
    for path, block in blocks(data, "data_sources"):
        source = block.get("source")
        if isinstance(source, str) and source not in known:
            message = f"{source!r} is neither a connection nor a file of the workspace"
            yield Mistake((*path, "source"), message, did_you_mean(source, known))
