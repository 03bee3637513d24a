"""Placements: where on the platforms the arms of a running test are to be seen."""

from collections.abc import Iterator, Mapping

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.objects import LineItem, PlatformObject, Post, Send
from drumbeat.core.campaign.variable import Variable
from drumbeat.core.experiments.arm import Arm
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

# What sets the arms apart, by variable and kind of object: the setting's name in the library.
SETTINGS: Mapping[tuple[Variable, str], str] = {
    (Variable.SUBJECT, "send"): "style",
    (Variable.CREATIVE, "line_item"): "angle",
    (Variable.CREATIVE, "post"): "hook",
}


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


def setting_of(arm: Arm, name: str) -> str:
    """What the arm sets, such as the style ``benefit``; empty where it sets nothing of the kind."""
    return str(arm.settings.get(name, "")).removesuffix("-led")


def placements(experiment: Experiment, assets: Assets, now: Moment) -> tuple[Placement, ...]:
    """The objects of a cycle launched by ``now`` in which the arms are seen.

    A mail or a line item is in the test only with both arms in it: one alone has nothing beside
    it. A post is one arm as a whole.
    """
    found = (
        Placement(
            experiment=experiment.id,
            target=target,
            cycle=assets.cycle,
            at=_moment(one, now),
            parts=dict(_parts(experiment, one)),
        )
        for target, one in assets.objects().items()
        if _is_meant(experiment, one)
    )
    return tuple(p for p in found if len(p.parts) == (1 if p.target.startswith("post:") else 2))


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
    for arm in (experiment.arms.control, experiment.arms.treatment):
        for variable in experiment.hypothesis.variables:
            wanted = setting_of(arm, SETTINGS.get((variable, one.object), ""))
            part = _part(one, wanted) if wanted else None
            if part is not None:
                yield arm.id, part


def _part(one: PlatformObject, wanted: str) -> Part | None:
    match one:
        case Send():
            named = next((v.name for v in one.arms if v.style == wanted), None)
            return Part(dimension="variant", value=named) if named else None
        case LineItem():
            named = next((c.name for c in one.creatives if c.angle == wanted), None)
            return Part(dimension="creative", value=named) if named else None
        case Post():
            return Part() if one.hook == wanted else None
