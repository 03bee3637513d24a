"""Merge: the tags and blocks a mail holds until it meets its reader, and how they are filled.

``{{first_name|there}}`` is a field with its fallback; ``{{unsubscribe_url}}`` is a link only the
sender can make. A block reads differently per segment, first match wins:
``{{#block intro}}{{#when warm-leads}}…{{#otherwise}}…{{/block}}``. The condition
``has:first_name`` stands for the readers whose field is filled.
"""

import html
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

# Fields of a contact a mail may show; anything else is refused.
FIELDS = frozenset({"first_name", "last_name", "city", "company"})
# Links only the sender can make; there is nothing sensible to fall back to.
LINKS = frozenset({"unsubscribe_url"})

_HAS = "has:"
_TAG = re.compile(r"\{\{([a-z_]+)(?:\|([^{}|]*))?\}\}")
_BLOCK = re.compile(r"\{\{#block ([a-z0-9_-]+)\}\}(.*?)\{\{/block\}\}", re.DOTALL)
_BRANCH = re.compile(r"\{\{#(?:when ([a-z0-9_.:-]+)|(otherwise))\}\}")


@dataclass(frozen=True)
class Tag:
    """A field and what stands in for it; ``fallback`` None where none was written."""

    field: str
    fallback: str | None


@dataclass(frozen=True)
class Block:
    """A block's words per segment, in the order they are tried; None where nobody is left out."""

    name: str
    branches: tuple[tuple[str, str], ...]
    fallback: str | None


class MergeError(ValueError):
    """A template still holds something nobody can fill."""


def tags(template: str) -> tuple[Tag, ...]:
    """Every field a template shows, in order."""
    return tuple(Tag(found[1], found[2]) for found in _TAG.finditer(template))


def blocks(template: str) -> tuple[Block, ...]:
    """Every block a template holds, in order."""
    return tuple(_block(found) for found in _BLOCK.finditer(template))


def block_text(name: str, by_segment: Mapping[str, str], fallback: str) -> str:
    """A block as a template writes it."""
    branches = "".join(f"{{{{#when {segment}}}}}{text}" for segment, text in by_segment.items())
    return f"{{{{#block {name}}}}}{branches}{{{{#otherwise}}}}{fallback}{{{{/block}}}}"


def render(
    template: str,
    fields: Mapping[str, str],
    segments: Collection[str],
    *,
    is_html: bool = False,
) -> str:
    """The words one reader gets: their blocks, their fields or the fallbacks.

    In HTML the fields are escaped: a contact's name is not ours to trust. Raises MergeError for
    a field without value or fallback, and for anything left over.
    """
    true = {*segments, *(f"{_HAS}{field}" for field, value in fields.items() if value.strip())}
    chosen = _BLOCK.sub(lambda found: _branch(_block(found), true), template)
    filled = _TAG.sub(lambda found: _value(found, fields, is_html), chosen)
    if left := re.search(r"\{\{.{0,40}", filled):
        raise MergeError(f"nothing fills {left[0]!r}")
    return filled


def problems(template: str) -> tuple[str, ...]:
    """What would go wrong for some reader, one sentence each; empty when nothing can."""
    return tuple(_tag_problems(template)) + tuple(_block_problems(template))


def _tag_problems(template: str) -> Iterator[str]:
    for tag in tags(_BLOCK.sub(_without_own_fields, template)):
        if tag.field in LINKS:
            continue
        if tag.field not in FIELDS:
            yield f"{{{{{tag.field}}}}} is no field a mail may show ({', '.join(sorted(FIELDS))})"
        elif not tag.fallback:
            yield f"{{{{{tag.field}}}}} has no fallback; write {{{{{tag.field}|…}}}}"


def _without_own_fields(found: re.Match[str]) -> str:
    """A block's words without the fields their own condition makes sure of."""
    block = _block(found)
    kept = [
        text.replace(f"{{{{{name.removeprefix(_HAS)}}}}}", "") if name.startswith(_HAS) else text
        for name, text in block.branches
    ]
    return "".join((*kept, block.fallback or ""))


def _block_problems(template: str) -> Iterator[str]:
    for block in blocks(template):
        if not block.fallback:
            yield f"block {block.name} has no words for readers outside its segments"
    left = _TAG.sub("", _BLOCK.sub("", template))
    if found := re.search(r"\{\{.{0,40}", left):
        yield f"{found[0]!r} is no tag this grammar knows"


def _block(found: re.Match[str]) -> Block:
    parts = _BRANCH.split(found[2])
    branches: list[tuple[str, str]] = []
    fallback: str | None = None
    for segment, otherwise, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if otherwise:
            fallback = text
        else:
            branches.append((segment, text))
    return Block(found[1], tuple(branches), fallback)


def _branch(block: Block, segments: Collection[str]) -> str:
    chosen = next((text for segment, text in block.branches if segment in segments), block.fallback)
    if chosen is None:
        raise MergeError(f"block {block.name} has no words for this reader")
    return chosen


def _value(found: re.Match[str], fields: Mapping[str, str], is_html: bool) -> str:
    value = fields.get(found[1], "").strip() or found[2]
    # What a reader's field says is data: it must not open a tag of its own.
    if value is None:
        raise MergeError(f"nothing fills {{{{{found[1]}}}}}")
    value = value.replace("{{", "{ {")
    return html.escape(value) if is_html else value
