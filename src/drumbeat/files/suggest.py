"""Suggestions: the known word a mistyped one most likely meant."""

from collections.abc import Iterable

_MOST_LISTED = 12
# Below this likeness (difflib ratio) a suggestion is a guess.
_CLOSE = 0.65


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?`` when one known word is close; else the list, when it is short."""
    from difflib import get_close_matches  # most runs find no mistake

    names = sorted(set(known))
    close = get_close_matches(word, names, n=1, cutoff=_CLOSE) or get_close_matches(
        word.lower(), names, n=1, cutoff=_CLOSE
    )
    if close:
        return f"did you mean {close[0]!r}?"
    if names and len(names) <= _MOST_LISTED:
        return f"known: {', '.join(names)}"
    return ""
