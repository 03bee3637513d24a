"""Asking: whose a waiting decision is, who may answer it, and to whom it goes when nobody does."""

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.words import role_words
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.approval import Approval
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import ApprovalNeed, Ask
from drumbeat.gate.delegate import lent_to
from drumbeat.store.proposals import Judged
from drumbeat.web.views.decision import Risk
from drumbeat.web.views.shell import Person

# An unanswered decision is this class of failure, which names who is told.
_LATE = {"ads": "budget", "email": "copy", "social": "copy", "workspace": "copy"}
_NOBODY = ApprovalNeed(roles=(), count=1)


def need_of(judged: Judged) -> ApprovalNeed:
    """Who must agree, by the verdict that asked; where nothing was asked, no role and nobody."""
    return judged.verdict.need if isinstance(judged.verdict, Ask) else _NOBODY


def owner_of(ground: Ground, judged: Judged, delegated: dict[str, str]) -> str:
    """Whose turn it is: who it was handed to, the campaign's owner if able, else the first able."""
    asked = judged.proposal
    if asked.id in delegated:
        return delegated[asked.id]
    able = able_people(ground, judged)
    own = ground.owner(asked.action.campaign)
    return own if own in able or not able else able[0]


def able_people(ground: Ground, judged: Judged) -> tuple[str, ...]:
    """The accounts whose answer would count, in the order of drumbeat.yaml."""
    need, accounts = need_of(judged), ground.app.gate.door.rules.accounts.values()
    able = tuple(one.id for one in accounts if one.roles & set(need.roles) and one.may_decide)
    return tuple(dict.fromkeys((*need.people, *able)))


def escalates_to(ground: Ground, action: Action, owner: str) -> str:
    """The account that is told when the deadline passes; empty when it is the owner's own."""
    owners = ground.app.gate.door.rules.owners
    failure = _LATE.get(action.channel, "data")
    told = owners.get((action.campaign, failure)) or owners.get(("", failure), "")
    return told if told != owner else ""


def barred(ground: Ground, judged: Judged, person: Person, given: list[Approval]) -> str:
    """Why this person's approval would not count, in words; empty when it would.

    The gate judges again when the answer comes; this only spares a pointless try.
    """
    accounts = ground.app.gate.door.rules.accounts
    account = accounts.get(person.id)
    if account is None:
        return "You are not named in drumbeat.yaml."
    if account.person in proposers(ground, judged.proposal):
        return "You proposed or edited it, so somebody else has to approve it."
    if account.person in {one.person for one in given}:
        return "You have approved it already; another person must agree."
    roles = need_of(judged).roles
    if account.id in need_of(judged).people:
        return ""
    if not account.roles & set(roles) and not _is_lent(ground, judged, account):
        names = ", ".join(ground.name(one) for one in able_people(ground, judged))
        return (
            f"Approving it takes {role_words(*roles)}: {names or 'nobody here'}. You can reject it."
        )
    return ""


def _is_lent(ground: Ground, judged: Judged, account: Account) -> bool:
    """Whether somebody who has a say in it delegated that to this account."""
    door, roles = ground.app.gate.door, set(need_of(judged).roles)
    with ground.app.database.read() as connection:
        found = list(lent_to(door, connection, account, judged.proposal.id))
    return any(roles & lent for _, lent in found)


def risk_of(ground: Ground, kind: str) -> Risk:
    """The action matrix's own word; a kind it does not know counts as high."""
    row = ground.app.gate.door.rules.matrix.row(kind)
    return Risk(row.risk) if isinstance(row, Row) else Risk.HIGH


def proposers(ground: Ground, asked: Proposal) -> set[str]:
    """The people behind a proposal: who made it, and who edited it."""
    accounts = ground.app.gate.door.rules.accounts
    proposer = accounts.get(asked.by.id) if asked.by.is_person else None
    return {one for one in (proposer.person if proposer else "", asked.editor) if one}


def via_of(person: Person) -> str:
    """The entry an order came by: a page in a session, or a program with a token."""
    return "web" if person.scopes is None else "api"
