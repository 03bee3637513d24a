"""Placements: where on the platforms the arms of a running test are to be seen."""

from collections.abc import Iterator, Mapping

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.objects import LineItem, PlatformObject, Post, Send, Variant
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.varied import SETTINGS, setting_of
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

_ARMS = 2


class Part(Noun):
    """The part of an object that is one arm: the value of a dimension of its readings; the whole
    object where there is no dimension."""

    dimension: str = ""
    value: str = ""


class Placement(Noun):
    """An object that carries arms of a test since ``at``: the part of it that is each arm."""

    experiment: str
    target: str
    cycle: str
    at: Moment
    parts: dict[str, Part]


def placements(experiment: Experiment, assets: Assets, now: Moment) -> tuple[Placement, ...]:
    """The objects of a cycle launched by ``now`` in which the arms are seen.

    Mails or a line item are in the test only with both arms in them: one alone has nothing beside
    it. A post is one arm as a whole.
    """
    found = [
        Placement(
            experiment=experiment.id,
            target=target,
            cycle=assets.cycle,
            at=_moment(one, now),
            parts=dict(_parts(experiment, one)),
        )
        for target, one in assets.objects().items()
        if _is_meant(experiment, one)
    ]
    mailed = {arm for place in found if place.target.startswith("send:") for arm in place.parts}
    return tuple(one for one in found if _is_whole(one, mailed))


def _is_whole(place: Placement, mailed: set[str]) -> bool:
    match place.target.partition(":")[0]:
        case "post":
            return len(place.parts) == 1
        case "send":
            return bool(place.parts) and len(mailed) == _ARMS
        case _:
            return len(place.parts) == _ARMS


def _is_meant(experiment: Experiment, one: PlatformObject) -> bool:
    """Ads are aimed by line item; a mail's people are told apart when they are counted."""
    wanted = set(experiment.hypothesis.audience)
    return not isinstance(one, LineItem) or not wanted or bool(wanted & set(one.segments))


def _moment(one: PlatformObject, now: Moment) -> Moment:
    match one:
        case Send(send_at=at) | Post(publish_at=at):
            return at
        case LineItem():
            return now


def _parts(experiment: Experiment, one: PlatformObject) -> Iterator[tuple[str, Part]]:
    names = [SETTINGS.get((v, one.object), "") for v in experiment.hypothesis.variables]
    for arm in (experiment.arms.control, experiment.arms.treatment):
        wanted = {name: setting_of(arm, name) for name in names}
        part = _part(experiment, one, arm.id, wanted) if all(wanted.values()) else None
        if part is not None:
            yield arm.id, part


def _part(
    experiment: Experiment, one: PlatformObject, arm: str, wanted: Mapping[str, str]
) -> Part | None:
    match one:
        case Send():
            served = (v for v in one.arms if one.serves(v.name))
            named = next((v.name for v in served if _sets(v, wanted)), None)
            return Part(dimension="variant", value=named) if named else None
        case LineItem() if one.trial is not None:
            if one.trial.salt != experiment.seal:
                return None
            return Part(dimension="trial_arm", value=arm)
        case LineItem():
            angle = wanted.get("angle")
            named = next((c.name for c in one.creatives if c.angle == angle), None)
            alone = len(wanted) == 1
            return Part(dimension="creative", value=named) if named and alone else None
        case Post():
            mine = {"hook": one.hook, **one.settings}
            return Part() if all(mine.get(n) == v for n, v in wanted.items()) else None


def _sets(variant: Variant, wanted: Mapping[str, str]) -> bool:
    return all(variant.setting(name) == value for name, value in wanted.items())
