"""Approval: a named person's answer to an Ask, and the one function that accepts or refuses it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from drumbeat.core.governance.matrix import Risk
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import ApprovalNeed
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

CHANGED = "it has changed since you looked; review it again"
# The role in which somebody answers for a campaign of theirs, with no other that is asked for.
OWNER = "owner"
UNPROVEN = "it is of high risk: sign in and confirm that it is you"


class Approval(Noun):
    """``person`` approved exactly ``fingerprint``, under ``policy``, until ``expires_at``; once."""

    id: str
    proposal: str
    fingerprint: str
    policy: str
    account: str
    person: str
    role: str
    at: Moment
    expires_at: Moment
    reason: str = ""
    # Who lent the say, when it was delegated: account and person.
    for_account: str = ""
    for_person: str = ""

    @property
    def people(self) -> frozenset[str]:
        """Whose say it used up: the two of a delegation count as one."""
        return frozenset({self.person, self.for_person} - {""})


@dataclass(frozen=True)
class Answer:
    """A person's attempt to approve: which account, and the fingerprint they were shown.

    ``is_fresh``: they have shown within minutes that it is really them, by password, passkey or
    a shell on the workspace's machine. A link, a chat or a token never has.
    """

    account: Account | None
    fingerprint: str
    is_fresh: bool = False


@dataclass(frozen=True)
class Accepted:
    """The answer counts, in ``role``; ``complete`` says whether enough people agreed now, and
    ``giver`` whose role it is, where the say was delegated."""

    role: str
    complete: bool
    giver: Account | None = None


@dataclass(frozen=True)
class Refused:
    """The answer does not count, and why; ``needs_proof`` when it would, freshly signed in."""

    why: str
    needs_proof: bool = False


def accept(
    answer: Answer,
    proposal: Proposal,
    need: ApprovalNeed,
    given: Sequence[Approval],
    *,
    is_waiting: bool,
    policy: str,
    now: datetime,
    proposer_person: str = "",
    risk: Risk = Risk.HIGH,
    lent: Iterable[tuple[Account, frozenset[str]]] = (),
) -> Accepted | Refused:
    """Whether this answer counts. The same for every entry: web, command line, link, chat, bulk.

    ``given`` are the approvals so far, whoever gave them; ``proposer_person`` is the human
    behind the proposing account, empty for an agent. High ``risk`` takes a fresh proof. ``lent``
    are the people who delegated their say to this account, with their roles.
    """
    why = _objection(answer, proposal, is_waiting, now)
    if why:
        return Refused(why)
    account = answer.account
    assert account is not None
    live = [a for a in given if is_live(a, proposal.fingerprint, policy, now)]
    barred = {proposer_person, proposal.editor}
    if account.person in barred:
        return Refused("the proposer or editor cannot approve it")
    spent = {person for approval in live for person in approval.people}
    if account.person in spent:
        return Refused("this person has approved it already")
    role, giver = next((role for role in need.roles if role in account.roles), None), None
    if role is None and account.id in need.people:
        role = OWNER
    if role is None:
        role, giver = _lent_role(need, lent, barred | spent)
    if role is None:
        return Refused(f"needs one of these roles: {', '.join((*need.roles, *need.people))}")
    if risk is Risk.HIGH and not answer.is_fresh:
        return Refused(UNPROVEN, needs_proof=True)
    complete = len({a.person for a in live}) + 1 >= need.count
    answered = {account.id} | ({giver.id} if giver else set())
    return Accepted(role, complete and not missing(need, live, answered), giver)


def missing(
    need: ApprovalNeed, given: Iterable[Approval], more: Collection[str] = ()
) -> tuple[str, ...]:
    """The accounts named in the need that have not answered, themselves or through another."""
    there = {one for a in given for one in (a.account, a.for_account)} | set(more)
    return tuple(one for one in need.people if one not in there)


def _lent_role(
    need: ApprovalNeed, lent: Iterable[tuple[Account, frozenset[str]]], barred: set[str]
) -> tuple[str | None, Account | None]:
    """A role somebody lends who could answer themselves, and still has their say."""
    for giver, roles in lent:
        role = next((role for role in need.roles if role in roles), None)
        if role is not None and giver.person not in barred:
            return role, giver
    return None, None


def is_live(approval: Approval, fingerprint: str, policy: str, now: datetime) -> bool:
    """Bound to this very content and policy version, and not yet expired."""
    same = approval.fingerprint == fingerprint and approval.policy == policy
    return same and now < approval.expires_at


def _objection(answer: Answer, proposal: Proposal, is_waiting: bool, now: datetime) -> str | None:
    account = answer.account
    if account is None:
        return "nobody with that name is in drumbeat.yaml"
    if account.is_agent:
        return "an agent cannot approve"
    if not account.is_active:
        return "the account is disabled"
    if not is_waiting:
        return "it is not waiting for an answer"
    if answer.fingerprint != proposal.fingerprint:
        return CHANGED
    if now >= proposal.expires_at:
        return "it has expired"
    return None
