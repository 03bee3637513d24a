"""Erased: the exit code of an order to forget somebody that was not carried out."""

from typing import TYPE_CHECKING

from drumbeat.cli.exits import Exit

if TYPE_CHECKING:
    from drumbeat.gate.erase import NotErased


def code_of(outcome: "NotErased") -> Exit:
    """Unclear orders are invalid, unknown people not found; everything else is refused."""
    if outcome.is_unclear:
        return Exit.INVALID
    return Exit.NOT_FOUND if outcome.is_missing else Exit.REFUSED
