"""Shelving: the names a workspace's files define, taken even from files that have mistakes."""

from collections.abc import Iterator
from typing import Any

from drumbeat.core.campaign.shelf import Shelf
from drumbeat.files.folder import Folder
from drumbeat.files.tree import blocks, dig, entries, texts


def shelf_of(folder: Folder) -> Shelf:
    """Everything the workspace's files can refer to."""
    workspace = _data(folder, "workspace")
    naming = _data(folder, "naming")
    lifecycle = _data(folder, "lifecycle")
    segments = _data(folder, "segments")
    return Shelf(
        people=frozenset(_people(workspace)),
        roles_held=frozenset(_roles(workspace)),
        holders=_holders(workspace),
        connections=_ids(workspace, "connections"),
        segments=_ids(segments, "segments"),
        suppressions=frozenset(_suppressions(segments)),
        offers=_ids(_data(folder, "offers"), "offers"),
        products=frozenset(_products(folder)),
        topics=frozenset(_topics(_data(folder, "content"))),
        hypotheses=frozenset(_hypotheses(folder)),
        escalations=_keys(_data(folder, "escalation"), "policies"),
        naming_rules=_keys(naming, "rules"),
        naming_types=_keys(naming, "types"),
        regions=frozenset(text for _, text in texts(naming, "taxonomy", "region")),
        blackouts=_ids(_data(folder, "calendar"), "blackouts"),
        events=_ids(lifecycle, "events"),
        stages=_ids(lifecycle, "stages"),
        languages=frozenset(text for _, text in texts(workspace, "brand", "languages")),
        domains=frozenset(text for _, text in texts(workspace, "brand", "domains")),
        ruled_actions=_keys(_data(folder, "actions"), "actions"),
        files=folder.files,
        currency=_currency(workspace),
        permissions=dict(_permissions(workspace)),
    )


def _data(folder: Folder, kind: str) -> Any:
    source = folder.only(kind)
    return source.data if source else None


def _currency(workspace: Any) -> str:
    """The workspace's currency; nothing when it is mistyped, so that one mistake stays one."""
    written = str(dig(workspace, "currency"))
    return written if len(written) == 3 and written.isupper() else ""


def _ids(data: Any, key: str) -> frozenset[str]:
    found = (block.get("id") for _, block in blocks(data, key))
    return frozenset(name for name in found if isinstance(name, str))


def _keys(data: Any, key: str) -> frozenset[str]:
    return frozenset(str(path[-1]) for path, _ in entries(data, key))


def _people(workspace: Any) -> Iterator[str]:
    for _, person in blocks(workspace, "people"):
        if not _is_agent(person):
            named = (person.get("id"), person.get("email"))
            yield from (name.casefold() for name in named if isinstance(name, str))


def _roles(workspace: Any) -> Iterator[str]:
    for path, _ in blocks(workspace, "people"):
        yield from (role for _, role in texts(workspace, *path, "roles"))


def _holders(workspace: Any) -> dict[str, frozenset[str]]:
    """Several accounts of one human are one human."""
    found: dict[str, frozenset[str]] = {}
    for path, person in blocks(workspace, "people"):
        human = person.get("person") or person.get("id")
        if isinstance(human, str) and not _is_agent(person):
            roles = {role for _, role in texts(workspace, *path, "roles")}
            found[human] = found.get(human, frozenset()) | roles
    return found


def _is_agent(person: Any) -> bool:
    return person.get("agent") in (True, "yes", "true")


def _suppressions(segments: Any) -> Iterator[str]:
    for _, segment in blocks(segments, "segments"):
        if segment.get("suppression") is True and isinstance(segment.get("id"), str):
            yield segment["id"]


def _products(folder: Folder) -> Iterator[str]:
    for kind, key in (("offers", "offers"), ("content", "content")):
        for _, block in blocks(_data(folder, kind), key):
            if isinstance(block.get("product"), str):
                yield block["product"]


def _topics(content: Any) -> Iterator[str]:
    for path, _ in blocks(content, "content"):
        yield from (topic for _, topic in texts(content, *path, "topics"))


def _hypotheses(folder: Folder) -> Iterator[str]:
    for source in folder.of("hypotheses"):
        yield from _ids(source.data, "hypotheses")


def _permissions(workspace: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for path, _ in entries(workspace, "data_permissions"):
        yield str(path[-1]), tuple(scope for _, scope in texts(workspace, *path))
