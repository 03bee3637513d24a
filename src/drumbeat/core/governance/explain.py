"""Explain: why a verdict is what it is: the row, every check in turn, and who must answer."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from drumbeat.core.governance.approval import Approval
from drumbeat.core.governance.judge import Check
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Ask, Verdict, Weight


@dataclass(frozen=True)
class Said:
    """What one check said: ``weight`` "passed" when it had nothing to say."""

    check: str
    weight: str
    text: str = ""
    fix: str = ""


def said(checks: Sequence[Check], verdict: Verdict) -> tuple[Said, ...]:
    """Every check in the order it was asked, with its finding or none."""
    found = {finding.check: finding for finding in verdict.findings}
    spoken = []
    for check in checks:
        name = name_of(check)
        finding = found.pop(name, None)
        if finding is None:
            spoken.append(Said(name, "passed"))
        else:
            weight = finding.weight.name.lower()
            spoken.append(Said(name, weight, finding.text, finding.fix))
    # What broke reports under its file's name; it must not vanish from the explanation.
    rest = (Said(f.check, f.weight.name.lower(), f.text, f.fix) for f in found.values())
    return (*spoken, *rest)


def name_of(check: Check) -> str:
    """``c40_pace`` speaks as ``pace``."""
    return check.__module__.rsplit(".", 1)[-1].partition("_")[2]


def deciding(verdict: Verdict) -> tuple[str, ...]:
    """The checks whose findings made the verdict: the heaviest ones."""
    heaviest = max((f.weight for f in verdict.findings), default=Weight.NOTE)
    return tuple(f.check for f in verdict.findings if f.weight == heaviest > Weight.NOTE)


def may_answer(
    verdict: Verdict,
    proposal: Proposal,
    accounts: Iterable[Account],
    given: Collection[Approval],
    proposer_person: str = "",
) -> tuple[str, ...]:
    """The accounts whose yes would count now; empty when nobody is asked."""
    if not isinstance(verdict, Ask):
        return ()
    spent = {proposal.editor, proposer_person, *(approval.person for approval in given)}
    return tuple(
        account.id
        for account in accounts
        if account.may_decide
        and account.person not in spent
        and (account.roles.intersection(verdict.need.roles) or account.id in verdict.need.people)
    )
