"""Labels: the one word from a closed set that may travel on where a comment's text may not.

Rules, not a model: the same text always gets the same label, and whatever an injected text asks
for, the most it can be given is one of six words.
"""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from drumbeat.core.untrusted import label_words
from drumbeat.core.untrusted.tainted import Tainted


class Label(StrEnum):
    """What a comment is, the most pressing first."""

    CRISIS = "crisis"
    LEGAL = "legal"
    SPAM = "spam"
    COMPLAINT = "complaint"
    QUESTION = "question"
    PRAISE = "praise"


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


_WORDS = {
    Label.CRISIS: _any_of(label_words.CRISIS),
    Label.LEGAL: _any_of(label_words.LEGAL),
    Label.SPAM: _any_of(label_words.SPAM),
    Label.COMPLAINT: _any_of(label_words.COMPLAINT),
    Label.QUESTION: _any_of(label_words.QUESTION),
    Label.PRAISE: _any_of(label_words.PRAISE),
}
_FORMS = {
    Label.SPAM: re.compile(r"https?://\S+\s+https?://|[€$£]{3}"),
    Label.QUESTION: re.compile(r"[?¿؟？]"),
    Label.PRAISE: re.compile(r"[❤♥😍🥰👏🙌💯🤩😋]|👍"),
    Label.COMPLAINT: re.compile(r"[😡🤬😠👎🤮]"),
}


def label(text: Tainted) -> Label | None:
    """The most pressing label the words give; None for a text that says nothing of the six."""
    return _said(text.plain)


# Spam, and what a crisis makes people repeat, comes word for word.
@lru_cache(maxsize=1024)
def _said(words: str) -> Label | None:
    return next((one for one in Label if _speaks(one, words)), None)


def counts(texts: Iterable[Tainted]) -> dict[Label, int]:
    """How many texts carry each label: all that is handed on to those who decide."""
    found = Counter(label(text) for text in texts)
    return {one: found[one] for one in Label}


def _speaks(one: Label, words: str) -> bool:
    form = _FORMS.get(one)
    return _WORDS[one].search(words) is not None or bool(form and form.search(words))
