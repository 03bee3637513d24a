"""Networks: how long a post may be on each, and how its length is counted there.

Limits as the vendors' help pages state them, checked 2026-11. On Mastodon and X every address
counts 23; X counts a character outside Latin and its neighbors twice (twitter-text 3).
"""

import re
from dataclasses import dataclass

_URL = re.compile(r"https?://\S+")
_SINGLE_ON_X = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


@dataclass(frozen=True)
class Network:
    """``most`` characters; ``url`` what an address counts, None for its own length."""

    name: str
    most: int
    url: int | None = None
    is_weighted: bool = False
    takes_hashtags: bool = True
    is_long_form: bool = False


_TABLE = (
    Network("mastodon", 500, url=23),
    Network("bluesky", 300),
    Network("x", 280, url=23, is_weighted=True),
    Network("threads", 500),
    Network("linkedin", 3000, is_long_form=True),
    Network("facebook", 63_206, takes_hashtags=False, is_long_form=True),
    Network("instagram", 2200, is_long_form=True),
    Network("tiktok", 2200),
)
NETWORKS = {network.name: network for network in _TABLE}
# A network nobody described is treated as the strictest of all.
STRICTEST = Network("unknown", 280, is_weighted=True, takes_hashtags=False)


def network(name: str) -> Network:
    """The network of this name; the strictest limits for one not in the table."""
    return NETWORKS.get(name, STRICTEST)


def length(on: Network, text: str) -> int:
    """How long a text is by the network's own count."""
    urls = _URL.findall(text)
    plain = _URL.sub("", text)
    words = sum(_weight(character) for character in plain) if on.is_weighted else len(plain)
    return words + sum(len(url) if on.url is None else on.url for url in urls)


def _weight(character: str) -> int:
    point = ord(character)
    return 1 if any(low <= point <= high for low, high in _SINGLE_ON_X) else 2
