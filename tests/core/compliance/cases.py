"""Known-good cases and the edits that make them wrong: one mail, one set of ads, one of posts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brand import AvoidedWord, LanguageVoice
from drumbeat.core.campaign.finding import ReviewFinding
from drumbeat.core.campaign.objects import Creative, LineItem, Post, Send, Variant
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.facts import (
    AdTargeting,
    ComplianceFacts,
    ConsentTally,
    DomainRecords,
    FrequencyTally,
    MailHeaders,
    OptOuts,
    UnsubscribeEndpoint,
)
from drumbeat.core.compliance.rule_set import CheckFile, check_files
from drumbeat.core.money import Money
from tests.agents.desk import review_case
from tests.core.road.shop import VOICE, ads_brief, social_brief

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 3)
Edit = str | Callable[[str], str]

VOICED = VOICE.model_copy(
    update={
        "languages": {
            "en": VOICE.languages["en"].model_copy(
                update={"avoid": (AvoidedWord(word="cheap", instead="good value"),)}
            ),
            "de": VOICE.languages["de"].model_copy(
                update={"avoid": (AvoidedWord(word="billig", instead="günstig"),)}
            ),
            "es": LanguageVoice(
                greeting="Hola {first_name}:",
                greeting_without_name="Hola:",
                sign_off="Hasta pronto",
                signature="Ida",
                calls_to_action=("Leer",),
                avoid=(AvoidedWord(word="barato"),),
            ),
        }
    }
)
SIGNED = frozenset({"From", "List-Unsubscribe", "List-Unsubscribe-Post"})
HEADERS = MailHeaders(
    "<https://fernhill.example/u/1>, <mailto:u@fernhill.example>",
    "List-Unsubscribe=One-Click",
    SIGNED,
)
ENDPOINT = UnsubscribeEndpoint(202, False, False, False, 90)
RECORDS = DomainRecords(True, True, "reject", NOW - timedelta(hours=1))
FACTS = ComplianceFacts(
    headers=HEADERS,
    endpoint=ENDPOINT,
    opt_outs=OptOuts(read_at_dispatch=True, hours_to_all_stores=1),
    dns={"fernhill.example": RECORDS},
    complaint_rate=0.0002,
    consent=ConsentTally(3500, {}),
    suppressed_in_audience=0,
    suppression_segments=frozenset({"unsubscribed"}),
    frequency=FrequencyTally(cap=3, over=0),
    zones={"Europe/Berlin": 3400, "Europe/London": 100},
    verified_domains=frozenset({"fernhill.example"}),
    pages={},
    lowest_prices={"tasting-set": Money.parse("EUR 24")},
    testimonials=frozenset({"We pick before the sun is up."}),
    canaries=("zebra-canary-42",),
    voice=VOICED,
    audience_attributes=frozenset({"orders", "signed_up"}),
    special_categories=frozenset(),
    targeting=AdTargeting(countries=frozenset({"DE"})),
    creates_paused=True,
    handles=frozenset({"fernhill"}),
    countries=frozenset({"DE"}),
)


@cache
def _mail() -> ComplianceCase:
    return _with_facts(review_case())


@cache
def _ads() -> ComplianceCase:
    return _with_facts(review_case(ads_brief()))


@cache
def _posts() -> ComplianceCase:
    return _with_facts(review_case(social_brief()))


def _with_facts(case: Any) -> ComplianceCase:
    return ComplianceCase(**vars(case), now=NOW, facts=FACTS)


def mail(**edits: Edit) -> ComplianceCase:
    """The good mail with parts of every variant replaced, or edited by a function."""
    return sent(variants=tuple(_edited(one, edits) for one in the_send().variants))


def sent(**changes: Any) -> ComplianceCase:
    """The good mail with fields of the send changed."""
    send = the_send().model_copy(update=changes)
    return _made(_mail(), sends=(send,))


def said(text: str) -> ComplianceCase:
    """The good mail with a paragraph more, in both parts."""
    return mail(html=inside(f"<p>{text}</p>"), text=lambda whole: f"{text}\n\n{whole}")


def inside(markup: str) -> Callable[[str], str]:
    """An edit that puts markup at the top of the letter."""
    return lambda html: html.replace("<h1", f"{markup}<h1", 1)


def swapped(before: str, after: str) -> Callable[[str], str]:
    """An edit that replaces text that must be there."""

    def edit(text: str) -> str:
        assert before in text, f"{before!r} is not in the good case"
        return text.replace(before, after)

    return edit


def ad(*, headline: str = "", description: str = "", **changes: Any) -> ComplianceCase:
    """The good ads with the first line's first creative changed."""
    one = the_ad()
    if headline:
        changes["headlines"] = (headline, *one.headlines[1:])
    if description:
        changes["descriptions"] = (description, *one.descriptions[1:])
    return ads(one.model_copy(update=changes))


