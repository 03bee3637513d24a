"""Named things: references that must exist, ids that must be unique, links that must stay home."""

from collections.abc import Collection, Iterator
from typing import Any

from drumbeat.core.campaign.address import host_of
from drumbeat.core.campaign.shelf import Shelf
from drumbeat.files.suggest import did_you_mean
from drumbeat.files.tree import Mistake, Path, blocks, texts


def unknown(path: Path, word: str, known: Collection[str], where: str) -> Iterator[Mistake]:
    """A mistake when a word names nothing that ``where`` defines."""
    if word not in known:
        yield Mistake(path, f"{word!r} is not in {where}", did_you_mean(word, known))


def all_known(data: Any, key: Path, known: Collection[str], where: str) -> Iterator[Mistake]:
    """A mistake for every text at a path, alone or in a list, that names nothing."""
    for path, word in texts(data, *key):
        yield from unknown(path, word, known, where)


def repeated(data: Any, key: str, field: str = "id") -> Iterator[Mistake]:
    """A mistake for every block whose id an earlier block has taken."""
    seen: dict[str, Path] = {}
    for path, block in blocks(data, key):
        name = block.get(field)
        if isinstance(name, str) and name.casefold() in seen:
            first = seen[name.casefold()][-1]
            yield Mistake((*path, field), f"{name!r} is taken by {key}[{first}]")
        elif isinstance(name, str):
            seen[name.casefold()] = path


def foreign_link(path: Path, url: Any, shelf: Shelf) -> Iterator[Mistake]:
    """A mistake when a link leads off the brand's domains."""
    host = _host(url)
    if not host or not shelf.domains or any(_is_within(host, home) for home in shelf.domains):
        return
    homes = ", ".join(sorted(shelf.domains))
    yield Mistake(path, f"{host} is none of the brand's domains ({homes})")


def _host(url: Any) -> str:
    return host_of(url) if isinstance(url, str) else ""


def _is_within(host: str, home: str) -> bool:
    return host == home or host.endswith(f".{home}")
