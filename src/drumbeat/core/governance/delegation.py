"""Delegation: a person lends another the say they have, for one decision or for a while.

It never widens anything: the one who lends must hold the role and be free to answer, the one who
answers stays who they are, and the two count as one.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from drumbeat.core.governance.person import Account
from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration, Moment


class DelegationPolicy(Noun):
    """Who may be lent a say (``to``: roles they hold), which roles cannot be lent, and how long."""

    to: tuple[str, ...] = (
        "manager",
        "performance",
        "analyst",
        "engineering",
        "approver:brand",
        "approver:budget",
        "approver:legal",
    )
    never: tuple[str, ...] = ("approver:legal",)
    longest: Duration = timedelta(days=14)


class Delegation(Noun):
    """``giver`` lets ``to`` answer in their place: one ``proposal``, or (empty) all of theirs."""

    id: str
    giver: str
    to: str
    proposal: str = ""
    since: Moment
    until: Moment
    reason: str = ""

    def covers(self, account: str, proposal: str, now: datetime) -> bool:
        """Whether it lets this account answer this proposal now."""
        is_about = self.proposal in ("", proposal)
        return self.to == account and is_about and self.since <= now < self.until


def lent(
    account: Account,
    proposal: str,
    delegations: Iterable[Delegation],
    accounts: Mapping[str, Account],
    policy: DelegationPolicy,
    now: datetime,
) -> Iterator[tuple[Account, frozenset[str]]]:
    """Who lends this account a say in the proposal, and in which roles. A say that was lent is
    not lent on: only roles the giver holds count."""
    if not account.roles & set(policy.to):
        return
    for one in delegations:
        giver = accounts.get(one.giver)
        if giver is None or not one.covers(account.id, proposal, now):
            continue
        if giver.may_decide and giver.person != account.person:
            yield giver, giver.roles - set(policy.never)
