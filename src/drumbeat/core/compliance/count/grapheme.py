"""Graphemes: what people call a character, counted as Unicode groups code points today."""

from functools import lru_cache

import regex

_CLUSTER = regex.compile(r"\X")
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3")
_INDIC = regex.compile(
    r"[\p{Devanagari}\p{Bengali}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Gujarati}]"
)


def graphemes(text: str) -> list[str]:
    """The text in grapheme clusters."""
    return _CLUSTER.findall(text)


def is_emoji(cluster: str) -> bool:
    """Whether a cluster is drawn as an emoji; a lone ``©`` or digit is a letter like others."""
    if len(cluster) == 1 and ord(cluster) < 0x2000:
        return False
    return _EMOJI.match(cluster) is not None


@lru_cache(maxsize=4096)
def emoji(text: str) -> tuple[str, ...]:
    """Every emoji of a text, in order."""
    return tuple(one for one in graphemes(text) if is_emoji(one))


def is_indic(text: str) -> bool:
    """Whether the text uses a script that older segmenters cut into more graphemes."""
    return _INDIC.search(text) is not None
