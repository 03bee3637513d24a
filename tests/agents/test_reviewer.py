"""The reviewer may add findings, never take one away, and a broken rule blocks."""

from collections.abc import Iterator

from drumbeat.agents.reviewer import Reviewer
from drumbeat.core.campaign.finding import ReviewFinding, Severity, blocking, roles_asked
from drumbeat.core.campaign.lint import ReviewCase
from tests.agents.desk import review_case

CASE = review_case()
BEFORE = ReviewFinding(rule="legal", severity=Severity.BLOCK, subject="mail", text="not proven")


def silent(case: ReviewCase) -> Iterator[ReviewFinding]:
    yield from ()


def talkative(case: ReviewCase) -> Iterator[ReviewFinding]:
    for role in ("approver:legal", "approver:brand", "approver:legal"):
        yield ReviewFinding(
            rule="tone", severity=Severity.APPROVAL, subject="mail", text=role, role=role
        )


def broken(case: ReviewCase) -> Iterator[ReviewFinding]:
    raise KeyError("lexicon")


def review(*rules: object, found: tuple[ReviewFinding, ...] = ()) -> tuple[ReviewFinding, ...]:
    answer = Reviewer(rules=rules).review(CASE, found)  # type: ignore[arg-type]
    assert isinstance(answer, tuple)
    return answer


def test_what_was_found_before_stays_whatever_the_rules_say() -> None:
    assert review(silent, found=(BEFORE,)) == (BEFORE,)


def test_rules_add_each_finding_once() -> None:
    found = review(talkative, talkative, found=(BEFORE,))
    assert found[0] == BEFORE
    assert [one.text for one in found[1:]] == ["approver:legal", "approver:brand"]
    assert roles_asked(found) == ("approver:legal", "approver:brand")


def test_a_rule_that_cannot_answer_blocks_and_the_others_are_still_asked() -> None:
    found = review(broken, talkative)
    assert [one.rule for one in blocking(found)] == ["broken"]
    assert "KeyError" in blocking(found)[0].text
    assert len(found) == 3


def test_the_shipped_rules_pass_what_the_builder_makes() -> None:
    assert Reviewer().review(CASE) == ()
