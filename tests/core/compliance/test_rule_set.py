"""The rules as a whole: found by folder, dated, sourced, silent on other channels, never lenient
about what is not known."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.agents.reviewer import Reviewer
from drumbeat.core.campaign.finding import ReviewFinding, Severity, blocking, roles_asked
from drumbeat.core.campaign.lint import ReviewCase
from drumbeat.core.compliance import rules
from drumbeat.core.compliance.case import ComplianceCase, case_of
from drumbeat.core.compliance.facts import NOTHING_KNOWN, ComplianceFacts
from drumbeat.core.compliance.rule_set import CheckFile, check_files, outdated, rule_set, unchecked
from tests.agents.desk import review_case
from tests.core.compliance.cases import changed, facts, findings, said, the_ads, the_mail, the_posts

FACTS = {one.name for one in fields(ComplianceFacts)}
GOOD = {"mail": the_mail(), "ads": the_ads(), "posts": the_posts()}
FINDINGS = st.lists(
    st.builds(
        ReviewFinding,
        rule=st.text(max_size=8),
        severity=st.sampled_from(Severity),
        subject=st.text(max_size=8),
        text=st.text(max_size=20),
        role=st.sampled_from(("", "approver:legal", "approver:brand")),
    ),
    max_size=6,
)


def review(case: ReviewCase, found: tuple[ReviewFinding, ...] = ()) -> tuple[ReviewFinding, ...]:
    answer = Reviewer(rules=rule_set()).review(case, found)
    assert isinstance(answer, tuple)
    return answer


def test_every_file_of_the_folder_is_a_rule_and_there_are_at_least_43() -> None:
    files = sorted(one.stem for one in Path(rules.__path__[0]).glob("[!_]*.py"))
    ids = [one.card.id for one in check_files()]
    assert [name.partition("_")[0].upper() for name in files] == ids
    assert len(ids) == len(set(ids)) >= 43
    assert "T01" in ids


@pytest.mark.parametrize("one", check_files(), ids=lambda one: str(one.card.id))
def test_a_card_tells_source_date_channels_and_role(one: CheckFile) -> None:
    card = one.card
    assert card.title
    assert card.source
    assert card.channels
    assert date(2026, 11, 1) <= card.checked
    assert set(card.needs) <= FACTS
    assert bool(card.role) or card.severity is not Severity.APPROVAL
    assert one.check.__doc__


@pytest.mark.parametrize("case", GOOD.values(), ids=GOOD)
def test_a_good_case_passes_every_rule(case: ComplianceCase) -> None:
    assert review(case) == ()


@pytest.mark.parametrize("one", check_files(), ids=lambda one: str(one.card.id))
def test_a_rule_is_silent_where_nothing_was_made_for_its_channels(one: CheckFile) -> None:
    others = [case for case in GOOD.values() if not one.card.channels & case.channels]
    assert [found for case in others for found in one(facts(case, complaint_rate=1.0))] == []


@pytest.mark.parametrize("one", check_files(), ids=lambda one: str(one.card.id))
def test_a_source_that_stayed_silent_blocks(one: CheckFile) -> None:
    silent = ComplianceFacts(reachable=frozenset(one.card.needs))
    base = next(case for case in GOOD.values() if one.card.channels & case.channels)
    told = [
        found.text
        for found in one(changed(base, facts=silent))
        if "cannot be checked" in found.text
    ]
    assert len(told) == len(one.card.needs)


def test_what_nothing_here_can_tell_is_one_warning_with_the_rules_named() -> None:
    (warning,) = unchecked(changed(the_mail(), facts=NOTHING_KNOWN))
    assert warning.severity is Severity.WARN
    assert "E08 needs dns" in warning.text
    assert "E10 needs consent" in warning.text
    assert "A05" not in warning.text
    assert list(unchecked(the_mail())) == []


@pytest.mark.parametrize(
    ("now", "old"),
    [
        pytest.param(datetime(2026, 11, 24, tzinfo=UTC), False, id="a day later"),
        pytest.param(datetime(2027, 5, 22, tzinfo=UTC), False, id="180 days later"),
        pytest.param(datetime(2027, 5, 23, 1, tzinfo=UTC), True, id="181 days later"),
        pytest.param(datetime(2029, 1, 1, tzinfo=UTC), True, id="years later"),
    ],
)
def test_rules_nobody_looked_at_for_180_days_warn(now: datetime, old: bool) -> None:
    found = list(outdated(changed(the_mail(), now=now)))
    assert bool(found) is old
    assert all(one.severity is Severity.WARN and "E01" in one.text for one in found)


def test_without_a_clock_no_rule_is_called_old() -> None:
    assert list(outdated(changed(the_mail(), now=None))) == []


def test_a_plain_case_is_reviewed_without_facts() -> None:
    plain = review_case()
    assert case_of(plain).facts == NOTHING_KNOWN
    assert blocking(review(plain)) == ()
    assert case_of(the_mail()) is the_mail()


@settings(deadline=None)
@given(before=FINDINGS)
def test_the_reviewer_adds_findings_and_never_removes_one(before: list[ReviewFinding]) -> None:
    found = review(said("The best tea in town cures diabetes."), tuple(before))
    assert found[: len(dict.fromkeys(before))] == tuple(dict.fromkeys(before))
    assert {one.rule for one in found} >= {"C01", "C02"}


def test_a_claim_asks_for_the_role_its_rule_names() -> None:
    assert roles_asked(review(said("The best tea in town."))) == ("approver:legal",)
    assert roles_asked(review(said("A cheap tea."))) == ("approver:brand",)


def test_a_broken_rule_blocks_and_the_others_are_still_asked() -> None:
    case = said("It cures diabetes.")
    broken = changed(case, facts=replace(case.facts, zones={"Nowhere/Land": 3}))
    found = review(broken)
    assert [one.rule for one in blocking(found) if one.subject == "rule"] == ["E13"]
    assert findings("C02", broken)
