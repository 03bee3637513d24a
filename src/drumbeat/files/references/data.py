"""What the data files refer to: segments, stages, products, languages, the brand's own pages."""

from collections.abc import Iterator
from typing import Any

from drumbeat.core.campaign.metric import channels as channels_of
from drumbeat.core.campaign.objects import NOBODY
from drumbeat.core.campaign.shelf import Shelf
from drumbeat.core.operations.metrics import NAMES
from drumbeat.files.references.named import all_known, foreign_link, repeated, unknown
from drumbeat.files.tree import Mistake, Path, blocks, dig, texts

_SEGMENTS = "data/segments.yaml"
_LIFECYCLE = "policy/lifecycle.yaml"


def segments_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Two segments of one id, a stage nobody defined."""
    yield from repeated(data, "segments")
    for path, _ in blocks(data, "segments"):
        yield from all_known(data, (*path, "stage"), shelf.stages, _LIFECYCLE)


def content_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Two pieces of one id; segments, stages, languages and links that lead nowhere."""
    yield from repeated(data, "content")
    for path, piece in blocks(data, "content"):
        yield from all_known(data, (*path, "segments"), shelf.segments, _SEGMENTS)
        yield from all_known(data, (*path, "stage"), shelf.stages, _LIFECYCLE)
        where = "the languages of drumbeat.yaml"
        yield from all_known(data, (*path, "language"), shelf.languages, where)
        yield from foreign_link((*path, "url"), piece.get("url"), shelf)


def offers_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Two offers of one id; segments and landing pages that lead nowhere; a foreign currency."""
    yield from repeated(data, "offers")
    for path, offer in blocks(data, "offers"):
        yield from all_known(data, (*path, "segments"), shelf.segments, _SEGMENTS)
        yield from foreign_link((*path, "landing_page"), offer.get("landing_page"), shelf)
        for key in ("price", "discount"):
            yield from _currency((*path, key), offer.get(key), shelf)


def calendar_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Two blackouts or two marked runs of one id."""
    yield from repeated(data, "blackouts")
    yield from repeated(data, "marked")


def context_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Flags on segments and products nobody defined."""
    yield from repeated(data, "seasons")
    for path, _ in blocks(data, "fatigue"):
        yield from all_known(data, (*path, "segment"), shelf.segments, _SEGMENTS)
    for path, _ in blocks(data, "availability"):
        where = "the products of data/offers.yaml and data/content.yaml"
        yield from all_known(data, (*path, "product"), shelf.products, where)


def attribution_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """A rule without its window: a warning, because only optimization has to wait for it."""
    default = dig(data, "default")
    if isinstance(default, dict) and not default.get("click_window"):
        message = "click_window is missing, so nothing is optimized until it is declared"
        yield Mistake(("default",), message, is_key=True, is_warning=True)


def hypotheses_mistakes(data: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Two hypotheses of one id, segments nobody defined, arms that do not differ, lost metrics."""
    yield from repeated(data, "hypotheses")
    for path, block in blocks(data, "hypotheses"):
        yield from all_known(data, (*path, "segments"), shelf.segments, _SEGMENTS)
        arms = (dig(block, "control", "id"), dig(block, "treatment", "id"))
        if arms[0] and arms[0] == arms[1]:
            yield Mistake((*path, "treatment", "id"), f"both arms are called {arms[0]!r}")
        yield from _left_out(path, block, shelf)
        channels = {channel for _, channel in texts(block, "channels")}
        for place, name in texts(data, *path, "metric"):
            if name in NAMES and channels and not channels & channels_of(name):
                yield Mistake(place, f"{name} is not measured on {', '.join(sorted(channels))}")


def _left_out(path: Path, block: Any, shelf: Shelf) -> Iterator[Mistake]:
    """Whom an arm leaves out has to be a segment, or no arm could ever be made of it."""
    for arm in ("control", "treatment"):
        key = (arm, "settings", "exclude")
        name = dig(block, *key)
        if isinstance(name, str) and name not in {*shelf.segments, NOBODY}:
            yield from unknown((*path, *key), name, shelf.segments, _SEGMENTS)


def _currency(path: tuple[str | int, ...], written: Any, shelf: Shelf) -> Iterator[Mistake]:
    if not isinstance(written, str) or not written[:3].isupper() or not shelf.currency:
        return
    if written[:3] != shelf.currency:
        message = f"speaks of {written[:3]}, but drumbeat.yaml of {shelf.currency}"
        yield Mistake(path, message)
