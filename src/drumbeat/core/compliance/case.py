"""Case: the cycle's papers with the facts beside them, each mail read once for all rules."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from drumbeat.core.campaign.lint import ReviewCase
from drumbeat.core.campaign.objects import Variant
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.compliance.facts import ComplianceFacts
from drumbeat.core.compliance.mail.page import MailPage
from drumbeat.core.compliance.mail.reader import read_page
from drumbeat.core.compliance.place import Place, places
from drumbeat.core.governance.action import Channel


@dataclass(frozen=True)
class ComplianceCase(ReviewCase):
    """What compliance looks at; ``now`` is None where nobody said what time it is."""

    now: datetime | None = None
    facts: ComplianceFacts = ComplianceFacts()

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

    def vouches(self, text: str) -> bool:
        """Whether the inventory answers for a text: it says one of its sentences, or is said
        within one."""
        said = _folded(text)
        return any(said in one or one in said for one in self._vouched)

    def proves(self, text: str) -> bool:
        """Whether somebody keeps the proof of a claim made in these words."""
        said = _folded(text)
        return any(one in said or said in one for one in map(_folded, self.facts.proven))

    @cached_property
    def _vouched(self) -> tuple[str, ...]:
        return tuple(_folded(one) for one in self.vouched if len(one.split()) > 1)


def case_of(case: ReviewCase) -> ComplianceCase:
    """The case itself, or one without facts around a plainer one."""
    if isinstance(case, ComplianceCase):
        return case
    return ComplianceCase(**{one.name: getattr(case, one.name) for one in fields(ReviewCase)})


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")
