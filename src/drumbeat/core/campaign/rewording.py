"""Rewording: the words of a launch that people may change before they approve it.

Subject lines and preheaders, headlines and descriptions, posts: what is read first and where a
slip hurts most. The body of a mail is built from blocks with fallbacks and stays the builder's.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.objects import Creative, LineItem, Post, Send, Variant

_MOST = 2_000
# A new text for a name, or the one that stands.
_Say = Callable[[str, str], str]


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


@dataclass(frozen=True)
class Reworded:
    """Assets with other words; ``changes`` are (what of what, before, after)."""

    assets: Assets
    changes: tuple[tuple[str, str, str], ...]


def words_of(assets: Assets) -> tuple[Wording, ...]:
    """Every text that may be changed, in the order in which things go out."""
    return (*_of_sends(assets), *_of_ads(assets), *_of_posts(assets))


def reword(assets: Assets, texts: Mapping[str, str]) -> Reworded:
    """The assets with these texts, by name; what a mail repeats of them is changed with them.

    Raises BadWording for an unknown name, and for a text that is empty or too long.
    """
    known = {one.name: one for one in words_of(assets)}
    if strange := sorted(texts.keys() - known.keys()):
        raise BadWording(f"the launch has no text named {strange[0]}")
    fresh = {name: _tidy(known[name], text) for name, text in texts.items()}
    changed = {name: text for name, text in fresh.items() if text != known[name].text}
    say = changed.get
    made = assets.model_copy(
        update={
            "sends": tuple(_send(n, one, say) for n, one in enumerate(assets.sends)),
            "line_items": tuple(_ad(n, one, say) for n, one in enumerate(assets.line_items)),
            "posts": tuple(_post(n, one, say) for n, one in enumerate(assets.posts)),
        }
    )
    told = ((known[name], text) for name, text in changed.items())
    return Reworded(made, tuple((f"{w.part} of {w.of}", w.text, text) for w, text in told))


def _tidy(wording: Wording, text: str) -> str:
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    tidy = "\n".join(lines) if wording.is_long else " ".join(lines)
    what = f"{wording.part} of {wording.of}"
    if not tidy and wording.part != "preheader":
        raise BadWording(f"the {what} cannot be empty")
    if len(tidy) > _MOST:
        raise BadWording(f"the {what} has {len(tidy)} characters, more than {_MOST}")
    return tidy


def _of_sends(assets: Assets) -> Iterator[Wording]:
    for number, send in enumerate(assets.sends):
        for one in send.variants:
            of, name = f"mail {one.name}", f"send.{number}.{one.name}"
            yield Wording(f"{name}.subject", of, "subject", one.subject)
            yield Wording(f"{name}.preheader", of, "preheader", one.preheader)


def _of_ads(assets: Assets) -> Iterator[Wording]:
    for number, item in enumerate(assets.line_items):
        for one in item.creatives:
            of, name = f"ad {one.name} of {item.name}", f"ad.{number}.{one.name}"
            for part, texts in (("headline", one.headlines), ("description", one.descriptions)):
                for nth, text in enumerate(texts):
                    yield Wording(f"{name}.{part}.{nth}", of, part, text)


def _of_posts(assets: Assets) -> Iterator[Wording]:
    for number, post in enumerate(assets.posts):
        of = f"post {number + 1} on {post.network}"
        yield Wording(f"post.{number}.text", of, "text", post.text, is_long=True)


def _send(number: int, send: Send, say: _Say) -> Send:
    variants = (_variant(f"send.{number}.{one.name}", one, say) for one in send.variants)
    return send.model_copy(update={"variants": tuple(variants)})


def _variant(name: str, one: Variant, say: _Say) -> Variant:
    subject = say(f"{name}.subject", one.subject)
    preheader = say(f"{name}.preheader", one.preheader)
    html, text = one.html, one.text
    for before, after in ((one.subject, subject), (one.preheader, preheader)):
        if before and before != after:
            html = html.replace(escape(before), escape(after))
            text = text.replace(before, after)
    return one.model_copy(
        update={"subject": subject, "preheader": preheader, "html": html, "text": text}
    )


def _ad(number: int, item: LineItem, say: _Say) -> LineItem:
    creatives = (_creative(f"ad.{number}.{one.name}", one, say) for one in item.creatives)
    return item.model_copy(update={"creatives": tuple(creatives)})


def _creative(name: str, one: Creative, say: _Say) -> Creative:
    def said(part: str, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(say(f"{name}.{part}.{nth}", text) for nth, text in enumerate(texts))

    headlines, descriptions = said("headline", one.headlines), said("description", one.descriptions)
    return one.model_copy(update={"headlines": headlines, "descriptions": descriptions})


def _post(number: int, post: Post, say: _Say) -> Post:
    return post.model_copy(update={"text": say(f"post.{number}.text", post.text)})
