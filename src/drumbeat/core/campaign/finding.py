"""Review findings: what one rule said about a plan or an asset before a person is asked."""

from collections.abc import Iterable
from enum import StrEnum

from drumbeat.core.noun import Noun


class Severity(StrEnum):
    """Block: not as it stands. Approval: only with the named role. Warn: worth knowing."""

    BLOCK = "block"
    APPROVAL = "approval"
    WARN = "warn"


class ReviewFinding(Noun):
    """``rule`` spoke about ``subject`` (a plan element, or an object's target and part).

    ``fix`` says what would change the answer; ``role`` who must agree where the severity is
    approval; ``source`` where the rule comes from.
    """

    rule: str
    severity: Severity
    subject: str
    text: str
    fix: str = ""
    role: str = ""
    source: str = ""


def blocking(findings: Iterable[ReviewFinding]) -> tuple[ReviewFinding, ...]:
    """The findings that stop the cycle until somebody repairs the cause."""
    return tuple(found for found in findings if found.severity is Severity.BLOCK)


def roles_asked(findings: Iterable[ReviewFinding]) -> tuple[str, ...]:
    """The roles whose agreement the findings demand, each once, in order."""
    asked = (f.role for f in findings if f.severity is Severity.APPROVAL and f.role)
    return tuple(dict.fromkeys(asked))
