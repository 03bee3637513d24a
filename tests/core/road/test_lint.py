"""Every rule finds its violation, and what the builder makes has none."""

from typing import Any

import pytest

from drumbeat.core.campaign.copy_text import visible
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.campaign.lint import RULES, ReviewCase
from drumbeat.core.campaign.objects import Creative, LineItem, Post, Send
from tests.agents.desk import review_case
from tests.core.road.shop import ads_brief, brief, social_brief

MAIL = review_case(brief())
ADS = review_case(ads_brief())
SOCIAL = review_case(social_brief())


def lint(case: ReviewCase) -> list[ReviewFinding]:
    return [found for rule in RULES for found in rule(case)]


def mail(**changes: Any) -> ReviewCase:
    """The mail case with its first variant changed."""
    (made,) = MAIL.assets.sends
    first = made.variants[0].model_copy(update=changes)
    sent: Send = made.model_copy(update={"variants": (first, *made.variants[1:])})
    return _with(MAIL, sends=(sent,))


def replaced(part: str, old: str, new: str) -> ReviewCase:
    text: str = getattr(MAIL.assets.sends[0].variants[0], part)
    assert old in text
    return mail(**{part: text.replace(old, new)})


def ad(**changes: Any) -> ReviewCase:
    item: LineItem = ADS.assets.line_items[0]
    first: Creative = item.creatives[0].model_copy(update=changes)
    changed = item.model_copy(update={"creatives": (first, *item.creatives[1:])})
    return _with(ADS, line_items=(changed, *ADS.assets.line_items[1:]))


def said(**changes: Any) -> ReviewCase:
    first: Post = SOCIAL.assets.posts[0].model_copy(update=changes)
    return _with(SOCIAL, posts=(first, *SOCIAL.assets.posts[1:]))


def _with(case: ReviewCase, **parts: Any) -> ReviewCase:
    assets = case.assets.model_copy(update=parts)
    return ReviewCase(**{**vars(case), "assets": assets})


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(MAIL, id="mail"),
        pytest.param(ADS, id="ads"),
        pytest.param(SOCIAL, id="social"),
    ],
)
def test_what_the_builder_makes_passes_every_rule(case: ReviewCase) -> None:
    assert lint(case) == []


@pytest.mark.parametrize(
    ("case", "rule", "severity", "text"),
    [
        pytest.param(
            ad(headlines=("A headline that is far too long to fit", "b", "c")),
            "lint.length",
            Severity.BLOCK,
            "38 characters, 30 fit",
            id="headline",
        ),
        pytest.param(
            ad(descriptions=("x" * 91, "b")), "lint.length", Severity.BLOCK, "91", id="description"
        ),
        pytest.param(mail(subject="x" * 61), "lint.length", Severity.WARN, "61", id="subject"),
        pytest.param(
            said(text="x" * 501), "lint.length", Severity.BLOCK, "501 characters, 500", id="caption"
        ),
        pytest.param(
            ad(headlines=("Tea!", "b", "c")), "lint.shouting", Severity.BLOCK, "shout", id="shout"
        ),
        pytest.param(
            mail(preheader="For {{first_name}}"),
            "lint.merge",
            Severity.BLOCK,
            "no fallback",
            id="merge",
        ),
        pytest.param(
            mail(preheader="Use code SPRING40"),
            "lint.offer",
            Severity.BLOCK,
            "code SPRING40 is not the code",
            id="invented code",
        ),
        pytest.param(
            mail(preheader="Now for EUR 19"),
            "lint.price",
            Severity.BLOCK,
            "EUR 19.00 is neither",
            id="wrong price",
        ),
        pytest.param(
            mail(preheader="Only €9.90 today"), "lint.price", Severity.BLOCK, "EUR 9.90", id="sign"
        ),
        pytest.param(
            said(text="This tea cures colds."),
            "lint.claim.health",
            Severity.BLOCK,
            "says “cures”",
            id="forbidden claim",
        ),
        pytest.param(
            mail(subject="The best  tea in town"),
            "lint.claim.best",
            Severity.APPROVAL,
            "Must be proven",
            id="claim for legal",
        ),
        pytest.param(
            ad(landing_url="https://elsewhere.example/x"),
            "lint.link",
            Severity.BLOCK,
            "not ours",
            id="foreign link",
        ),
        pytest.param(
            said(link="http://fernhill.example/x"),
            "lint.link",
            Severity.BLOCK,
            "not ours",
            id="not https",
        ),
        pytest.param(
            ad(landing_url="https://fernhill.example/x?utm_source=Ads&utm_medium=cpc"),
            "lint.utm",
            Severity.BLOCK,
            "utm_source is Ads",
            id="capital in a parameter",
        ),
        pytest.param(
            replaced("html", "{{unsubscribe_url}}", "https://fernhill.example/"),
            "lint.unsubscribe",
            Severity.BLOCK,
            "no unsubscribe link",
            id="no way to leave",
        ),
        pytest.param(
            replaced("text", "28199 Bremen", ""),
            "lint.address",
            Severity.BLOCK,
            "postal address is missing",
            id="no address",
        ),
        pytest.param(
            replaced("html", "</body>", f"<!--{'x' * 110_000}--></body>"),
            "lint.size",
            Severity.BLOCK,
            "Gmail clips",
            id="clipped",
        ),
    ],
)
def test_each_rule_finds_its_violation(
    case: ReviewCase, rule: str, severity: Severity, text: str
) -> None:
    found = [one for one in lint(case) if one.rule == rule]
    assert found
    assert found[0].severity is severity
    assert text in found[0].text
    assert found[0].subject
    assert found[0].fix


def test_a_budget_that_was_not_planned_is_found() -> None:
    richer = ADS.assets.line_items[0].model_copy(update={"daily_budget_minor": 99_999})
    case = _with(ADS, line_items=(richer, *ADS.assets.line_items[1:]))
    assert [one.rule for one in lint(case)] == ["lint.budget"]


def test_a_price_the_inventory_vouches_for_is_allowed() -> None:
    case = mail(preheader="A pot for EUR 19")
    vouched = ReviewCase(**{**vars(case), "vouched": frozenset({"A pot for EUR 19."})})
    assert [one.rule for one in lint(case)] == ["lint.price"]
    assert lint(vouched) == []


def test_the_offers_own_price_is_allowed() -> None:
    assert MAIL.plan.offer.offer == "tasting-set"
    assert lint(mail(preheader="Six teas for EUR 24, as promised")) == []


def test_a_word_inside_another_is_no_claim() -> None:
    assert lint(said(text="She is the curesmith of the village.")) == []


def test_readers_see_words_not_markup() -> None:
    page = "<html><head><title>No</title><style>p{}</style></head><p>Yes &amp; no</p></html>"
    assert visible(page) == "Yes & no"


def test_rules_are_plain_functions() -> None:
    assert all(callable(rule) and rule.__doc__ for rule in RULES)
