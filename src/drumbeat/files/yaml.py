"""YAML text to a tree with positions: 1.2 core rules, no duplicate keys, no tags, no bombs.

The tree is built from the parser's events, not by its composer, so that deep nesting is refused
instead of exhausting the stack, and an alias costs nothing until its copies pass a limit.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from drumbeat.files.scalar import NotANumber, Scalar, resolve
from drumbeat.files.syntax import syntax_mistake
from drumbeat.files.tree import Path, Spot, SyntaxMistake, Tree

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_DEPTH = 32
_MOST_VALUES = 100_000
_MISSING: Any = object()


class Unreadable(Exception):
    """The text is no YAML we read. Holds what is wrong and where."""

    def __init__(self, spot: Spot, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.mistake = SyntaxMistake(spot, message, hint)


@dataclass
class _Open:
    """A list or mapping whose end has not come yet."""

    path: Path
    into: Any
    anchor: str | None
    started_at: int
    key: Any = _MISSING


@dataclass
class _Anchored:
    value: Any
    size: int


@dataclass
class _Builder:
    values: dict[Path, Spot] = field(default_factory=dict)
    keys: dict[Path, Spot] = field(default_factory=dict)
    mistakes: list[SyntaxMistake] = field(default_factory=list)
    anchors: dict[str, _Anchored] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    root: Any = None
    count: int = 0
    documents: int = 0


def parse(text: str) -> tuple[Tree, tuple[SyntaxMistake, ...]]:
    """The tree of a YAML text and the mistakes found on the way (duplicate keys, figures).

    Raises Unreadable where the text cannot be read on: broken syntax, tags, a second document,
    too deep or too large.
    """
    builder = _Builder()
    try:
        for event in yaml.parse(text, _Loader):
            _take(builder, event)
    except yaml.YAMLError as error:
        mistake = syntax_mistake(error, text)
        raise Unreadable(mistake.spot, mistake.message, mistake.hint) from error
    tree = Tree(builder.root, builder.values, builder.keys)
    return tree, tuple(builder.mistakes)


def _take(builder: _Builder, event: Event) -> None:
    match event:
        case ScalarEvent():
            value = _scalar(builder, event)
            _count(builder, 1, event)
            _place(builder, event, value)
            if event.anchor:
                builder.anchors[event.anchor] = _Anchored(value, 1)
        case DocumentStartEvent():
            builder.documents += 1
            if builder.documents > 1:
                raise Unreadable(_spot(event), "a second document starts here", "use two files")
        case CollectionStartEvent():
            _open(builder, event)
        case MappingEndEvent() | SequenceEndEvent():
            closed = builder.stack.pop()
            if closed.anchor:
                size = builder.count - closed.started_at + 1
                builder.anchors[closed.anchor] = _Anchored(closed.into, size)
        case AliasEvent():
            anchored = builder.anchors.get(event.anchor or "")
            if anchored is None:
                raise Unreadable(_spot(event), f"*{event.anchor} refers to nothing written before")
            _count(builder, anchored.size, event)
            _place(builder, event, anchored.value)


def _open(builder: _Builder, event: CollectionStartEvent) -> None:
    _refuse_tag(event)
    _count(builder, 1, event)
    if len(builder.stack) >= _MOST_DEPTH:
        raise Unreadable(_spot(event), f"nested more than {_MOST_DEPTH} levels deep")
    into: Any = {} if isinstance(event, MappingStartEvent) else []
    path = _place(builder, event, into)
    builder.stack.append(_Open(path, into, event.anchor, builder.count))


def _place(builder: _Builder, event: Any, value: Any) -> Path:
    """Put a value where it belongs and remember its spot; gives its path."""
    if not builder.stack:
        builder.root = value
        path: Path = ()
    elif isinstance(builder.stack[-1].into, list):
        top = builder.stack[-1]
        path = (*top.path, len(top.into))
        top.into.append(value)
    elif builder.stack[-1].key is _MISSING:
        return _take_key(builder, event, value)
    else:
        top = builder.stack[-1]
        path = (*top.path, top.key)
        top.into[top.key] = value
        top.key = _MISSING
    builder.values.setdefault(path, _spot(event))
    return path


def _take_key(builder: _Builder, event: Any, value: Any) -> Path:
    top = builder.stack[-1]
    if not isinstance(event, ScalarEvent):
        raise Unreadable(_spot(event), "a key must be a word, not a list or a block")
    # Keys are names: a bare 2026 or true as a key is the text it is written as.
    key = event.value
    path = (*top.path, key)
    if key in top.into:
        first = builder.keys[path]
        message = f"{key!r} is written twice; first in line {first.line}, column {first.column}"
        builder.mistakes.append(SyntaxMistake(_spot(event), message))
    builder.keys.setdefault(path, _spot(event))
    top.key = key
    return path


def _scalar(builder: _Builder, event: ScalarEvent) -> Scalar:
    _refuse_tag(event)
    if not event.implicit[0]:
        return str(event.value)
    try:
        return resolve(event.value)
    except NotANumber as error:
        builder.mistakes.append(SyntaxMistake(_spot(event), str(error)))
        return str(event.value)


def _refuse_tag(event: Any) -> None:
    if event.tag is not None and event.tag not in ("!", "tag:yaml.org,2002:str"):
        raise Unreadable(_spot(event), f"the tag {event.tag} is not used in these files")


def _count(builder: _Builder, size: int, event: Event) -> None:
    builder.count += size
    if builder.count > _MOST_VALUES:
        raise Unreadable(_spot(event), f"holds more than {_MOST_VALUES:,} values")


def _spot(event: Event) -> Spot:
    start, end = event.start_mark, event.end_mark
    assert start is not None, "a parser's events carry marks"
    assert end is not None, "a parser's events carry marks"
    length = end.column - start.column if end.line == start.line else 1
    return Spot(start.line + 1, start.column + 1, max(1, length))
