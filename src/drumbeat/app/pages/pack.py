"""Pack: a sealed LaunchPack as the person who approves it must see it: everything that goes out."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from drumbeat.app.pages.naming import network_title
from drumbeat.app.pages.words import measured, metric_name, typed
from drumbeat.core.campaign.objects import LineItem, Post, Send
from drumbeat.core.campaign.pack import LaunchPack
from drumbeat.core.campaign.placement_mix import in_words
from drumbeat.core.campaign.plan import Choice, Forecast, Plan
from drumbeat.core.money import Money
from drumbeat.store import cycles
from drumbeat.store.cycles import CycleRow, CycleStatus
from drumbeat.web.format import money, show
from drumbeat.web.views.decision import DiffRow
from drumbeat.web.views.value import Value

_KEPT = 32
_BUDGET = "a day"
# A cycle that is planned ahead of time stands before the one that runs.
_LOOKED_BACK = 6


class Packs:
    """Sealed packs by digest; a seal names its content, so what was read stays good."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, LaunchPack] = OrderedDict()
        self._lock = Lock()

    def of(self, connection: sa.Connection, cycle: str, digest: str) -> LaunchPack | None:
        """The pack a proposal names; None when the cycle holds another one by now."""
        with self._lock:
            known = self._kept.get(digest)
        return known or self._read(connection, cycle, digest)

    def before(self, connection: sa.Connection, campaign: str, cycle: str) -> LaunchPack | None:
        """The pack of the newest cycle that is over, beside which people read the next one."""
        rows = cycles.of_campaign(connection, campaign, _LOOKED_BACK)
        number = next((row.number for row in rows if row.id == cycle), None)
        if number is None:
            return None
        earlier = (r for r in rows if r.number < number and r.status is not CycleStatus.ENDED)
        row = next(earlier, None)
        return self._final(connection, row) if row else None

    def _final(self, connection: sa.Connection, row: CycleRow) -> LaunchPack | None:
        """What a cycle sent out. Of one that is done nothing changes any more."""
        with self._lock:
            known = self._kept.get(row.id)
        body = None if known else cycles.read(connection, row.id, "pack")
        if body is None:
            return known
        pack = LaunchPack.model_validate(body)
        return self._keep(row.id, pack) if row.status is CycleStatus.DONE else pack

    def _read(self, connection: sa.Connection, cycle: str, digest: str) -> LaunchPack | None:
        body = cycles.read(connection, cycle, "pack")
        pack = LaunchPack.model_validate(body) if body else None
        if pack is None or pack.digest != digest:
            return None
        return self._keep(digest, pack)

    def _keep(self, name: str, pack: LaunchPack) -> LaunchPack:
        with self._lock:
            self._kept[name] = pack
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return pack


