"""T01: whatever we say sounds like us."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from drumbeat.core.campaign.brand import BrandVoice
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.claim import sentence_at
from drumbeat.core.compliance.count.grapheme import graphemes, is_emoji
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import every
from drumbeat.core.compliance.place import Part, Place

RULE = RuleCard(
    id="T01",
    title="brand tone",
    severity=Severity.APPROVAL,
    role="approver:brand",
    source="policy/brand_voice.yaml",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
    needs=("voice",),
)
_PROSE = frozenset({Part.HTML, Part.TEXT, Part.POST, Part.DESCRIPTION})
_END = re.compile(r"[.!?…:;]+(?:\s|$)|\n")


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """No avoided or pushing word, no more marks or emoji than our voice; long sentences warn."""
    voice = case.facts.voice
    if voice is None:
        return
    for place in case.places:
        yield from _words(place, voice, case)
        yield from _marks(place, voice)
        longest = max((len(one.split()) for one in _END.split(place.text)), default=0)
        if longest > voice.max_sentence_words and place.part in _PROSE:
            most = voice.max_sentence_words
            yield _off(
                place,
                f"A sentence of {longest} words.",
                f"{longest}",
                f"{most} words",
                "make two of it",
                Severity.WARN,
            )


def _words(place: Place, voice: BrandVoice, case: ComplianceCase) -> Iterator[ReviewFinding]:
    for language in voice.languages.values():
        for one in language.avoid:
            if _says(place.plain, one.word):
                yield _off(
                    place,
                    f"“{one.word}” is not a word of ours.",
                    one.word,
                    one.instead or "another word",
                    f"say {one.instead or 'it differently'}",
                )
    for phrase in every(Topic.PRESSING, place.plain):
        if not case.vouches(sentence_at(place.plain, place.plain.index(phrase))):
            yield _off(place, f"“{phrase}” pushes.", phrase, "no pressure", "say what is true")


def _marks(place: Place, voice: BrandVoice) -> Iterator[ReviewFinding]:
    count, most = place.plain.count("!"), voice.max_exclamation_marks
    if count > most:
        yield _off(place, f"{count} exclamation marks.", str(count), str(most), "take them out")
    shown = [one for one in graphemes(place.text) if is_emoji(one)]
    if shown and not voice.emoji:
        yield _off(place, "An emoji.", shown[0], "no emoji", "take it out")


@cache
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)


def _says(text: str, word: str) -> bool:
    return _pattern(word).search(text) is not None


def _off(
    place: Place,
    said: str,
    found: str,
    allowed: str,
    fix: str,
    severity: Severity = Severity.APPROVAL,
) -> ReviewFinding:
    return RULE.finding(place.name, said, found=found, allowed=allowed, fix=fix, severity=severity)
