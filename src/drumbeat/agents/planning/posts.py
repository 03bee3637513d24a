"""Posts: a week of topics, hooks, networks and times."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from drumbeat.agents.planning import testing
from drumbeat.agents.planning.case import PlanningCase
from drumbeat.agents.planning.heeding import heeded
from drumbeat.agents.planning.means import DAYS, DEFAULT_SLOTS, HOOKS
from drumbeat.core.campaign.cadence import Weekday
from drumbeat.core.campaign.campaign import Slot
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.content import ContentKind, Piece
from drumbeat.core.campaign.lesson import LessonElement
from drumbeat.core.campaign.plan import AngleChoice, OfferChoice, PostPlan
from drumbeat.core.campaign.tally import Ranked, rank
from drumbeat.core.campaign.theme import ThemeChoice, cite_piece, themes_for
from drumbeat.core.experiments.assignment import arm_of, arm_of_week
from drumbeat.core.governance.action import Channel

# What the setting is called that a winning test, or a person, decides.
HOOK = "hook"
POST_HOUR = "post_hour"
POSTS_A_WEEK = "posts_a_week"
_NUMBERED = 3


def plan(case: PlanningCase) -> tuple[AngleChoice, OfferChoice, tuple[PostPlan, ...]] | str:
    """What to publish, or a sentence about what is missing for it."""
    brief = case.brief
    if not case.networks:
        return "the networks the social connection publishes to"
    themes = themes_for(
        brief,
        case.content,
        case.dossier,
        case.context,
        channel=Channel.SOCIAL,
        element=LessonElement.TOPIC,
        at=brief.occurrence_at,
    )
    themes = heeded(case, themes, "social.schedule_post")
    if not themes:
        return "a piece in data/content.yaml for social, in stock, on one of the campaign's themes"
    posts = tuple(_posts(case, themes))
    if not posts:
        return "an open day with a slot before the cycle ends"
    return _angle(posts), _no_offer(case), posts


def _posts(case: PlanningCase, themes: tuple[ThemeChoice, ...]) -> Iterator[PostPlan]:
    """One story a slot, told on every network; pieces and hooks take turns."""
    told: list[str] = []
    hooks: list[str] = []
    for number, (moment, slot) in enumerate(_as_often(case, _moments(case))):
        theme = _theme_for(slot, themes, number)
        piece = _unseen(theme, told)
        hook = _hook_for(case, piece, hooks)
        told.append(piece.id)
        hooks.append(hook.subject)
        for network in case.networks:
            dealt = _dealt(case, moment, network)
            opened = dealt.get("hook", "")
            chosen = hook if opened not in hooks_of(piece) else _hook(case, opened)
            hour = dealt.get("hour", "")
            at = _hour_of(case, moment, hour or case.chosen(POST_HOUR))
            own = {"hour": hour} if hour and at else {}
            own |= {name: dealt[name] for name in (POSTS_A_WEEK,) if name in dealt}
            yield _post(case, at or moment, theme, piece, chosen, network, own)


def _moments(case: PlanningCase) -> list[tuple[datetime, Slot]]:
    """The slots of the cycle's open days that can still be made, in order."""
    zone = ZoneInfo(case.brief.timezone)
    first = case.brief.occurrence_at.astimezone(zone).date()
    found: list[tuple[datetime, Slot]] = []
    for offset in range(int(case.brief.days) + 2):
        day = first + timedelta(days=offset)
        for slot in case.slots or DEFAULT_SLOTS:
            if list(Weekday)[day.weekday()] is slot.weekday and day not in case.closed:
                local = datetime.combine(day, slot.at, zone)
                found.append((local.astimezone(ZoneInfo("UTC")), slot))
    start = max(case.earliest, case.brief.occurrence_at)
    return sorted(
        ((at, slot) for at, slot in found if start <= at < case.brief.ends_at),
        key=lambda pair: pair[0],
    )


def _as_often(
    case: PlanningCase, moments: list[tuple[datetime, Slot]]
) -> list[tuple[datetime, Slot]]:
    """As many slots as the week's arm, or what won a test, asks for, spread over the week."""
    asked = _dealt(case, case.brief.occurrence_at, "").get(POSTS_A_WEEK)
    wanted = asked or case.chosen(POSTS_A_WEEK)
    if not wanted.isdigit() or not 0 < int(wanted) < len(moments):
        return moments
    step = len(moments) / int(wanted)
    return [moments[int((number + 0.5) * step)] for number in range(int(wanted))]


