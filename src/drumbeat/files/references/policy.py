"""What the policy files refer to: people and roles, places of names, events, languages."""

import re
from collections.abc import Iterator
from typing import Any

from drumbeat.core.campaign.naming import FORMS
from drumbeat.core.campaign.recipient import RecipientKind, recipient
from drumbeat.core.campaign.shelf import Shelf
from drumbeat.files.references.named import all_known, repeated, unknown
from drumbeat.files.suggest import did_you_mean
from drumbeat.files.tree import Mistake, blocks, dig, entries


def escalation_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Levels that lead to a person who is not there or a role nobody holds."""
    for policy, _ in entries(data, "policies"):
        for chain, _ in entries(data, *policy, "classes"):
            for level, block in blocks(data, *chain):
                yield from _reaches_somebody((*level, "to"), block.get("to"), shelf)


def _reaches_somebody(path: tuple[str | int, ...], to: Any, shelf: Shelf) -> Iterator[Mistake]:
    try:
        kind, name = recipient(to) if isinstance(to, str) else (RecipientKind.OWNER, "")
    except ValueError:
        return
    if kind is RecipientKind.PERSON:
        yield from unknown(path, name.casefold(), shelf.people, "drumbeat.yaml")
    if kind is RecipientKind.ROLE and name not in shelf.roles_held:
        yield Mistake(path, f"nobody in drumbeat.yaml holds the role {name}")


def naming_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Places of a name that neither the taxonomy nor a form explains."""
    taxonomy = {str(path[-1]) for path, _ in entries(data, "taxonomy")}
    taxonomy |= {"type"} if dig(data, "types") else set()
    known = taxonomy | FORMS
    for path, grammar in entries(data, "rules"):
        for place in re.findall(r"\{([a-z_]+)\}", str(grammar)):
            if place not in known:
                hint = did_you_mean(place, known)
                yield Mistake(path, f"{{{place}}} is not in the taxonomy", hint)


def lifecycle_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Stages entered by events nobody defined, events reported by no connection."""
    yield from repeated(data, "stages")
    yield from repeated(data, "events")
    for path, _ in blocks(data, "stages"):
        yield from all_known(data, (*path, "entered_by"), shelf.events, "events")
    for path, _ in blocks(data, "events"):
        yield from all_known(data, (*path, "source"), shelf.connections, "drumbeat.yaml")


def voice_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Languages the brand writes but the voice does not speak."""
    spoken = {str(path[-1]) for path, _ in entries(data, "languages")}
    for language in sorted(shelf.languages - spoken):
        message = f"drumbeat.yaml writes {language}, but no voice is given for it"
        yield Mistake(("languages",), message, is_key=True)


def claims_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Claims with the same id, or in a language the brand does not write."""
    yield from repeated(data, "claims")
    for path, _ in blocks(data, "claims"):
        where = "the languages of drumbeat.yaml"
        yield from all_known(data, (*path, "language"), shelf.languages, where)
