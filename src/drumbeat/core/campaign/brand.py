"""Brand voice and prohibited claims: how the brand speaks, and what it never says."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from drumbeat.core.campaign.declarations import Country
from drumbeat.core.campaign.text import Language, Line, Slug
from drumbeat.core.noun import Noun


class AvoidedWord(Noun):
    """A word the brand does not use, and what it says instead."""

    word: Line
    instead: Line | None = None


class LanguageVoice(Noun):
    """The voice in one language."""

    greeting: Line
    greeting_without_name: Line
    sign_off: Line
    signature: Line
    calls_to_action: tuple[Line, ...] = Field(min_length=1)
    use: tuple[Line, ...] = ()
    avoid: tuple[AvoidedWord, ...] = ()


class BrandVoice(Noun):
    """``policy/brand_voice.yaml``: tone, limits and the voice per language.

    ``competitors`` are names that legal wants to see before we say them. ``mentions`` are the
    accounts and ``hashtags`` the tags that posts may carry; without a list of tags any may.
    """

    version: Literal[1]
    tone: tuple[Line, ...] = Field(min_length=1)
    promise: Line
    max_sentence_words: int = Field(default=28, ge=5)
    max_exclamation_marks: int = Field(default=0, ge=0)
    emoji: bool = False
    languages: dict[Language, LanguageVoice] = Field(min_length=1)
    competitors: tuple[Line, ...] = ()
    mentions: tuple[Line, ...] | None = None
    hashtags: tuple[Line, ...] | None = None


class ClaimSeverity(StrEnum):
    """Whether a claim stops an asset or asks a person."""

    BLOCK = "block"
    REVIEW = "review"


class ProhibitedClaim(Noun):
    """Phrases never to be used, why, and the evidence under which they would be allowed."""

    id: Slug
    phrases: tuple[Line, ...] = Field(min_length=1)
    language: Language
    reason: Line
    severity: ClaimSeverity = ClaimSeverity.BLOCK
    allowed_with: Line | None = None
    source: Line | None = None


class ClaimProof(Noun):
    """What substantiates a claim: its words, until when, and where; everywhere where no countries
    are named. ``source`` says where the proof lies."""

    id: Slug
    claim: Line
    valid_to: date
    countries: tuple[Country, ...] = ()
    source: Line


class ProhibitedClaims(Noun):
    """``policy/prohibited_claims.yaml``: what is never said, and the proofs of what may be."""

    version: Literal[1]
    claims: tuple[ProhibitedClaim, ...] = ()
    proofs: tuple[ClaimProof, ...] = ()
