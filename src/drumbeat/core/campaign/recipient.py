"""Recipients: whom a level of an escalation names, in one word a file can hold."""

from enum import StrEnum

from drumbeat.core.campaign.role import Role

AGENTS = (
    "intake",
    "planner",
    "builder",
    "reviewer",
    "launcher",
    "monitor",
    "optimizer",
    "router",
)


class RecipientKind(StrEnum):
    """What a level's ``to`` names."""

    ROLE = "role"
    PERSON = "person"
    AGENT = "agent"
    OWNER = "owner"


def recipient(text: str) -> tuple[RecipientKind, str]:
    """Read ``owner``, ``role:manager``, ``person:ana`` or ``agent:builder``.

    Raises ValueError for anything else; whether the person exists is checked with the workspace.
    """
    kind, colon, name = text.partition(":")
    if text == "owner":
        return RecipientKind.OWNER, ""
    if kind == "role" and name in set(Role):
        return RecipientKind.ROLE, name
    if kind == "agent" and name in AGENTS:
        return RecipientKind.AGENT, name
    if kind == "person" and colon and name:
        return RecipientKind.PERSON, name
    raise ValueError(
        f"expected owner, role:manager, person:ana or agent:builder, got {text!r}"
        f" (roles: {', '.join(Role)}; agents: {', '.join(AGENTS)})"
    )
