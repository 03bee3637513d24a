"""Posts: put money behind the one that clearly works, take it away from the one that does not."""

from collections.abc import Iterator
from datetime import timedelta

from drumbeat.agents.improving.case import ImprovementCase, LivePost
from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.core.campaign.launch import difference
from drumbeat.core.campaign.lesson import Effect, ratio_effect
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.proposal import Evidence

# Attention decays; an older post is reused as a topic, not boosted.
_FRESH = timedelta(days=3)
_LEAST_IMPRESSIONS = 300.0
_LEAST_LIFT = 0.25
_OF_WHAT_IS_LEFT = 2


def suggestions(case: ImprovementCase) -> Iterator[Suggestion]:
    """At most one post to amplify, and every boosted one that disappoints."""
    seen = [one for one in case.posts if one.counts.get("impressions", 0.0) >= _LEAST_IMPRESSIONS]
    beside = [(one, effect) for one in seen if (effect := _beside(one, seen)) is not None]
    for one, effect in beside:
        if one.post.boost_minor and effect.high < 0 and one.target not in case.under_test:
            yield _suggest(case, one, effect, boost_minor=0)
    best = max(beside, key=lambda pair: pair[1].low, default=None)
    if best is not None and _is_worth_it(case, *best):
        assert case.boost_left is not None
        yield _suggest(case, *best, boost_minor=case.boost_left.minor // _OF_WHAT_IS_LEFT)


def _beside(one: LivePost, seen: list[LivePost]) -> Effect | None:
    """Engagements per impression beside those of the other posts on the same network."""
    peers = [p for p in seen if p is not one and p.post.network == one.post.network]
    return ratio_effect(
        round(one.counts.get("engagements", 0.0)),
        round(one.counts["impressions"]),
        round(sum(peer.counts.get("engagements", 0.0) for peer in peers)),
        round(sum(peer.counts["impressions"] for peer in peers)),
    )


def _is_worth_it(case: ImprovementCase, one: LivePost, effect: Effect) -> bool:
    money = case.boost_left is not None and case.boost_left.minor >= _OF_WHAT_IS_LEFT
    is_fresh = case.now - one.post.publish_at <= _FRESH
    is_plain = one.post.boost_minor == 0 and one.target not in case.under_test
    return money and is_fresh and is_plain and effect.low > 0 and effect.mean >= _LEAST_LIFT


def _suggest(
    case: ImprovementCase, one: LivePost, effect: Effect, *, boost_minor: int
) -> Suggestion:
    wanted = one.post.model_copy(
        update={"boost_minor": boost_minor, "currency": case.context.currency}
    )
    after, before = wanted.model_dump(mode="json"), one.post.model_dump(mode="json")
    verb = "amplify" if boost_minor else "stop amplifying"
    text = f"{effect.mean:+.0%} engagement ({effect.low:+.0%} to {effect.high:+.0%})"
    return Suggestion(
        actions=difference({one.target: after}, {one.target: before}, case.context),
        variable="reach",
        why=f"{verb} the post on {one.post.topic}: {text} beside its peers",
        evidence=(Evidence(text=text, source=one.target),),
        confidence=Confidence(
            effect=effect.mean,
            standard_error=max(1e-9, (effect.high - effect.low) / 3.92),
            sample_size=round(one.counts["impressions"]),
            signals=("engagement_rate",),
        ),
        gain=abs(effect.shrunk),
        if_nothing="the post reaches followers only" if boost_minor else "it goes on costing money",
    )
