"""Rewording: the words of a launch that people may change before they approve it.

Subject lines and preheaders, the texts of a mail's body, headlines and descriptions, posts. Words
only: links stay as they are, and merge tags where they stand.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from drumbeat.core.campaign.assets import Assets, DynamicBlock
from drumbeat.core.campaign.mail_words import BodyText, body_texts, with_words
from drumbeat.core.campaign.objects import Creative, LineItem, Post, Send, Variant
from drumbeat.core.canonical import digest

_MOST = 2_000
# What a text is of that every mail of the launch says.
EVERY_MAIL = "the mail"
_URL = re.compile(r"https?://[^\s<>\"]+")
_MERGED = re.compile(r"\{\{[^{}]*\}\}|\{\{|\}\}")
# What a text cannot hold: control characters and halves of characters.
_UNSEEN = frozenset({"Cc", "Cs"})


class BadWording(ValueError):
    """A text that cannot stand, and why."""


@dataclass(frozen=True)
class Wording:
    """One text: its ``name`` in a form, what it is of, which part of it, whether it may have
    several lines, and whether it is one of the many in a mail's body."""

    name: str
    of: str
    part: str
    text: str
    is_long: bool = False
    is_body: bool = False


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

    Raises BadWording for an unknown name, for a text that is empty or too long, and for one that
    loses or gains a link or a merge tag.
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
    if not instead:
        return Reworded(assets, ())
    said = ((one, instead[one.text]) for one in words_of(assets) if one.text in instead)
    return reword(assets, {one.name: text for one, text in said if text or _may_be_empty(one)})


def _tidy(wording: Wording, text: str) -> str:
    lines = text.strip().splitlines() if wording.is_long else [text]
    tidy = "\n".join(" ".join(line.split()) for line in lines)
    what = f"{wording.part} of {wording.of}"
    if not tidy and not _may_be_empty(wording):
        raise BadWording(f"the {what} cannot be empty")
    if len(tidy) > _MOST:
        raise BadWording(f"the {what} has {len(tidy)} characters, more than {_MOST}")
    if any(unicodedata.category(one) in _UNSEEN for one in tidy if one != "\n"):
        raise BadWording(f"the {what} has a character that cannot be shown")
    _same("links", what, _links(wording.text), _links(tidy))
    _same("merge tags", what, set(_MERGED.findall(wording.text)), set(_MERGED.findall(tidy)))
    return tidy


def _same(kind: str, what: str, before: set[str], after: set[str]) -> None:
    if lost := sorted(before - after):
        raise BadWording(f"the {kind} of the {what} stay as they are: {lost[0]} is missing")
    if added := sorted(after - before):
        raise BadWording(f"the {kind} of the {what} stay as they are: {added[0]} is new")


def _links(text: str) -> set[str]:
    return {found.rstrip(".,;:!?)…") for found in _URL.findall(text)}


def _may_be_empty(wording: Wording) -> bool:
    return wording.part == "preheader"


def _saying(assets: Assets, say: _Say) -> Assets:
    """The assets with what ``say`` makes of each text; whoever only looks gives it back."""
    # Every mail's first words, then what is in them: as people read.
    heads = [[_head(n, one, say) for one in send.variants] for n, send in enumerate(assets.sends)]
    said = ((one, say(one)) for one in _body(v for send in assets.sends for v in send.variants))
    body = {one.text: text for one, text in said if text != one.text}
    sends = (_send(*one, body) for one in zip(assets.sends, heads, strict=True))
    return assets.model_copy(
        update={
            "sends": tuple(sends),
            "line_items": tuple(_ad(n, one, say) for n, one in enumerate(assets.line_items)),
            "posts": tuple(_post(n, one, say) for n, one in enumerate(assets.posts)),
            "blocks": tuple(_block(one, body) for one in assets.blocks),
        }
    )


def _send(send: Send, heads: list[tuple[str, str]], body: Mapping[str, str]) -> Send:
    mails = (_mail(*one, body) for one in zip(send.variants, heads, strict=True))
    return send.model_copy(update={"variants": tuple(mails)})


def _head(number: int, one: Variant, say: _Say) -> tuple[str, str]:
    """Subject line and preheader."""

    def said(part: str, text: str) -> str:
        return say(Wording(f"send.{number}.{one.name}.{part}", f"mail {one.name}", part, text))

    return said("subject", one.subject), said("preheader", one.preheader)


def _body(variants: Iterable[Variant]) -> Iterator[Wording]:
    """What the mails say, each text once: where several say the same they keep saying the same."""
    found: dict[str, BodyText] = {}
    names: dict[str, list[str]] = {}
    every: dict[str, None] = {}
    for one in variants:
        every[one.name] = None
        for told in body_texts(one.html, one.text):
            found.setdefault(told.text, told)
            names.setdefault(told.text, []).append(one.name)
    for text, first in found.items():
        mine = dict.fromkeys(names[text])
        of = EVERY_MAIL if len(mine) == len(every) else f"mail {', '.join(mine)}"
        yield Wording(f"body.{digest(text)[:12]}", of, first.part, text, is_body=True)


def _mail(one: Variant, head: tuple[str, str], body: Mapping[str, str]) -> Variant:
    subject, preheader = head
    repeated = {one.preheader: preheader, one.subject: subject}
    changed = {was: text for was, text in repeated.items() if was and was != text}
    html, text = one.html, one.text
    if changed or body:
        html, text = with_words(html, text, body, changed)
    return one.model_copy(
        update={"subject": subject, "preheader": preheader, "html": html, "text": text}
    )


def _block(one: DynamicBlock, body: Mapping[str, str]) -> DynamicBlock:
    """The words that stand apart, as the mail says them now."""
    by_segment = {name: body.get(text, text) for name, text in one.by_segment.items()}
    fallback = body.get(one.fallback, one.fallback)
    return one.model_copy(update={"by_segment": by_segment, "fallback": fallback})


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
