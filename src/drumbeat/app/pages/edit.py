"""Edit: the amounts of a waiting proposal a person may change, and the proposal that results."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.words import label
from drumbeat.core.campaign.exposure import UnreadableState, exposure
from drumbeat.core.canonical import name
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.money import Money
from drumbeat.gate import record
from drumbeat.store import ledger, proposals
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.decision import EditField
from drumbeat.web.views.shell import Person

# Amounts of money a person may set; everything else is for the agent to propose anew.
_AMOUNTS = ("daily_budget_minor", "boost_minor", "target_cpa_minor")


def fields_of(action: Action) -> tuple[EditField, ...]:
    """The amounts the proposal changes, as texts to start from."""
    before, after = _state(action.before), _state(action.after)
    changed = (f for f in _AMOUNTS if after.get(f) != before.get(f) and f in after)
    currency = action.spend_delta.currency
    return tuple(
        EditField(f, label(f), _major(after[f], currency), f"{currency}, such as 120 or 99.50")
        for f in changed
    )


def edited(
    ground: Ground, judged: Judged, person: Person, values: Mapping[str, str], reason: str
) -> Answer:
    """Put the edited proposal in the old one's place and let the gate judge it."""
    asked = judged.proposal
    names = {field.name for field in fields_of(asked.action)}
    if not values or not set(values) <= names:
        return Refused("This proposal has no such value to edit.", 422)
    try:
        action = _with(asked.action, values, ground)
    except (InvalidOperation, UnreadableState, ValueError):
        return Refused("An amount is a number such as 120 or 99.50.", 422)
    if action == asked.action:
        return Refused("Nothing was changed. Approve it as it is, or change a value.", 422)
    if not _replace(ground, judged, person, reason):
        return Refused("It has been answered already.")
    return _told(ground.app.gate.submit(_proposal(ground, asked, action, person, reason)))


def _proposal(
    ground: Ground, asked: Proposal, action: Action, person: Person, reason: str
) -> Proposal:
    account = ground.app.gate.door.rules.accounts.get(person.id)
    return asked.model_copy(
        update={
            "id": name("prop", action.fingerprint, asked.id, person.id),
            "action": action,
            "by": Actor.person(person.id),
            "why": reason.strip() or asked.why,
            "proposed_at": ground.now,
            # What was measured speaks for the size the agent chose, not for this one.
            "confidence": None,
            "edits": asked.id,
            "editor": account.person if account else person.id,
        }
    )


def _replace(ground: Ground, judged: Judged, person: Person, reason: str) -> bool:
    asked, by = judged.proposal, f"person:{person.id}"
    with ground.app.database.write() as transaction:
        ledger.serialize(transaction)
        replaced = proposals.settle(
            transaction, asked.id, Status.REPLACED, at=ground.now, by=by, reason=reason
        )
        if replaced:
            record.about(transaction, "edited", asked, at=ground.now, actor=by, reason=reason)
    return replaced


def _with(action: Action, values: Mapping[str, str], ground: Ground) -> Action:
    """The action with these amounts. Raises InvalidOperation or ValueError for no amount."""
    currency = action.spend_delta.currency
    after = {**_state(action.after), **{f: _minor(v, currency) for f, v in values.items()}}
    spends = exposure(after, ground.now, currency)
    released = exposure(action.before, ground.now, currency)
    return action.revised(after=after, spend_delta=spends - released)


def _minor(text: str, currency: str) -> int:
    amount = Decimal(text.strip().removeprefix(currency).strip().replace(",", ""))
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{text} is no amount")
    return Money.of(amount, currency).minor


def _major(minor: int, currency: str) -> str:
    return f"{Money(minor=minor, currency=currency).major}"


def _state(state: Any) -> dict[str, Any]:
    return state if isinstance(state, dict) else {}


def _told(judged: Judged) -> Answer:
    match judged.status:
        case Status.WAITING:
            return Done("Changed: somebody else has to approve it now")
        case Status.ALLOWED:
            return Done("Changed, and on its way: the rules let this one through")
        case _:
            why = "; ".join(f.text for f in judged.verdict.findings if f.weight > 0)
            return Refused(f"The gate does not let the changed one through: {why}.")