def _theme_for(slot: Slot, themes: tuple[ThemeChoice, ...], number: int) -> ThemeChoice:
    named = next((theme for theme in themes if theme.theme == slot.theme), None)
    return named or themes[number % len(themes)]


def _unseen(theme: ThemeChoice, told: list[str]) -> Piece:
    """The theme's freshest piece that this week has not shown; the least shown when all were."""
    return min(theme.pieces, key=lambda piece: told.count(piece.id))


def hooks_of(piece: Piece) -> tuple[str, ...]:
    """The openings a piece has words for."""
    found = ["question", "fact"]
    found += ["scene"] if piece.kind in (ContentKind.STORY, ContentKind.EVENT) else []
    found += ["number"] if len(piece.points) >= _NUMBERED else []
    found += ["quote"] if piece.quote else []
    return tuple(hook for hook in HOOKS if hook in found)


def _hook_for(case: PlanningCase, piece: Piece, used: list[str]) -> Ranked:
    """The best hook the week has used least; one that won a test may come twice as often."""
    ranked = rank(hooks_of(piece), case.dossier.tallies, case.brief.lessons, LessonElement.HOOK)
    winner = case.chosen(HOOK)
    return min(
        ranked,
        key=lambda one: used.count(one.subject) // (2 if one.subject == winner else 1),
    )


def _dealt(case: PlanningCase, moment: datetime, network: str) -> dict[str, str]:
    """What the running test deals to a post, such as its hook or hour, or to the whole week;
    nothing without a test."""
    varied = testing.varied_by(case)
    if case.test is None or not varied:
        return {}
    made = case.test
    if made.is_by_week:
        day = case.brief.occurrence_at.astimezone(ZoneInfo(case.brief.timezone)).date()
        arms = made.arms.control.id, made.arms.treatment.id
        dealt = arm_of_week(day.toordinal() // DAYS, made.seal, arms)
    else:
        unit = f"{case.brief.cycle}/{moment.isoformat()}/{network}"
        dealt = arm_of(unit, made.seal, made.arms.shares)
    number = 0 if dealt == made.arms.control.id else 1
    return {name: values[number] for name, values in varied.items()}


def _hour_of(case: PlanningCase, moment: datetime, hour: str) -> datetime | None:
    """The slot moved to an hour of its day, its minutes kept; None where that is over."""
    if not hour:
        return moment
    local = moment.astimezone(ZoneInfo(case.brief.timezone)).replace(hour=int(hour))
    at = local.astimezone(ZoneInfo("UTC"))
    return at if max(case.earliest, case.brief.occurrence_at) <= at < case.brief.ends_at else None


def _hook(case: PlanningCase, hook: str) -> Ranked:
    return rank((hook,), case.dossier.tallies, case.brief.lessons, LessonElement.HOOK)[0]


def _post(
    case: PlanningCase,
    moment: datetime,
    theme: ThemeChoice,
    piece: Piece,
    hook: Ranked,
    network: str,
    settings: dict[str, str],
) -> PostPlan:
    shown = cite_piece(piece, case.dossier)
    return PostPlan(
        network=network,
        topic=theme.theme,
        hook=hook.subject,
        format="image" if piece.image else "link",
        piece=piece.id,
        publish_at=moment,
        settings=settings,
        why=f"{theme.why}; opened with a {hook.subject}",
        citations=tuple(dict.fromkeys((*theme.citations, *hook.citations, shown))),
    )


def _angle(posts: tuple[PostPlan, ...]) -> AngleChoice:
    topics = ", ".join(dict.fromkeys(post.topic.replace("-", " ") for post in posts))
    return AngleChoice(
        theme=posts[0].topic,
        angle="conversation",
        why=f"{len(posts)} posts about {topics}",
        citations=posts[0].citations,
    )


def _no_offer(case: PlanningCase) -> OfferChoice:
    listed = ", ".join(case.brief.offers) or "none"
    text = f"offers allowed: {listed}"
    return OfferChoice(
        why="posts earn attention; they sell nothing this cycle",
        citations=(Citation(source=case.brief.source, text=text),),
    )