@dataclass(frozen=True)
class Shown:
    """A pack beside what is live now: ``live`` holds the present state by target; ``cycle`` is
    whose assets they are, and ``last`` the pack of the cycle before it."""

    pack: LaunchPack
    live: dict[str, Any]
    zone: ZoneInfo
    cycle: str
    last: LaunchPack | None = None

    def rows(self) -> tuple[DiffRow, ...]:
        """What goes out, to whom, for how much, by which plan, and what is expected of it."""
        return (*self._objects(), *self._beside_last(), *self._forecasts())

    def _beside_last(self) -> Iterator[DiffRow]:
        """To whom, with what and why, beside what it was until now."""
        was: dict[str, Value] = {}
        if self.last is not None:
            then = replace(self, pack=self.last, last=None)
            was = {row.field: row.after for row in (*then._audience(), *then._plan())}
        for row in (*self._audience(), *self._plan()):
            yield replace(row, before=was.get(row.field))

    def _objects(self) -> Iterator[DiffRow]:
        for number, (target, one) in enumerate(self.pack.assets.objects().items()):
            asset = f"{self.cycle}.{number}"
            match one:
                case Send():
                    yield from self._send(one, asset)
                case LineItem():
                    yield from self._line_item(target, one, asset)
                case Post():
                    yield self._post(one, asset)
        for target, state in self.pack.wanted_objects.items():
            if state is None:
                yield DiffRow(f"Taken away: {target}", "live", None)

    def _send(self, send: Send, asset: str) -> Iterator[DiffRow]:
        yield DiffRow("Mail", None, send.name, asset)
        yield DiffRow("Goes out", None, send.send_at.astimezone(self.zone))
        for variant in send.variants:
            share = f"{variant.share:.0%} of readers" if len(send.variants) > 1 else "all readers"
            if variant.leaves_out:
                share += f", without {', '.join(variant.leaves_out)}"
            # A letter names a variant of a test; "usual" is what those get who are kept from it.
            name = variant.name.upper() if len(variant.name) == 1 else variant.name
            yield DiffRow(f"Subject {name}", None, f"“{variant.subject}” ({share})")
        if send.hold_out:
            yield DiffRow("Kept from it for comparison", None, typed_share(send.hold_out))

    def _line_item(self, target: str, item: LineItem, asset: str) -> Iterator[DiffRow]:
        """Its daily budget always; of the rest what would be otherwise than what is live."""
        known = self.live.get(target)
        before = _parts(known, self.zone) if isinstance(known, dict) else {}
        for part, value in _parts(item.model_dump(), self.zone).items():
            is_first = part == _BUDGET
            if is_first or before.get(part) != value:
                name = f"Line item {item.name}, {part}"
                yield DiffRow(name, before.get(part), value, asset if is_first else "")

    def _post(self, post: Post, asset: str) -> DiffRow:
        at = show(post.publish_at.astimezone(self.zone))
        boost = f" (with {money(_boost(post))} behind it)" if post.boost_minor else ""
        words = post.text if len(post.text) <= 160 else post.text[:157] + "…"
        return DiffRow(f"{network_title(post.network)}, {at}", None, words + boost, asset)

    def _audience(self) -> Iterator[DiffRow]:
        audience = self.pack.plan.audience
        size = audience.expected_size
        people = f": {size:,} people" if size else ""
        yield DiffRow("Audience", None, ", ".join(audience.include) + people)
        if audience.exclude:
            yield DiffRow("Left out", None, ", ".join(audience.exclude))
        yield DiffRow("Spend it adds", None, self.pack.adds)

    def _plan(self) -> Iterator[DiffRow]:
        plan = self.pack.plan
        told = f"{' · '.join(plan.themes)}, {plan.angle.angle}"
        yield DiffRow("Theme and angle", None, _because(told, plan.angle))
        yield DiffRow("Offer", None, _because(plan.offer.offer or "none this time", plan.offer))
        if plan.hypothesis:
            tested = f"{plan.hypothesis.control} against {plan.hypothesis.treatment}"
            name = f"{plan.hypothesis.hypothesis}: {tested}"
            yield DiffRow("Tests", None, _because(name, plan.hypothesis))

    def _forecasts(self) -> Iterator[DiffRow]:
        currency = self.pack.brief.currency
        for one in self.pack.plan.forecasts:
            yield DiffRow(f"Expected {metric_name(one.metric).lower()}", None, band(one, currency))


def band(forecast: Forecast, currency: str) -> str:
    """``19 (80% interval 12 to 27)``, in the units of the metric."""
    values = (forecast.mean, forecast.low, forecast.high)
    mean, low, high = (show(measured(forecast.metric, one, currency)) for one in values)
    return f"{mean} (80% interval {low} to {high})"


def choices(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Every decision of a plan with its reason and how many sources it cites."""
    return tuple((name, f"{one.why} [{_sources(one)}]") for name, one in plan.elements)


def typed_share(share: float) -> str:
    """A share in [0, 1] as ``10% of the audience``, in whole percents."""
    return f"{share:.0%} of the audience"


def _because(what: str, choice: Choice) -> str:
    return f"{what}: {choice.why}" if choice.why else what


def _sources(choice: Choice) -> str:
    return ", ".join(dict.fromkeys(citation.source for citation in choice.citations)) or "no source"


def _parts(state: dict[str, Any], zone: ZoneInfo) -> dict[str, Value]:
    """A line item as people ask about it: its budget, its end, what it shows and where."""
    until = state["until"]
    ends = typed("until", until, "", zone) if isinstance(until, str) else until.astimezone(zone)
    return {
        _BUDGET: Money(minor=state["daily_budget_minor"], currency=state["currency"]),
        "until": ends,
        "ads": ", ".join(one["name"] for one in state["creatives"]),
        "placements": in_words(state.get("placements") or {}) or "the platform’s own choice",
        "status": state["status"],
    }


def _boost(post: Post) -> Money:
    return Money(minor=post.boost_minor, currency=post.currency)