def ads(*creatives: Creative) -> ComplianceCase:
    """The good ads with the first line's creatives replaced."""
    return line(creatives=creatives)


def line(**changes: Any) -> ComplianceCase:
    """The good ads with fields of the first line changed."""
    first, *rest = _ads().assets.line_items
    return _made(_ads(), line_items=(first.model_copy(update=changes), *rest))


def post(text: str = "", **changes: Any) -> ComplianceCase:
    """The good posts with the first replaced; the others are left out."""
    first = the_post().model_copy(update=changes | ({"text": text} if text else {}))
    return _made(_posts(), posts=(first,))


def posts(*changes: dict[str, Any]) -> ComplianceCase:
    """Posts made from the first good one, each with its changes."""
    return _made(_posts(), posts=tuple(the_post().model_copy(update=one) for one in changes))


def facts(base: ComplianceCase | None = None, **changes: Any) -> ComplianceCase:
    """A case, the good mail where none is given, with other facts beside it."""
    case = base or _mail()
    return _fresh(case, facts=replace(case.facts, **changes))


def offered(base: ComplianceCase, **changes: Any) -> ComplianceCase:
    """A case whose planned offer is changed."""
    name = base.plan.offer.offer
    offer = Offer.model_validate({**base.offers[name].model_dump(), **changes})
    return _fresh(base, offers={**base.offers, name: offer})


def vouched(base: ComplianceCase, *sentences: str) -> ComplianceCase:
    """A case whose inventory answers for sentences."""
    return _fresh(base, vouched=frozenset(sentences))


def changed(base: ComplianceCase, **changes: Any) -> ComplianceCase:
    """A case with any of its own fields changed."""
    return _fresh(base, **changes)


def the_mail() -> ComplianceCase:
    return _mail()


def the_ads() -> ComplianceCase:
    return _ads()


def the_posts() -> ComplianceCase:
    return _posts()


def the_send() -> Send:
    return _mail().assets.sends[0]


def the_line() -> LineItem:
    return _ads().assets.line_items[0]


def the_ad() -> Creative:
    return the_line().creatives[0]


def the_post() -> Post:
    return _posts().assets.posts[0]


def rule(name: str) -> CheckFile:
    """The check file of an id."""
    return next(one for one in check_files() if one.card.id == name)


def findings(name: str, case: ComplianceCase) -> tuple[ReviewFinding, ...]:
    """What one rule says about a case."""
    return tuple(rule(name)(case))


def _edited(variant: Variant, edits: dict[str, Edit]) -> Variant:
    parts = {part: getattr(variant, part) for part in edits}
    new = {
        part: edit if isinstance(edit, str) else edit(parts[part]) for part, edit in edits.items()
    }
    return variant.model_copy(update=new)


def _made(case: ComplianceCase, **assets: Any) -> ComplianceCase:
    made: Assets = case.assets.model_copy(update=assets)
    return _fresh(case, assets=made)


def _fresh(case: ComplianceCase, **changes: Any) -> ComplianceCase:
    return replace(case, **changes)
