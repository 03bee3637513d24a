"""Ordinary campaigns are left alone; a violation put into any of them is found."""

import pytest

from drumbeat.agents.reviewer import Reviewer
from drumbeat.core.campaign.finding import ReviewFinding, Severity, blocking
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.rule_set import check_files, rule_set
from drumbeat.core.governance.action import Channel
from tests.core.compliance.cases import rule
from tests.core.compliance.ordinary import SENTENCES, UNSEEN, ads, mails, posts
from tests.core.compliance.seeds import SEEDS

TEMPLATES = 20
MAILS = 100
MADE = {Channel.EMAIL: mails, Channel.ADS: ads, Channel.SOCIAL: posts}


def review(case: ComplianceCase) -> tuple[ReviewFinding, ...]:
    answer = Reviewer(rules=rule_set()).review(case)
    assert isinstance(answer, tuple)
    return answer


@pytest.mark.parametrize("sentences", [SENTENCES, UNSEEN], ids=["near misses", "unseen"])
def test_at_most_one_ordinary_mail_of_a_hundred_is_blocked(sentences: tuple[str, ...]) -> None:
    blocked = [blocking(review(case)) for case in mails(MAILS, sentences)]
    assert sum(map(bool, blocked)) <= MAILS / 100


def test_no_ordinary_ad_or_post_is_blocked() -> None:
    assert [
        blocking(review(case)) for case in (*ads(40), *posts(60)) if blocking(review(case))
    ] == []


def test_every_rule_has_a_seed() -> None:
    assert set(SEEDS) == {one.card.id for one in check_files()}


@pytest.mark.parametrize("name", SEEDS)
def test_a_violation_is_found_in_every_template(name: str) -> None:
    channel, seed = SEEDS[name]
    graver = {rule(name).card.severity, Severity.BLOCK}
    missed = [
        at
        for at, case in enumerate(MADE[channel](TEMPLATES))
        if not graver & {one.severity for one in rule(name)(seed(case))}
    ]
    assert missed == []
