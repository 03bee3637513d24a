"""Data scopes: what an agent may read, as ``segments`` or, narrower, ``contacts.country``."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from drumbeat.core.campaign.known import unknown_name
from drumbeat.core.campaign.text import Slug


class DataScope(StrEnum):
    """The kinds of data a permission can name."""

    BRIEF = "brief"
    BRAND = "brand"
    HISTORY = "history"
    SEGMENTS = "segments"
    CONTENT = "content"
    OFFERS = "offers"
    CALENDAR = "calendar"
    CONTEXT = "context"
    HYPOTHESES = "hypotheses"
    READINGS = "readings"
    EVENTS = "events"
    COMMENTS = "comments"
    CONTACTS = "contacts"
    LANDING_PAGES = "landing_pages"
    LESSONS = "lessons"


def _known_scope(value: str) -> str:
    base, _, column = value.partition(".")
    if base not in set(DataScope) or (value.endswith(".")) or "." in column:
        raise unknown_name("data scope", value, DataScope)
    return value


Scope = Annotated[
    str,
    AfterValidator(_known_scope),
    WithJsonSchema({"type": "string", "examples": list(DataScope)}),
]
# Agent name to what it may read; an agent that is not named may read nothing.
DataPermissions = dict[Slug, tuple[Scope, ...]]


def permits(granted: tuple[str, ...], wanted: str) -> bool:
    """Whether a scope, or the scope a column belongs to, is among those granted."""
    return wanted in granted or wanted.partition(".")[0] in granted


def columns_of(granted: tuple[str, ...], scope: str) -> frozenset[str] | None:
    """The columns of a scope that are granted; None for the whole scope, empty for nothing."""
    if scope in granted:
        return None
    named = (one.partition(".") for one in granted)
    return frozenset(column for base, _, column in named if base == scope and column)


def narrowed(
    granted: Mapping[str, tuple[str, ...]], wanted: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """What each agent may read in a campaign: what the campaign wants and the workspace grants.

    A workspace that grants nothing to anybody leaves it to the campaign; one that names some
    agents lets the others read nothing.
    """
    if not granted:
        return dict(wanted)
    return {
        agent: tuple(dict.fromkeys(_common(granted.get(agent, ()), scopes)))
        for agent, scopes in wanted.items()
    }


def _common(granted: tuple[str, ...], wanted: tuple[str, ...]) -> Iterator[str]:
    for scope in wanted:
        if permits(granted, scope):
            yield scope
        # The campaign wants a whole scope, the workspace grants columns of it: those it gets.
        yield from (column for column in granted if column.startswith(f"{scope}."))
