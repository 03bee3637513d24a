"""What drumbeat.yaml refers to within itself: ids, roles somebody holds, the brand's domains."""

from collections.abc import Iterator
from typing import Any

from drumbeat.core.campaign.role import Role
from drumbeat.core.campaign.shelf import Shelf
from drumbeat.files.references.agents import permission_mistakes
from drumbeat.files.references.named import foreign_link, repeated
from drumbeat.files.tree import Mistake, blocks, dig

# Somebody must be able to answer: without these roles approvals and escalations reach nobody.
_NEEDED_ROLES = (Role.MANAGER, Role.APPROVER_BRAND, Role.APPROVER_LEGAL, Role.APPROVER_BUDGET)


def workspace_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Every mistake drumbeat.yaml makes across its own blocks."""
    yield from repeated(data, "people")
    yield from repeated(data, "people", "email")
    yield from repeated(data, "connections")
    yield from permission_mistakes(data)
    yield from foreign_link(("brand", "website"), dig(data, "brand", "website"), shelf)
    yield from _sender(data, shelf)
    yield from _unheld_roles(data)
    yield from _agents_approve_nothing(data)


def _sender(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    address = dig(data, "brand", "sender", "email")
    if isinstance(address, str) and "@" in address:
        domain = address.rpartition("@")[2]
        yield from foreign_link(("brand", "sender", "email"), f"https://{domain}", shelf)


def _unheld_roles(data: Any) -> Iterator[Mistake]:
    held = {
        role
        for _, person in blocks(data, "people")
        for role in person.get("roles") or ()
        if isinstance(role, str) and person.get("agent") is not True
    }
    for role in _NEEDED_ROLES if isinstance(dig(data, "people"), list) else ():
        if role not in held:
            yield Mistake(("people",), f"nobody holds the role {role}", is_key=True)


def _agents_approve_nothing(data: Any) -> Iterator[Mistake]:
    for path, person in blocks(data, "people"):
        roles = [role for role in person.get("roles") or () if isinstance(role, str)]
        barred = [r for r in roles if r.startswith("approver:") or r in (Role.ADMIN, Role.MANAGER)]
        if person.get("agent") is True and barred:
            yield Mistake((*path, "roles"), f"an agent cannot hold {', '.join(barred)}")
