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
from drumbeat.core.compliance.count.grapheme import emoji
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
    avoided = {one.word: one.instead for own in voice.languages.values() for one in own.avoid}
    for said in dict.fromkeys(_any_of(tuple(avoided)).findall(place.plain)):
        instead = next(avoided[word] for word in avoided if word.casefold() == said.casefold())
        better = instead or "another word"
        yield _off(place, f"“{said}” is not a word of ours.", said, better, f"say {better}")
    for phrase in every(Topic.PRESSING, place.plain):
        if not case.vouches(sentence_at(place.plain, place.plain.index(phrase))):
            yield _off(place, f"“{phrase}” pushes.", phrase, "no pressure", "say what is true")


def _marks(place: Place, voice: BrandVoice) -> Iterator[ReviewFinding]:
    count, most = place.plain.count("!"), voice.max_exclamation_marks
    if count > most:
        yield _off(place, f"{count} exclamation marks.", str(count), str(most), "take them out")
    shown = () if place.text.isascii() else emoji(place.text)
    if shown and not voice.emoji:
        yield _off(place, "An emoji.", shown[0], "no emoji", "take it out")


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words on its own; nothing where there are none."""
    said = "|".join(re.escape(word) for word in words)
    return re.compile(rf"(?<!\w)(?:{said})(?!\w)" if words else r"(?!)", re.IGNORECASE)


def _off(
    place: Place,
    said: str,
    found: str,
    allowed: str,
    fix: str,
    severity: Severity = Severity.APPROVAL,
) -> ReviewFinding:
    return RULE.finding(place.name, said, found=found, allowed=allowed, fix=fix, severity=severity)
