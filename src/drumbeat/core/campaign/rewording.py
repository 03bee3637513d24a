"""Rewording: the words of a launch that people may change before they approve it.

Subject lines and preheaders, headlines and descriptions, posts: what is read first and where a
slip hurts most. The body of a mail is built from blocks with fallbacks and stays the builder's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.objects import Creative, LineItem, Post, Send, Variant

_MOST = 2_000


class BadWording(ValueError):
    """A text that cannot stand, and why."""


@dataclass(frozen=True)
class Wording:
    """One text: its ``name`` in a form, what it is of, which part of it, and whether it may have
    several lines."""

    name: str
    of: str
    part: str
    text: str
    is_long: bool = False


# What a text should say: another one, or what it says already.
_Say = Callable[[Wording], str]


@dataclass(frozen=True)
class Reworded:
    """Assets with other words; ``changes`` are (what of what, before, after)."""

    assets: Assets
    changes: tuple[tuple[str, str, str], ...]


def words_of(assets: Assets) -> tuple[Wording, ...]:
    """Every text that may be changed: of mails, then of ads, then of posts."""
    found: list[Wording] = []

    def note(one: Wording) -> str:
        found.append(one)
        return one.text

    _saying(assets, note)
    return tuple(found)


def reword(assets: Assets, texts: Mapping[str, str]) -> Reworded:
    """The assets with these texts, by name; what a mail repeats of them is changed with them.

    Raises BadWording for an unknown name, and for a text that is empty or too long.
    """
    known = {one.name: one for one in words_of(assets)}
    if strange := sorted(texts.keys() - known.keys()):
        raise BadWording(f"the launch has no text named {strange[0]}")
    fresh = {name: _tidy(known[name], text) for name, text in texts.items()}
    changed = {name: text for name, text in fresh.items() if text != known[name].text}
    made = _saying(assets, lambda one: changed.get(one.name, one.text))
    told = ((known[name], text) for name, text in changed.items())
    return Reworded(made, tuple((f"{w.part} of {w.of}", w.text, text) for w, text in told))


def heed(assets: Assets, instead: Mapping[str, str]) -> Reworded:
    """The assets with what people said instead of these very texts before."""
    said = ((one, instead[one.text]) for one in words_of(assets) if one.text in instead)
    return reword(assets, {one.name: text for one, text in said if text or _may_be_empty(one)})


def _tidy(wording: Wording, text: str) -> str:
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    tidy = "\n".join(lines) if wording.is_long else " ".join(lines)
    what = f"{wording.part} of {wording.of}"
    if not tidy and not _may_be_empty(wording):
        raise BadWording(f"the {what} cannot be empty")
    if len(tidy) > _MOST:
        raise BadWording(f"the {what} has {len(tidy)} characters, more than {_MOST}")
    return tidy


def _may_be_empty(wording: Wording) -> bool:
    return wording.part == "preheader"


def _saying(assets: Assets, say: _Say) -> Assets:
    """The assets with what ``say`` makes of each text; whoever only looks gives it back."""
    return assets.model_copy(
        update={
            "sends": tuple(_send(n, one, say) for n, one in enumerate(assets.sends)),
            "line_items": tuple(_ad(n, one, say) for n, one in enumerate(assets.line_items)),
            "posts": tuple(_post(n, one, say) for n, one in enumerate(assets.posts)),
        }
    )


def _send(number: int, send: Send, say: _Say) -> Send:
    variants = (_variant(number, one, say) for one in send.variants)
    return send.model_copy(update={"variants": tuple(variants)})


def _variant(number: int, one: Variant, say: _Say) -> Variant:
    def said(part: str, text: str) -> str:
        return say(Wording(f"send.{number}.{one.name}.{part}", f"mail {one.name}", part, text))

    subject, preheader = said("subject", one.subject), said("preheader", one.preheader)
    html, text = one.html, one.text
    for before, after in ((one.subject, subject), (one.preheader, preheader)):
        if before and before != after:
            html = html.replace(escape(before), escape(after))
            text = text.replace(before, after)
    return one.model_copy(
        update={"subject": subject, "preheader": preheader, "html": html, "text": text}
    )


def _ad(number: int, item: LineItem, say: _Say) -> LineItem:
    creatives = (_creative(number, item, one, say) for one in item.creatives)
    return item.model_copy(update={"creatives": tuple(creatives)})


def _creative(number: int, item: LineItem, one: Creative, say: _Say) -> Creative:
    def said(part: str, texts: tuple[str, ...]) -> tuple[str, ...]:
        name, of = f"ad.{number}.{one.name}.{part}", f"ad {one.name} of {item.name}"
        words = (Wording(f"{name}.{nth}", of, part, text) for nth, text in enumerate(texts))
        return tuple(map(say, words))

    headlines, descriptions = said("headline", one.headlines), said("description", one.descriptions)
    return one.model_copy(update={"headlines": headlines, "descriptions": descriptions})


def _post(number: int, post: Post, say: _Say) -> Post:
    of = f"post {number + 1} on {post.network}"
    text = Wording(f"post.{number}.text", of, "text", post.text, is_long=True)
    return post.model_copy(update={"text": say(text)})
