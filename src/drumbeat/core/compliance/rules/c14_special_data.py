"""C14: nobody is chosen by what the law keeps private."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import pattern

RULE = RuleCard(
    id="C14",
    title="special categories of data",
    severity=Severity.BLOCK,
    source="GDPR article 9; Meta advertising standards",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS,
    needs=("audience_attributes",),
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """No attribute of the audience is of a special category."""
    for attribute in sorted(case.facts.audience_attributes or ()):
        words = attribute.replace("-", "_").split("_")
        if any(pattern(Topic.SENSITIVE).fullmatch(word) for word in (*words, attribute)):
            yield RULE.finding(
                "audience",
                f"Audience uses the attribute {attribute}.",
                found=attribute,
                allowed="no health, belief, origin, politics, union, sex life or biometrics",
                fix="choose people by what they did with us",
            )
