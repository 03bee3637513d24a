"""Claims: every phrase of a topic that is said somewhere, with the sentence it stands in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.facts import Proof
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import pattern
from drumbeat.core.compliance.place import Part, Place

_REMEMBERED = 4096
_END = re.compile(r"[.!?…]+[\s”\"“]+|\n")


@dataclass(frozen=True)
class Claim:
    """``phrase`` as said in ``sentence`` at ``place``."""

    place: Place
    phrase: str
    sentence: str


def claims(
    case: ComplianceCase, topic: Topic, parts: Iterable[Part] = tuple(Part)
) -> Iterator[Claim]:
    """Every phrase of a topic in the texts people see, each once a place."""
    wanted = frozenset(parts)
    for place in case.places:
        said = _said(topic, place.plain) if place.part in wanted else ()
        yield from (Claim(place, phrase, sentence) for phrase, sentence in said)


@lru_cache(maxsize=_REMEMBERED)
def _said(topic: Topic, text: str) -> tuple[tuple[str, str], ...]:
    """Each phrase once, with its sentence. HTML, text and variants repeat the same paragraphs."""
    found: dict[str, tuple[str, str]] = {}
    for hit in pattern(topic).finditer(text):
        found.setdefault(hit[0].casefold(), (hit[0], sentence_at(text, hit.start())))
    return tuple(found.values())


def sentence_at(text: str, position: int) -> str:
    """The sentence a position stands in."""
    ends = [0, *(end.end() for end in _END.finditer(text)), len(text)]
    start = max(end for end in ends if end <= position)
    stop = min((end for end in ends if end > position), default=len(text))
    return text[start:stop].strip()


def unproven(
    card: RuleCard, case: ComplianceCase, topic: Topic, said: str
) -> Iterator[ReviewFinding]:
    """A finding for each claim of a topic nobody keeps the proof of."""
    for claim in claims(case, topic):
        if not case.proves(claim.sentence) and not _is_proven(case, claim):
            yield card.finding(
                claim.place.name,
                f"“{claim.phrase}” {said}",
                found=claim.sentence,
                allowed="the claim with a valid proof on record",
                fix="add a proof to the piece of data/content.yaml, or take the claim out",
            )


def forbidden(
    card: RuleCard,
    claimed: Iterable[Claim],
    said: str,
    *,
    allowed: str,
    fix: str,
    severity: Severity | None = None,
) -> Iterator[ReviewFinding]:
    """A finding for each claim, none of which may stand."""
    for claim in claimed:
        yield card.finding(
            claim.place.name,
            f"“{claim.phrase}” {said}",
            found=claim.sentence,
            allowed=allowed,
            fix=fix,
            severity=severity,
        )


def _is_proven(case: ComplianceCase, claim: Claim) -> bool:
    day = case.day_of(claim.place)
    return any(
        _proves(one, claim, case.facts.countries)
        for one in case.facts.proofs
        if day <= one.valid_to
    )


def _proves(proof: Proof, claim: Claim, countries: frozenset[str]) -> bool:
    """Whether the proof is about these words, everywhere they will be read."""
    everywhere = not proof.regions or (bool(countries) and countries <= proof.regions)
    return everywhere and proof.claim.casefold() in claim.sentence.casefold()
