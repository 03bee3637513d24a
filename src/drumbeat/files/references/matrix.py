"""What the action matrix asks of the people in drumbeat.yaml: that there are enough to give it."""

from collections.abc import Iterator
from typing import Any

from drumbeat.core.campaign.shelf import Shelf
from drumbeat.files.tree import Mistake, dig, entries, texts

# Who may propose a row's action where it does not say; its approvers may too.
_PROPOSERS = frozenset({"operator", "manager"})


def matrix_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Rows that ask for more people than there are, and roles that nobody holds.

    A row that cannot be answered even when an agent proposes it is an error: it forbids without
    saying so. One that its only approver cannot answer for themselves is a warning: the gate
    never counts a proposer's own yes, so their own proposals would wait until they expire.
    """
    if not shelf.holders:
        return  # drumbeat.yaml itself has the mistake
    unheld: set[str] = set()
    for path, row in entries(data, "actions"):
        at = (*path, "approvals")
        roles = {role for _, role in texts(data, *at, "roles")}
        count = dig(row, "approvals", "count")
        need = count if isinstance(count, int) else 1
        able = shelf.holding(roles)
        if roles and len(able) < need:
            yield Mistake((*at, "roles"), _too_few(roles, need, able), "give somebody the role")
            continue
        yield from _alone((*at, "roles"), row, roles, need, shelf)
        for place, role in texts(data, *at, "roles"):
            if role not in shelf.roles_held | unheld:
                unheld.add(role)
                text = f"nobody in drumbeat.yaml holds the role {role}"
                yield Mistake(place, text, "others of the row answer", is_warning=True)


def _too_few(roles: set[str], need: int, able: frozenset[str]) -> str:
    named = ", ".join(sorted(roles))
    return f"asks for {need} of {named}, and drumbeat.yaml has {_people(able)}"


def _alone(
    at: tuple[str | int, ...], row: Any, roles: set[str], need: int, shelf: Shelf
) -> Iterator[Mistake]:
    """The people whose own proposals too few others could approve."""
    written = dig(row, "people")
    own = frozenset(map(str, written)) if isinstance(written, list) else _PROPOSERS | roles
    able = shelf.holding(roles)
    stuck = sorted(one for one in shelf.holding(own) if len(able - {one}) < need)
    if roles and stuck:
        text = (
            f"nobody may approve their own proposal, so what {', '.join(stuck)} proposes finds "
            f"fewer than {need} to approve it"
        )
        hint = f"give one more person one of {', '.join(sorted(roles))}"
        yield Mistake(at, text, hint, is_warning=True)


def _people(able: frozenset[str]) -> str:
    return f"only {', '.join(sorted(able))}" if able else "nobody"
