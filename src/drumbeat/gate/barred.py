"""Barred: why an account may not do what takes a role of its own; the same words everywhere."""

from collections.abc import Set

from drumbeat.gate.door import Door


def barred(door: Door, account: str, roles: Set[str], act: str) -> str:
    """Why nobody, no person or a person without one of these roles may ``act``; empty for who
    may."""
    known = door.rules.person(account)
    if known is None:
        return f"{account} is nobody who may {act}"
    if not known.roles & roles:
        return f"it takes one of these roles: {', '.join(sorted(roles))}"
    return ""
