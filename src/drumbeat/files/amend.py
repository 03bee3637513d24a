"""Amend: changes one entry of a YAML text and leaves every other line, and comment, as it was."""

from collections.abc import Mapping
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from drumbeat.files.entry import Place, UnknownEntry, entry_of
from drumbeat.files.one_line import in_one_line
from drumbeat.files.source import from_text
from drumbeat.files.whole import whole_text


class CannotAmend(ValueError):
    """The text is written in a way that cannot be changed without touching more than the entry."""


def amended(text: str, place: Place, wanted: Any) -> str:
    """The text with the entry as ``wanted``: a block of fields, a word, or None to remove it.

    A whole file is only ever written where there is none. Raises CannotAmend where the result
    would not say exactly that, and UnknownEntry where there is nothing to remove.
    """
    if place.is_whole:
        return _first(text, place, wanted)
    data = from_text(place.path, text).data
    if not isinstance(data, dict):
        raise CannotAmend(f"{place.path} cannot be read; run `drumbeat check`")
    before = entry_of(data, place)
    if before is None and wanted is None:
        raise UnknownEntry(f"{place.path} has no entry {place.key!r}")
    made = _cut(text, place, before, _in_order(wanted, before))
    if from_text(place.path, made).data != _expected(data, place, wanted):
        raise CannotAmend(f"{place.path}: {place.key} has to be changed by hand")
    return made


def _first(text: str, place: Place, wanted: Any) -> str:
    if text:
        raise CannotAmend(f"{place.path} is there already: choose another name, or edit the file")
    if not isinstance(wanted, dict):
        raise UnknownEntry(f"{place.path} is not there")
    made = whole_text(wanted)
    if from_text(place.path, made).data != wanted:
        raise CannotAmend(f"{place.path} has to be written by hand")
    return made


def _expected(data: Mapping[str, Any], place: Place, wanted: Any) -> dict[str, Any]:
    """What the file must say afterwards."""
    if not place.is_list:
        rows = {**(data.get(place.section) or {}), place.key: wanted}
        return {**data, place.section: {k: v for k, v in rows.items() if v is not None}}
    listed = list(data.get(place.section) or ())
    if entry_of(data, place) is None:
        listed.append(wanted)
    else:
        at = next(i for i, one in enumerate(listed) if one.get("id") == place.key)
        listed[at : at + 1] = [] if wanted is None else [wanted]
    return {**data, place.section: listed}


def _cut(text: str, place: Place, before: Any, wanted: Any) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    section = _child(root, place.section)
    if section is None:
        raise CannotAmend(f"{place.path} has no {place.section}: write it with its first entry")
    key, node = _find(section, place)
    if node is None:
        return _appended(text, section, place, wanted)
    if wanted is None:
        return _without_lines(text, _line_start(text, key.start_mark.index), _end(text, node))
    is_block = isinstance(node, MappingNode) and not node.flow_style
    if is_block and isinstance(before, dict) and isinstance(wanted, dict):
        return _with_fields(text, node, before, wanted)
    start = node.start_mark.index
    return text[:start] + in_one_line(wanted) + text[_end(text, node) :]


def _with_fields(
    text: str, node: MappingNode, before: Mapping[str, Any], wanted: Mapping[str, Any]
) -> str:
    """Field by field, from the end of the block to its start, so that places stay true."""
    fresh = [name for name in wanted if name not in before]
    indent = node.value[0][0].start_mark.column
    at = _line_end(text, _end(text, node))
    added = "".join(f"\n{' ' * indent}{name}: {in_one_line(wanted[name])}" for name in fresh)
    text = text[:at] + added + text[at:]
    for key, value in reversed(node.value):
        name, start = key.value, value.start_mark.index
        if name not in wanted:
            text = _without_lines(text, _line_start(text, key.start_mark.index), _end(text, value))
        elif wanted[name] != before.get(name):
            text = text[:start] + in_one_line(wanted[name]) + text[_end(text, value) :]
    return text


def _appended(text: str, section: Node, place: Place, wanted: Any) -> str:
    if not section.value:
        start, end = section.start_mark.index, _end(text, section)
        made = (
            f"\n  - {in_one_line(wanted)}"
            if place.is_list
            else f"\n  {place.key}: {in_one_line(wanted)}"
        )
        return text[:start].rstrip(" ") + made + text[end:]
    if isinstance(section, MappingNode | SequenceNode) and section.flow_style:
        raise CannotAmend(f"{place.path}: write {place.section} as a block to add to it")
    first = section.value[0]
    column = (first if place.is_list else first[0]).start_mark.column
    indent = " " * (column - 2 if place.is_list else column)
    at = _line_end(text, _end(text, section))
    head = "- " if place.is_list else f"{place.key}: "
    if isinstance(wanted, dict) and not place.is_list:
        lines = "".join(
            f"\n{indent}  {name}: {in_one_line(value)}" for name, value in wanted.items()
        )
        return f"{text[:at]}\n{indent}{head.rstrip()}{lines}{text[at:]}"
    return f"{text[:at]}\n{indent}{head}{in_one_line(wanted)}{text[at:]}"


def _find(section: Node, place: Place) -> tuple[Any, Any]:
    """The entry's key (of a list: the entry itself) and its node."""
    if isinstance(section, MappingNode):
        return next(((k, v) for k, v in section.value if k.value == place.key), (None, None))
    for node in section.value if isinstance(section, SequenceNode) else ():
        name = _child(node, "id")
        if name is not None and name.value == place.key:
            return node, node
    return None, None


def _child(node: Node | None, name: str) -> Node | None:
    pairs = node.value if isinstance(node, MappingNode) else ()
    return next((value for key, value in pairs if key.value == name), None)


def _end(text: str, node: Node) -> int:
    """Where what the node says ends, before the blank lines and comments that follow it."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start = node.start_mark.index
    return start + len(text[start : node.end_mark.index].rstrip())


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _without_lines(text: str, start: int, end: int) -> str:
    return text[:start] + text[_line_end(text, end) + 1 :]


def _in_order(wanted: Any, before: Any) -> Any:
    """Fields in the order the file has them, then by name, ``id`` first: the same wish gives the
    same text, however it was kept meanwhile."""
    if not isinstance(wanted, dict):
        return wanted
    known = before if isinstance(before, dict) else {}
    fresh = sorted(wanted.keys() - known.keys(), key=lambda name: (name != "id", name))
    names = (*(name for name in known if name in wanted), *fresh)
    return {name: _in_order(wanted[name], known.get(name)) for name in names}
