"""One decision answers its five questions from what the gate, the pack and the evidence say."""

from datetime import timedelta

import pytest

from drumbeat.app.pages.naming import source_title
from drumbeat.core.money import Money
from drumbeat.store import proposals
from drumbeat.web.views.asset import MailPreview, PostPreview
from drumbeat.web.views.decision import CheckState, DecisionView, Verb
from tests.app.pages.world import LAUNCH, World


@pytest.fixture
def launch(seen: World) -> DecisionView:
    asked = seen.waiting(LAUNCH)[0].proposal
    view = seen.services.decisions.decision(asked.id, seen.person("dana"))
    assert view is not None
    return view


def test_a_launch_shows_everything_that_goes_out(seen: World, launch: DecisionView) -> None:
    asked = seen.waiting(LAUNCH)[0].proposal
    after = asked.action.after
    assert isinstance(after, dict)
    fields = [row.field for row in launch.diff]
    kinds = {"send": "Mail", "line_item": "Line item", "post": "Mastodon"}
    wanted = after["wanted"]
    assert isinstance(wanted, dict)
    for target in wanted:
        named = kinds[target.partition(":")[0]]
        assert any(field.startswith(named) for field in fields), (target, fields)
    assert {"Audience", "Theme and angle", "Offer", "Spend it adds"} <= set(fields)
    assert any(field.startswith("Expected ") for field in fields)
    shown = [row.asset_id for row in launch.diff if row.asset_id]
    assert len(shown) == len(wanted)
    page = seen.browser("dana")
    assert {page.get(f"/assets/{one}").status_code for one in shown} == {200}


def test_a_line_item_shows_its_budget_and_what_would_be_otherwise(seen: World) -> None:
    with seen.demo.app.database.read() as connection:
        asked = proposals.of_kind(connection, LAUNCH, seen.now - timedelta(days=60))
    ads = [one for one in asked if one.proposal.action.campaign == "retargeting-evergreen"]
    first = max(ads, key=lambda one: one.proposal.proposed_at).proposal
    view = seen.services.decisions.decision(first.id, seen.person("dana"))
    assert view is not None
    rows = {row.field: row for row in view.diff if row.field.startswith("Line item ")}
    assert set(rows) == {"Line item site-visitors, a day", "Line item cart-abandoners, a day"}
    assert all(isinstance(row.after, Money) and row.asset_id for row in rows.values())
    assert not any(row.is_change for row in rows.values())  # it is live as it was approved


def test_a_launch_is_read_beside_the_cycle_before_it(launch: DecisionView) -> None:
    rows = {row.field: row for row in launch.diff}
    assert not rows["Audience"].is_change
    assert rows["Theme and angle"].before is not None
    assert rows["Theme and angle"].before == rows["Theme and angle"].after
    assert all(row.before is None for name, row in rows.items() if name.startswith("Expected "))


def test_everything_the_plan_cites_is_a_signal_with_its_source(
    seen: World, launch: DecisionView
) -> None:
    asked = seen.waiting(LAUNCH)[0].proposal
    cited = {(one.text, source_title(one.source)) for one in asked.evidence}
    assert cited
    assert {(signal.text, signal.source) for signal in launch.signals} == cited


def test_the_rule_names_who_must_agree(launch: DecisionView) -> None:
    assert "approver for brand or manager" in launch.rule


def test_what_happens_without_an_answer_is_said(launch: DecisionView) -> None:
    assert launch.if_nothing.startswith("Nothing goes out for ")
    assert "lapses" in launch.if_nothing


def test_checks_say_what_passed_and_what_asks(launch: DecisionView) -> None:
    states = [line.state for line in launch.checks]
    assert CheckState.WARNING in states
    assert CheckState.PASSED in states
    assert CheckState.FAILED not in states


def test_a_launch_is_previewed(launch: DecisionView) -> None:
    assert launch.preview is not None
    assert launch.preview.asset_id == f"{launch.cycle_id}.0"


def test_a_launch_says_how_long_its_approval_can_be_undone(launch: DecisionView) -> None:
    assert launch.hold == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("account", "may_approve", "says"),
    [
        pytest.param("dana", True, "", id="a manager"),
        pytest.param("mei", True, "", id="the brand's approver"),
        pytest.param("tomas", False, "takes approver for brand or manager", id="an analyst"),
    ],
)
def test_only_those_who_may_are_offered_approval(
    seen: World, account: str, may_approve: bool, says: str
) -> None:
    asked = seen.waiting(LAUNCH)[0].proposal
    view = seen.services.decisions.decision(asked.id, seen.person(account))
    assert view is not None
    assert (Verb.APPROVE in view.verbs) is may_approve
    assert says in view.barred
    assert Verb.REJECT in view.verbs


def test_an_answered_decision_offers_nothing_and_says_who(seen: World) -> None:
    entry = seen.entries("approved")[-1]
    view = seen.services.decisions.decision(entry.subject, seen.person("dana"))
    assert view is not None
    assert view.verbs == frozenset()
    assert view.answered is not None
    assert view.answered.word == "approved"
    assert view.answered.by in ("Mei Tanaka", "Dana Okafor", "Jon Becker")


def test_a_decision_there_is_not_is_none(seen: World) -> None:
    assert seen.services.decisions.decision("prop-nothing", seen.person("dana")) is None


def test_every_asset_of_the_cycle_has_a_page(seen: World, launch: DecisionView) -> None:
    assets = seen.services.assets
    assert assets is not None
    first = assets.asset(f"{launch.cycle_id}.0")
    assert first is not None
    assert first.proposal_id == launch.item.id
    assert assets.asset(f"{launch.cycle_id}.999") is None
    assert assets.asset("no-such") is None


def test_a_mail_reads_differently_for_a_reader_nobody_knows(seen: World) -> None:
    sent = next(e for e in seen.entries("launched") if e.campaign == "weekly-newsletter")
    assets = seen.services.assets
    assert assets is not None
    view = assets.asset(f"{sent.cycle}.0")
    assert view is not None
    mail = view.variants[0].previews[0]
    assert isinstance(mail, MailPreview)
    assert "Mira" in mail.html["mira"]
    assert "Mira" not in mail.html["unknown"]
    assert not [html for html in mail.html.values() if "{{" in html]


def test_a_post_is_counted_as_its_network_counts(seen: World) -> None:
    sent = next(e for e in seen.entries("launched") if e.campaign == "social-calendar")
    assets = seen.services.assets
    assert assets is not None
    view = assets.asset(f"{sent.cycle}.0")
    assert view is not None
    post = view.variants[0].previews[0]
    assert isinstance(post, PostPreview)
    assert 0 < post.length <= post.limit
