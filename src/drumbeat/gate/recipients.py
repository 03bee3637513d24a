"""Recipients: the accounts that a level of an escalation names, as the workspace stands now."""

from drumbeat.core.campaign.recipient import RecipientKind, recipient
from drumbeat.gate.door import Door


def people_of(door: Door, to: str, campaign: str) -> tuple[str, ...]:
    """Account ids, in file order, one a human; empty where nobody is there to be told."""
    accounts = door.rules.accounts
    match recipient(to):
        case RecipientKind.OWNER, _:
            own = door.rules.campaigns.get(campaign)
            named = [own.owner] if own and own.owner else []
        case RecipientKind.PERSON, person:
            named = [person]
        case RecipientKind.ROLE, role:
            named = [account.id for account in accounts.values() if role in account.roles]
        case _:
            named = []
    known = [accounts[name] for name in named if name in accounts]
    able = [account for account in known if account.may_decide]
    return tuple({account.person: account.id for account in reversed(able)}.values())[::-1]


def manager(door: Door) -> str:
    """Nobody is named for it, so it is a manager's: an escalation always has an owner."""
    return next(iter(people_of(door, "role:manager", "")), "manager")
