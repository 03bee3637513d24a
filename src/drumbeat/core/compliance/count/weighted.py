"""Weighted length: how X counts a post, after the third configuration of its text library.

A character outside Latin and its neighbors weighs two, an emoji two however it is composed, an
address twenty-three. Only hosts with a known top-level domain are addresses; a label whose
punycode is longer than 63 makes none.
"""

import re
import unicodedata
from dataclasses import dataclass

from drumbeat.core.compliance.count.grapheme import graphemes, is_emoji
from drumbeat.core.compliance.count.top_level_domain import is_top_level

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_ADDRESS_WEIGHT = 23
_LABEL_MOST, _ADDRESS_MOST = 63, 4096
# Marks that turn the direction of writing stand around an address, never in it.
_TURNS = "\u202a-\u202e\u2066-\u2069"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_ADDRESS = re.compile(
    rf"(?<![\w@#$./-])(?P<protocol>https?://)?(?P<host>(?:{_LABEL}\.)+{_LABEL})"
    rf"(?P<port>:[0-9]+)?(?P<rest>[/?#][^\s<>\"{_TURNS}]*)?",
    re.IGNORECASE,
)
# Punctuation that ends a sentence, not an address.
_TRAILING = ".,;:!?'\"”’)]}>…"


@dataclass(frozen=True)
class Weighing:
    """A version of the configuration: the second weighed emoji by their code points."""

    counts_emoji_once: bool = True


V2 = Weighing(counts_emoji_once=False)
V3 = Weighing()


def weighted_length(text: str, weighing: Weighing = V3) -> int:
    """What a post weighs; 280 is the most."""
    whole = unicodedata.normalize("NFC", text)
    total, at = 0, 0
    for start, end in address_spans(whole):
        total += _weight(whole[at:start], weighing) + _ADDRESS_WEIGHT
        at = end
    return total + _weight(whole[at:], weighing)


def _weight(text: str, weighing: Weighing) -> int:
    if text.isascii() or not weighing.counts_emoji_once:
        return sum(map(_point_weight, text))
    return sum(2 if is_emoji(one) else sum(map(_point_weight, one)) for one in graphemes(text))


def _point_weight(character: str) -> int:
    point = ord(character)
    return 1 if any(low <= point <= high for low, high in _LIGHT) else 2


def address_spans(text: str) -> list[tuple[int, int]]:
    """Where the addresses of a text start and end."""
    found = ((hit, _host_end(hit)) for hit in _ADDRESS.finditer(text))
    return [(hit.start(), _end(hit, host)) for hit, host in found if host is not None]


def _host_end(hit: re.Match[str]) -> int | None:
    """Where the host ends, or None where it is none: labels are dropped from the right until
    one is a top-level domain. Without a protocol only a whole ASCII host counts."""
    labels = hit["host"].split(".")
    if not hit["protocol"] and not hit["host"].isascii():
        return None
    while len(labels) > 1 and not is_top_level(labels[-1]):
        labels.pop()
    host = ".".join(labels)
    cut = len(host) < len(hit["host"])
    if len(labels) < 2 or (cut and not hit["protocol"]):
        return None
    if any(len(_ascii(label)) > _LABEL_MOST for label in labels):
        return None
    too_long = hit.end() - hit.start() > _ADDRESS_MOST
    return None if too_long else hit.start("host") + len(host)


def _end(hit: re.Match[str], host_end: int) -> int:
    if host_end < hit.end("host"):
        return host_end
    return hit.start() + len(hit[0].rstrip(_TRAILING))


def _ascii(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode()
