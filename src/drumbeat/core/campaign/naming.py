"""Naming: the grammar every campaign, flight and link is named by, composed and checked."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.campaign.naming_choice import NamingChoice as NamingChoice
from drumbeat.core.campaign.text import Line, Slug
from drumbeat.core.governance.action import Channel
from drumbeat.core.noun import Noun

_PLACE = re.compile(r"\{([a-z_]+)\}")
# Places whose values follow a form instead of a list of the taxonomy.
_FORMS = {
    "campaign": r"[a-z0-9]+(?:[-_.][a-z0-9]+)*",
    "yyyymm": r"[0-9]{4}(?:0[1-9]|1[0-2])",
    "yyyy": r"[0-9]{4}",
    "dd": r"0[1-9]|[12][0-9]|3[01]",
    "seq": r"[0-9]{2,4}",
}
FORMS = frozenset(_FORMS)


class NamingRuleBroken(ValueError):
    """A name does not follow its rule."""


def _readable_grammar(grammar: str) -> str:
    places = _PLACE.findall(grammar)
    left = _PLACE.sub("", grammar)
    if not places or not re.fullmatch(r"[a-z0-9_-]*", left):
        raise ValueError(
            f"expected places in braces joined by _ or -, such as {{type}}_{{seq}}, got {grammar!r}"
        )
    if len(set(places)) != len(places):
        raise ValueError(f"a place may stand only once in {grammar!r}")
    return grammar


Grammar = Annotated[str, AfterValidator(_readable_grammar)]


class Utm(Noun):
    """The link parameters every outgoing link carries, per channel."""

    source: dict[CampaignChannel, Slug]
    medium: dict[CampaignChannel, Slug]
    required: tuple[Literal["source", "medium", "campaign", "content", "term"], ...] = (
        "source",
        "medium",
        "campaign",
    )


class Naming(Noun):
    """``policy/naming.yaml``: the taxonomy's lists and the grammars made from them.

    ``taxonomy`` maps a place to its allowed values; ``types`` maps a campaign type to its code.
    """

    version: Literal[1]
    rules: dict[Slug, Grammar] = Field(min_length=1)
    taxonomy: dict[Slug, tuple[Slug, ...]] = Field(default_factory=dict)
    types: dict[Slug, Slug] = Field(default_factory=dict)
    utm: Utm | None = None

    def values(self, place: str) -> tuple[str, ...]:
        """The values a place may take; empty for one that follows a form."""
        return tuple(self.types.values()) if place == "type" else self.taxonomy.get(place, ())

    def unknown_places(self) -> tuple[tuple[str, str], ...]:
        """(rule, place) for every place that is neither a form nor in the taxonomy."""
        return tuple(
            (rule, place)
            for rule, grammar in self.rules.items()
            for place in _PLACE.findall(grammar)
            if place not in _FORMS and not self.values(place)
        )


class UtmParameters(Noun):
    """One link's parameters."""

    source: Slug
    medium: Slug
    campaign: Line


def compose(naming: Naming, rule: str, values: Mapping[str, str]) -> str:
    """A name by the rule.

    Raises NamingRuleBroken for an unknown rule, a missing value or one outside the taxonomy.
    """
    if rule not in naming.rules:
        raise NamingRuleBroken(f"no naming rule is called {rule!r}")
    grammar = naming.rules[rule]
    missing = [place for place in _PLACE.findall(grammar) if place not in values]
    if missing:
        raise NamingRuleBroken(f"the name {grammar} needs {', '.join(missing)}")
    name = _PLACE.sub(lambda match: values[match[1]], grammar)
    if trouble := violation(naming, rule, name):
        raise NamingRuleBroken(trouble)
    return name


def violation(naming: Naming, rule: str, name: str) -> str | None:
    """What is wrong with a name, or None when it follows the rule."""
    if rule not in naming.rules:
        return f"no naming rule is called {rule!r}"
    grammar = naming.rules[rule]
    loose = _match(grammar, name, lambda place: _FORMS.get(place, "[a-z0-9.-]+"))
    if loose is None:
        return f"{name!r} does not follow {grammar}"
    for place, value in loose.items():
        allowed = naming.values(place)
        if (allowed or place not in _FORMS) and value not in allowed:
            known = ", ".join(allowed) or "none"
            return f"{value!r} is no {place} of the taxonomy; known: {known}"
    return None


def utm_for(naming: Naming, channel: Channel, name: str) -> UtmParameters | None:
    """The link parameters of a channel's links; None when the file declares none for it."""
    utm = naming.utm
    if utm is None or channel not in utm.source or channel not in utm.medium:
        return None
    return UtmParameters(source=utm.source[channel], medium=utm.medium[channel], campaign=name)


def _match(grammar: str, name: str, form: Callable[[str], str]) -> dict[str, str] | None:
    parts = _PLACE.split(grammar)
    pattern = "".join(
        f"(?P<{part}>{form(part)})" if index % 2 else re.escape(part)
        for index, part in enumerate(parts)
    )
    found = re.fullmatch(pattern, name)
    return found.groupdict() if found else None
