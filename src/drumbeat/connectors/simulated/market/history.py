"""History: the market's past as rows a marketer would export from their tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.connectors.simulated.market.figure import Figure
from drumbeat.connectors.simulated.market.past import Vocabulary, play
from drumbeat.connectors.simulated.market.scenario import Scenario
from drumbeat.connectors.simulated.market.world import World
from drumbeat.core.money import Money

Row = dict[str, str | int | float]


@dataclass(frozen=True)
class History:
    """Exports by kind. Money columns are major units of the market's currency."""

    email: list[Row]
    ads: list[Row]
    social: list[Row]
    kpi: list[Row]


def history(
    scenario: Scenario,
    start: datetime,
    seed: int,
    *,
    weeks: int = 26,
    words: Vocabulary | None = None,
) -> History:
    """What happened in the weeks before ``start``, as known at that moment.

    Mail by send and segment, ads by day and creative, posts one by one, the shop by day. Takes
    about a millisecond for each simulated hour.
    """
    world = play(scenario, start, seed, weeks, words or Vocabulary())
    return _Export(world, start - timedelta(weeks=weeks), weeks).history()


class _Export:
    def __init__(self, world: World, before: datetime, weeks: int) -> None:
        self._world, self._before = world, before
        self._days = [before + timedelta(days=day) for day in range(7 * weeks)]
        self._objects = world.objects(world.as_of)

    def history(self) -> History:
        return History(
            email=list(self._email()),
            ads=list(self._ads()),
            social=list(self._social()),
            kpi=[self._kpi(day) for day in self._days],
        )

    def _email(self) -> Iterator[Row]:
        for target, found in self._objects.items():
            if target.startswith("send:"):
                send = found.object.model_dump(mode="json")
                sent = send["send_at"]
                for segment, counted in self._by(target, "segment").items():
                    yield {
                        "date": sent[:10],
                        "sent_at": sent,
                        "campaign": "past-newsletter",
                        "subject": send["variants"][0]["subject"],
                        "style": send["variants"][0]["style"],
                        **{label: send[label] for label in ("theme", "angle", "offer")},
                        "segment": segment,
                        **counted,
                    }

    def _ads(self) -> Iterator[Row]:
        for target, found in self._objects.items():
            if target.startswith("line_item:"):
                item = found.object.model_dump(mode="json")
                angles = {c["name"]: (c["angle"], c["format"]) for c in item["creatives"]}
                for day in self._days:
                    for creative, counted in self._by(target, "creative", day).items():
                        angle, look = angles[creative]
                        yield {
                            "date": f"{day:%Y-%m-%d}",
                            "campaign": "past-ads",
                            "line_item": item["name"],
                            "audience": item["segments"][0],
                            "creative": creative,
                            "angle": angle,
                            "format": look,
                            **counted,
                        }

    def _social(self) -> Iterator[Row]:
        for target, found in self._objects.items():
            if target.startswith("post:"):
                post = found.object.model_dump(mode="json")
                labels = ("network", "topic", "hook", "format")
                yield {
                    "date": post["publish_at"][:10],
                    "published_at": post["publish_at"],
                    "campaign": "past-calendar",
                    **{label: post[label] for label in labels},
                    **self._total(target, self._before, self._world.as_of),
                }

    def _kpi(self, day: datetime) -> Row:
        return {
            "date": f"{day:%Y-%m-%d}",
            **self._total("site:shop", day, day + timedelta(days=1)),
        }

    def _by(self, target: str, dimension: str, day: datetime | None = None) -> dict[str, Row]:
        since, until = (self._before, self._world.as_of) if day is None else (day, day)
        figures = self._figures(target, since, until + timedelta(days=day is not None))
        rows: dict[str, Row] = {}
        for figure in figures:
            if set(figure.dimensions) == {dimension}:
                row = rows.setdefault(figure.dimensions[dimension], {})
                row[figure.metric] = self._cell(figure)
        return rows

    def _total(self, target: str, since: datetime, until: datetime) -> Row:
        figures = self._figures(target, since, until)
        return {f.metric: self._cell(f) for f in figures if not f.dimensions}

    def _figures(self, target: str, since: datetime, until: datetime) -> list[Figure]:
        return self._world.figures(target, since, until, self._world.as_of) or []

    def _cell(self, figure: Figure) -> int | float:
        if figure.metric in ("spend", "revenue"):
            minor = Money(minor=int(figure.value), currency=self._world.scenario.currency)
            return float(minor.major)
        return int(figure.value) if float(figure.value).is_integer() else round(figure.value, 3)
