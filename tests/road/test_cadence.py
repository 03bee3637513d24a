"""How often to post is tested by whole weeks; a loser is told, and the library believes it less."""

from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from drumbeat.app.demo import run_headless
from drumbeat.core.campaign.objects import Post
from drumbeat.store import experiments, ledger, objects
from tests.road.small_worlds import POSTS, social_world

_A_WEEK = timedelta(weeks=1)
_CLAIM = """  - id: H-90
    claim: Two posts a week bring more engagement than four that tire people.
    variables: [posting_cadence]
    channels: [social]
    metric: engagements
    guardrails: [negative_comment_share]
    expected: 30%
    evidence: A reader said so.
    control: {id: four, description: Four posts a week, settings: {posts_a_week: 4}}
    treatment: {id: two, description: Two posts a week, settings: {posts_a_week: 2}}
    min_weeks: 4
    pre_approved: true
    owner: mei
"""


def test_how_often_to_post_is_dealt_read_and_decided_by_whole_weeks(tmp_path: Path) -> None:
    demo = social_world(tmp_path, _CLAIM)
    try:
        run_headless(demo, 8)
        with demo.app.database.read() as connection:
            (made,) = experiments.every(connection)
            exposed = experiments.exposed(connection, made.experiment.id)
            told = list(reversed(ledger.latest(connection, limit=5_000)))
            posts = [Post.model_validate(o.state) for o in objects.of_campaign(connection, POSTS)]
    finally:
        demo.app.close()

    sizing, claim = made.experiment.sizing, made.experiment.hypothesis
    assert (claim.variables, sizing.mode) == (("posting_cadence",), "directional")
    (registered,) = [one.body for one in told if one.kind == "experiment_registered"]
    assert str(registered["cost"]).startswith("Of equal arms, 20% are called different")

    # A week is one unit as a whole, in all networks, and of every two weeks each arm has one.
    weeks: dict[str, list[Post]] = defaultdict(list)
    for post in sorted(posts, key=lambda one: one.publish_at):
        if post.settings:
            weeks[f"{post.publish_at:%G-W%V}"].append(post)
    asked = [{post.settings["posts_a_week"] for post in week} for week in weeks.values()]
    made_of = [len({post.publish_at for post in week}) for week in weeks.values()]
    assert [int(*one) for one in asked] == made_of
    assert sorted(made_of[:2]) == sorted(made_of[2:4]) == [2, 4]
    assert {(one.units, one.segment) for one in exposed} == {(1, "")}

    assert made.ended is not None
    assert made.ended.answer == "roll_back"
    (decided,) = [one for one in told if one.kind == "experiment_decided"]
    assert decided.body["reason"] == "the treatment is worse"
    assert "0 of 1 tests of posting_cadence won" in str(decided.body["taught"])
    assert "from 14% to 11%" in str(decided.body["taught"])
    assert not [one for one in told if one.body.get("action") == "experiment.roll_out"]
    assert all(not post.settings for post in posts if post.publish_at > decided.at + _A_WEEK)
    (retired,) = [
        one.body["change"]
        for one in told
        if one.kind == "judged" and one.body.get("action") == "hypothesis.change"
    ]
    assert "retired" in str(retired), "on Monday people are asked to retire the claim"
