"""Means: whether both arms of a claim can be made on a campaign's surface, and what is missing."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import time

from drumbeat.agents.planning.case import PlanningCase
from drumbeat.agents.writers.places import in_amount
from drumbeat.core.campaign.angle import Angle, angles_of
from drumbeat.core.campaign.cadence import Weekday
from drumbeat.core.campaign.campaign import CampaignType, Slot
from drumbeat.core.campaign.objects import NOBODY, Breadth, Pacing
from drumbeat.core.campaign.variable import Variable
from drumbeat.core.experiments.arm import Arm
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.varied import carrier_of, setting_of, settings_of
from drumbeat.core.governance.action import Channel
from drumbeat.core.money import Money

STYLES = ("benefit", "curiosity", "direct")
HOOKS = ("question", "fact", "scene", "number", "quote")
FRAMINGS = ("share", "amount")
CTAS = ("shop", "next-step")
# When posts go out where the campaign names no slots.
DEFAULT_SLOTS = (
    Slot(weekday=Weekday.MON, at=time(12, 30)),
    Slot(weekday=Weekday.WED, at=time(17, 30)),
    Slot(weekday=Weekday.FRI, at=time(12, 30)),
)
DAYS = 7
BIDS = ("lowest_cost", "maximize_conversions", "target_cpa")
# What a connection must be able to do for a setting to differ within one campaign.
_MEANS = {
    Channel.EMAIL: {"hour": "dealt sends", "exclude": "dealt counts"},
    Channel.ADS: dict.fromkeys(("breadth", "exclude", "bid_strategy", "pacing"), "trials"),
}
_ONCE = ("unsubscribe_rate", "spam_complaint_rate")
# Nobody is mailed or posted to outside these local hours, whatever a claim says.
_FIRST_HOUR, _LAST_HOUR = 7, 20


def lacking(claim: Hypothesis, control: Arm, treatment: Arm, case: PlanningCase) -> str:
    """What keeps the arms from being made here, in words; empty where nothing does."""
    names = settings_of(claim, case.brief.channels)
    if not names:
        channels = " or ".join(case.brief.channels)
        return f"no setting of {channels} stands for {', '.join(claim.variables)} yet"
    if case.bench and (why := unable(claim, case.brief.channels, case.bench.means)):
        return why
    if why := _biased(claim, case):
        return why
    return next((why for n in names if (why := _lacks(n, control, treatment, case))), "")


def unable(claim: Hypothesis, channels: Collection[Channel], means: Collection[str]) -> str:
    """What the campaign's connections would have to be able to do; empty where they are."""
    needs = _MEANS.get(carrier_of(claim, channels) or Channel.WORKSPACE, {})
    asked = (needs[name] for name in settings_of(claim, channels) if name in needs)
    missing = next((need for need in asked if need not in means), "")
    return f"the connection cannot do it: it lacks {missing!r}" if missing else ""


def _biased(claim: Hypothesis, case: PlanningCase) -> str:
    """Why leaving people out cannot be judged by the claim's metric. People keep their arm over all
    mails, so that it has to be something a person does once: leaving, or complaining."""
    is_mailed = carrier_of(claim, case.brief.channels) is Channel.EMAIL
    if not is_mailed or Variable.AUDIENCE_EXCLUSION not in claim.variables:
        return ""
    if claim.metric in _ONCE:
        return ""
    once = " or ".join(one.replace("_", " ") for one in _ONCE)
    metric = claim.metric.replace("_", " ")
    return f"leaving people out of mails is judged by {once}; keep {metric} as a guardrail"


def _lacks(name: str, control: Arm, treatment: Arm, case: PlanningCase) -> str:
    values = [setting_of(arm, name) for arm in (control, treatment)]
    if not all(values) or values[0] == values[1]:
        return f"its arms do not say which {name} each has (settings.{name})"
    check = _CHECKS[name]
    arms = zip(values, (control, treatment), strict=True)
    return next((why for value, arm in arms if (why := check(value, arm, case))), "")


def target_cost(arm: Arm, currency: str = "") -> Money | None:
    """The cost per conversion an arm bids for; None where it names none (in this currency)."""
    try:
        found = Money.parse(str(arm.settings.get("target", "")))
    except ValueError:
        return None
    return found if currency in ("", found.currency) and found.minor > 0 else None


def _one_of(known: tuple[str, ...], what: str) -> "Check":
    def check(value: str, arm: Arm, case: PlanningCase) -> str:
        return "" if value in known else f"there are no words for the {what} {value!r}"

    return check


def _angle(value: str, arm: Arm, case: PlanningCase) -> str:
    return "" if value in set(_angles(case)) else f"no piece can be argued by the angle {value!r}"


def _angles(case: PlanningCase) -> Iterator[str]:
    for piece in case.content:
        if Channel.ADS in piece.channels:
            yield from angles_of(piece)
    yield from (creative.angle for item in case.live for creative in item.creatives)
    if case.brief.type is CampaignType.RETARGETING:
        yield Angle.REMINDER


def _hour(value: str, arm: Arm, case: PlanningCase) -> str:
    fits = value.isdigit() and _FIRST_HOUR <= int(value) <= _LAST_HOUR
    return "" if fits else f"{value} is no hour from {_FIRST_HOUR} to {_LAST_HOUR}"


def _framing(value: str, arm: Arm, case: PlanningCase) -> str:
    if value not in FRAMINGS:
        return f"there are no words for the framing {value!r}"
    named = (case.offers[name] for name in case.brief.offers if name in case.offers)
    can = any(in_amount(offer) for offer in named)
    return "" if can else "no offer names both a price and a share off it in its headline"


def _exclude(value: str, arm: Arm, case: PlanningCase) -> str:
    if value == NOBODY and Channel.EMAIL in case.brief.channels:
        return ""
    return "" if value in case.segments else f"data/segments.yaml has no segment {value!r}"


def _posts_a_week(value: str, arm: Arm, case: PlanningCase) -> str:
    slots = len(case.slots or DEFAULT_SLOTS)
    if not value.isdigit() or not 1 <= int(value) <= slots:
        return f"{value} is no number of posts from 1 to the campaign's {slots} slots"
    return "" if round(case.brief.days) == DAYS else "the campaign's cycles are not weeks"


def _bid(value: str, arm: Arm, case: PlanningCase) -> str:
    if value not in BIDS:
        return f"no bid is called {value!r}; there are {', '.join(BIDS)}"
    if value == "target_cpa" and target_cost(arm, case.brief.currency) is None:
        return f"a target cost needs settings.target, such as {case.brief.currency} 16.00"
    return ""


Check = Callable[[str, Arm, PlanningCase], str]
_CHECKS: Mapping[str, Check] = {
    "style": _one_of(STYLES, "subject style"),
    "hook": _one_of(HOOKS, "hook"),
    "angle": _angle,
    "hour": _hour,
    "framing": _framing,
    "cta": _one_of(CTAS, "call to action"),
    "breadth": _one_of(tuple(Breadth), "breadth"),
    "exclude": _exclude,
    "bid_strategy": _bid,
    "pacing": _one_of(tuple(Pacing), "pacing"),
    "posts_a_week": _posts_a_week,
}
