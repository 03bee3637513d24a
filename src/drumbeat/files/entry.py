"""Entry: one rule of a workspace's own files, by a name that says where it stands.

``policy/actions.yaml#ads.set_budget`` is a row of the action matrix, ``policy/sla.yaml#policies/x``
and ``policy/sla.yaml#conditions/x`` are promises, ``hypotheses/ads.yaml#H-06`` a claim.
``campaigns/spring.yaml`` is a campaign, the whole file.
"""

import hashlib
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from drumbeat.core.canonical import digest
from drumbeat.files.source import from_text

# What a state says of an entry that is no block of fields, and which version of the entry it is.
ROW, VERSION = "row", "digest"
ABSENT = "absent"
_SLA_SECTIONS = ("policies", "conditions")
_CAMPAIGN = re.compile(r"campaigns/([a-z0-9]+(?:[-_][a-z0-9]+)*)\.yaml")
LONGEST_NAME = 60


class UnknownEntry(ValueError):
    """The name leads to no rule that may be changed by a proposal."""


@dataclass(frozen=True)
class Place:
    """``section`` is the file's top key; entries of a list are told apart by their ``id``.
    Without a section the entry is the file as a whole."""

    path: str
    section: str
    key: str
    is_list: bool
    # The kind of action that may change it.
    kind: str

    @property
    def is_whole(self) -> bool:
        """Whether the entry is the whole file."""
        return not self.section

    @property
    def target(self) -> str:
        if self.is_whole:
            return self.path
        inside = f"{self.section}/{self.key}" if self.path == "policy/sla.yaml" else self.key
        return f"{self.path}#{inside}"


def place_of(target: str) -> Place:
    """Where the entry of this name stands. Raises UnknownEntry."""
    path, _, inside = target.partition("#")
    section, _, key = inside.partition("/")
    if path == "policy/actions.yaml" and inside:
        return Place(path, "actions", inside, is_list=False, kind="policy.change")
    if path == "policy/sla.yaml" and section in _SLA_SECTIONS and key:
        return Place(path, section, key, is_list=True, kind="policy.change")
    is_library = fnmatchcase(path, "hypotheses/*.yaml") and "/" not in path.partition("/")[2]
    if is_library and inside:
        return Place(path, "hypotheses", inside, is_list=True, kind="hypothesis.change")
    campaign = _CAMPAIGN.fullmatch(target)
    if campaign and len(campaign[1]) <= LONGEST_NAME:
        return Place(path, "", campaign[1], is_list=False, kind="campaign.create")
    raise UnknownEntry(
        f"{target!r} names no rule: write policy/actions.yaml#KIND, policy/sla.yaml#policies/ID, "
        "policy/sla.yaml#conditions/ID, hypotheses/FILE.yaml#ID or campaigns/NAME.yaml"
    )


def entry_of(data: Any, place: Place) -> Any:
    """What the file says at the place; None where it says nothing."""
    if place.is_whole:
        return data
    section = data.get(place.section) if isinstance(data, dict) else None
    if isinstance(section, dict):
        return section.get(place.key)
    listed = section if isinstance(section, list) else ()
    return next((o for o in listed if isinstance(o, dict) and o.get("id") == place.key), None)


def state_of(text: str, place: Place) -> dict[str, Any]:
    """The entry as an action's state: its fields, and a digest over all of them, so that a field
    more or less makes another state. What else the file says is not part of it."""
    fields = fields_of(entry_of(from_text(place.path, text).data, place))
    return {VERSION: digest(fields), **fields}


def fields_of(entry: Any) -> dict[str, Any]:
    """An entry as fields; ``forbidden`` and absence become the field ``row``."""
    if isinstance(entry, dict):
        return dict(entry)
    return {ROW: ABSENT if entry is None else entry}


def entry_in(state: dict[str, Any]) -> Any:
    """The entry that a state stands for: the other way round."""
    fields = {name: value for name, value in state.items() if name != VERSION}
    if set(fields) == {ROW}:
        return None if fields[ROW] == ABSENT else fields[ROW]
    return fields


def digest_of(text: str) -> str:
    """SHA-256 of a file's text: names this version of it."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
