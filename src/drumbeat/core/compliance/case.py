"""Case: the cycle's papers with the facts beside them, each mail read once for all rules."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from drumbeat.core.campaign.lint import ReviewCase
from drumbeat.core.campaign.objects import Variant
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.compliance.facts import NOTHING_KNOWN, ComplianceFacts
from drumbeat.core.compliance.mail.page import MailPage
from drumbeat.core.compliance.mail.reader import read_page
from drumbeat.core.compliance.place import Place, places
from drumbeat.core.governance.action import Channel

_ENOUGH = 3


@dataclass(frozen=True)
class ComplianceCase(ReviewCase):
    """What compliance looks at; ``now`` is None where nobody said what time it is."""

    now: datetime | None = None
    facts: ComplianceFacts = NOTHING_KNOWN

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """Every variant of every mail."""
        return tuple(variant for send in self.assets.sends for variant in send.variants)

    @cached_property
    def pages(self) -> dict[str, MailPage]:
        """The mails' HTML parts by variant."""
        return {variant.name: read_page(variant.html) for variant in self.variants}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every text a person will see."""
        found = places(self.assets, self.pages, self.plan.offer.offer, self.brief.occurrence_at)
        return tuple(found)

    @cached_property
    def channels(self) -> frozenset[Channel]:
        """The channels something was made for."""
        made = {
            Channel.EMAIL: self.assets.sends,
            Channel.ADS: self.assets.line_items,
            Channel.SOCIAL: self.assets.posts,
        }
        return frozenset(channel for channel, assets in made.items() if assets)

    def offer_at(self, place: Place) -> Offer | None:
        """The offer a text may speak of."""
        return self.offers.get(place.offer)

    def day_of(self, place: Place) -> date:
        """The campaign's local date on which a text is read first."""
        return place.at.astimezone(ZoneInfo(self.brief.timezone)).date()

    def vouches(self, sentence: str) -> bool:
        """Whether the inventory answers for a sentence: it is one of its own, or part of one."""
        return _is_part(sentence, self._vouched)

    def proves(self, sentence: str) -> bool:
        """Whether somebody keeps the proof of what a sentence claims."""
        return _is_part(sentence, tuple(map(_folded, self.facts.proven)))

    @cached_property
    def _vouched(self) -> tuple[str, ...]:
        return tuple(map(_folded, self.vouched))


def case_of(case: ReviewCase) -> ComplianceCase:
    """The case itself, or one without facts around a plainer one."""
    if isinstance(case, ComplianceCase):
        return case
    return ComplianceCase(**{one.name: getattr(case, one.name) for one in fields(ReviewCase)})


def _is_part(sentence: str, of: tuple[str, ...]) -> bool:
    said = _folded(sentence)
    # A word or two could be part of anything.
    return said in of or (len(said.split()) >= _ENOUGH and any(said in one for one in of))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).strip('."“”„»«')
