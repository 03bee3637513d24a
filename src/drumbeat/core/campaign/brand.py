"""Brand voice and prohibited claims: how the brand speaks, and what it never says."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

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
    """``policy/brand_voice.yaml``: tone, limits and the voice per language."""

    version: Literal[1]
    tone: tuple[Line, ...] = Field(min_length=1)
    promise: Line
    max_sentence_words: int = Field(default=28, ge=5)
    max_exclamation_marks: int = Field(default=0, ge=0)
    emoji: bool = False
    languages: dict[Language, LanguageVoice] = Field(min_length=1)


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


class ProhibitedClaims(Noun):
    """``policy/prohibited_claims.yaml``."""

    version: Literal[1]
    claims: tuple[ProhibitedClaim, ...] = ()
