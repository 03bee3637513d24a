"""Phrase books: what the scripted writers can say in one language, sorted by occasion.

Phrases hold places in braces. A phrase is used only where every place can be filled, so none of
them can promise what the inventory or the offer does not say.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Phrases = tuple[str, ...]


@dataclass(frozen=True)
class Book:
    """``subjects`` by style and, for benefits, by kind of piece; ``fallback_subjects`` for pieces
    with few words; ``openings`` by angle; ``hellos`` by what a segment's stage or name tells of
    its people; ``actions`` by kind of button, ``hooks`` by kind of hook, ``questions`` by kind of
    piece; the lines of ads from the most to the least telling, fillers by turns."""

    language: str
    subjects: Mapping[str, Phrases]
    subjects_by_kind: Mapping[str, Phrases]
    fallback_subjects: Mapping[str, Phrases]
    preheaders: Phrases
    openings: Mapping[str, Phrases]
    hellos: Mapping[str, Phrases]
    hello_for_all: Phrases
    points_heading: Phrases
    more_heading: Phrases
    actions: Mapping[str, Phrases]
    offer_lines: Mapping[str, Phrases]
    offer_code: Phrases
    why_you: str
    unsubscribe: str
    headlines: Phrases
    headline_fillers: Phrases
    descriptions: Mapping[str, Phrases]
    description_fillers: Phrases
    ad_actions: Phrases
    hooks: Mapping[str, Phrases]
    questions: Mapping[str, Phrases]
    invitations: Phrases
    months: Phrases
    weekdays: Phrases
    date_form: str
