"""Words: one compiled pattern a topic, over every language at once.

A mail in one language may quote another, so all are asked whatever the mail's language is.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache

from drumbeat.core.compliance.lexicon.de import GERMAN
from drumbeat.core.compliance.lexicon.en import ENGLISH
from drumbeat.core.compliance.lexicon.es import SPANISH
from drumbeat.core.compliance.lexicon.topic import Topic

LANGUAGES: Mapping[str, Mapping[Topic, tuple[str, ...]]] = {
    "en": ENGLISH,
    "de": GERMAN,
    "es": SPANISH,
}

_NUMBER = re.compile(r"[0-9][0-9.,]*")


@cache
def pattern(topic: Topic) -> re.Pattern[str]:
    """Every phrase of a topic as one pattern that stands between word boundaries."""
    phrases = (phrase for lexicon in LANGUAGES.values() for phrase in lexicon[topic])
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)


def found(topic: Topic, text: str) -> str | None:
    """The first phrase of the topic a text says, as it says it."""
    hit = pattern(topic).search(text)
    return hit[0] if hit else None


@lru_cache(maxsize=4096)
def every(topic: Topic, text: str) -> tuple[str, ...]:
    """Every phrase of the topic a text says, each once."""
    return tuple(dict.fromkeys(hit[0] for hit in pattern(topic).finditer(text)))


def figures(topic: Topic, text: str) -> tuple[tuple[str, Decimal], ...]:
    """Every phrase of the topic with the number it names; ``1.400`` and ``1,400`` are 1400."""
    hits = ((phrase, _NUMBER.search(phrase)) for phrase in every(topic, text))
    return tuple((phrase, number(hit[0])) for phrase, hit in hits if hit)


def number(figure: str) -> Decimal:
    """A figure as people of either habit write it: three digits after a mark are thousands."""
    whole = re.sub(r"[.,](?=[0-9]{3}(?:\D|$))", "", figure.rstrip(".,"))
    return Decimal(whole.replace(",", "."))
