"""A small tea shop: the records that road and agent tests share."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.audience import Audience, Condition, Segment
from drumbeat.core.campaign.brand import (
    BrandVoice,
    ClaimSeverity,
    LanguageVoice,
    ProhibitedClaim,
    ProhibitedClaims,
)
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.campaign import Budget, CampaignType
from drumbeat.core.campaign.content import ContentKind, Piece, Quote
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.dossier import Dossier
from drumbeat.core.campaign.goal import Goal
from drumbeat.core.campaign.hypothesis_file import ArmSpec, HypothesisSpec, Variable
from drumbeat.core.campaign.launch import LaunchContext
from drumbeat.core.campaign.lesson import LessonElement
from drumbeat.core.campaign.naming import Naming, Utm
from drumbeat.core.campaign.naming_choice import NamingChoice
from drumbeat.core.campaign.objects import Breadth, Creative, LineItem, Post, Send, Variant
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.campaign.plan_check import PlanFacts
from drumbeat.core.campaign.sources import known_sources
from drumbeat.core.campaign.tally import Tally
from drumbeat.core.campaign.workspace import Brand, Sender
from drumbeat.core.governance.action import Channel
from drumbeat.core.money import Money

# A Tuesday, 09:00 in Berlin.
TUESDAY = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
ZONE = "Europe/Berlin"


def euros(amount: int | str) -> Money:
    return Money.of(amount, "EUR")


def segment(name: str, **changes: Any) -> Segment:
    fields: dict[str, Any] = {
        "id": name,
        "name": name.replace("-", " ").capitalize(),
        "description": f"The {name.replace('-', ' ')} of the shop.",
        "rule": (Condition(field="orders", above=0),),
        "size": 1000,
    }
    return Segment(**fields | changes)


SEGMENTS = {
    one.id: one
    for one in (
        segment("warm-leads", stage="lead"),
        segment("regulars", stage="loyal", size=2000),
        segment("newcomers", stage="subscriber", size=500),
        segment("visitors", size=9000),
        segment("unsubscribed", suppression=True),
    )
}


def piece(name: str, **changes: Any) -> Piece:
    named = name.replace("-", " ")
    fields: dict[str, Any] = {
        "id": name,
        "kind": ContentKind.ARTICLE,
        "title": f"A short look at {named}",
        "summary": f"What we know about {named}. And what {named} still keeps from us.",
        "url": f"https://fernhill.example/{name}",
        "topics": ("leaves",),
        "language": "en",
        "points": (f"Start with {named}, warmed.", f"Three minutes for {named}, not four."),
    }
    return Piece(**fields | changes)


PIECES = {
    one.id: one
    for one in (
        piece("first-flush", topics=("leaves", "growers"), segments=("regulars",)),
        piece("kettle-care", kind=ContentKind.GUIDE, topics=("brewing",)),
        piece(
            "grower-anand",
            kind=ContentKind.STORY,
            topics=("growers",),
            segments=("newcomers",),
            quote=Quote(text="We pick before the sun is up.", by="Anand, grower"),
            image="https://fernhill.example/anand.jpg",
            image_text="A man with a basket between rows of tea",
        ),
        piece(
            "scones",
            kind=ContentKind.RECIPE,
            topics=("recipes", "brewing"),
            points=("Cold butter.", "Warm hands off.", "Twelve minutes."),
            call_to_action="Get the recipe",
        ),
        piece(
            "tasting-set",
            kind=ContentKind.PRODUCT,
            topics=("leaves",),
            product="tasting-set",
            title="Six teas to find your own",
        ),
    )
}


def offer(name: str, **changes: Any) -> Offer:
    fields: dict[str, Any] = {
        "id": name,
        "headline": "A tasting set for EUR 24",
        "terms": "Six teas of 20 g.",
        "price": Money.parse("EUR 24"),
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
        "landing_page": f"https://fernhill.example/{name}",
    }
    return Offer(**fields | changes)


OFFERS = {
    one.id: one
    for one in (
        offer("tasting-set", product="tasting-set"),
        offer(
            "welcome",
            headline="10% off the first order",
            terms="Once a household.",
            price=None,
            discount=0.1,
            code="HELLO10",
            segments=("newcomers",),
        ),
    )
}

BRAND = Brand(
    name="Fernhill",
    sender=Sender(name="Ida at Fernhill", email="ida@fernhill.example"),
    postal_address="Fernhill Tea, Am Deich 3, 28199 Bremen",
    domains=("fernhill.example",),
    website="https://fernhill.example",
    languages=("en", "de"),
)
VOICE = BrandVoice(
    version=1,
    tone=("plain", "warm"),
    promise="Good tea without ceremony.",
    languages={
        "en": LanguageVoice(
            greeting="Dear {first_name},",
            greeting_without_name="Hello,",
            sign_off="Until next week,",
            signature="Ida",
            calls_to_action=("Read on", "Have a look"),
        ),
        "de": LanguageVoice(
            greeting="Guten Tag {first_name},",
            greeting_without_name="Guten Tag,",
            sign_off="Bis bald",
            signature="Ida",
            calls_to_action=("Weiterlesen",),
        ),
    },
)
CLAIMS = ProhibitedClaims(
    version=1,
    claims=(
        ProhibitedClaim(
            id="health", phrases=("cures", "detox"), language="en", reason="No health claims."
        ),
        ProhibitedClaim(
            id="best",
            phrases=("the best tea",),
            language="en",
            reason="Must be proven.",
            severity=ClaimSeverity.REVIEW,
        ),
    ),
)
NAMING = Naming(
    version=1,
    rules={"standard": "{brand}_{type}_{region}_{yyyymm}_{seq}"},
    taxonomy={"brand": ("fh",), "region": ("eu",)},
    types={"newsletter": "nl", "retargeting": "rt", "social_calendar": "so"},
    utm=Utm(
        source={Channel.EMAIL: "mail", Channel.ADS: "ads", Channel.SOCIAL: "social"},
        medium={Channel.EMAIL: "email", Channel.ADS: "cpc", Channel.SOCIAL: "social"},
    ),
)
CHOICE = NamingChoice(region="eu")


def hypothesis(**changes: Any) -> HypothesisSpec:
    fields: dict[str, Any] = {
        "id": "H-01",
        "claim": "A benefit is clicked more than a riddle.",
        "variables": (Variable.SUBJECT,),
        "channels": (Channel.EMAIL,),
        "metric": "click_rate",
        "expected": 0.1,
        "evidence": "People told us.",
        "control": ArmSpec(
            id="riddle", description="A riddle", settings={"style": "curiosity-led"}
        ),
        "treatment": ArmSpec(
            id="plain", description="A benefit", settings={"style": "benefit-led"}
        ),
        "pre_approved": True,
    }
    return HypothesisSpec(**fields | changes)


HYPOTHESES = {"H-01": hypothesis()}


def brief(**changes: Any) -> Brief:
    fields: dict[str, Any] = {
        "campaign": "weekly",
        "title": "The weekly leaf",
        "type": CampaignType.NEWSLETTER,
        "cycle": "weekly-2026-03-03",
        "occurrence_at": TUESDAY,
        "ends_at": TUESDAY + WEEK,
        "timezone": ZONE,
        "goal": Goal.model_validate({"metric": "conversions", "target": "40/week"}),
        "success_metrics": ("click_rate", "conversions"),
        "channels": (Channel.EMAIL,),
        "connections": {Channel.EMAIL: "house-mail"},
        "audience": Audience(
            include=("warm-leads", "regulars", "newcomers"), exclude=("unsubscribed",)
        ),
        "offers": ("tasting-set", "welcome"),
        "themes": ("leaves", "brewing", "growers", "recipes"),
        "languages": ("en",),
        "budget": Budget.model_validate({"range": "EUR 0-200/month", "cap": "EUR 200/month"}),
        "hypotheses": ("H-01",),
    }
    return Brief(**fields | changes)


def ads_brief(**changes: Any) -> Brief:
    fields: dict[str, Any] = {
        "campaign": "evergreen",
        "type": CampaignType.RETARGETING,
        "cycle": "evergreen-2026-03-03",
        "channels": (Channel.ADS,),
        "connections": {Channel.ADS: "ads-account"},
        "audience": Audience(include=("visitors", "warm-leads"), exclude=("unsubscribed",)),
        "budget": Budget.model_validate(
            {"range": "EUR 50-150/day", "cap": "EUR 4000/month", "per_day": "EUR 140"}
        ),
        "offers": ("tasting-set",),
        "hypotheses": (),
    }
    return brief(**fields | changes)


def social_brief(**changes: Any) -> Brief:
    fields: dict[str, Any] = {
        "campaign": "voices",
        "type": CampaignType.SOCIAL_CALENDAR,
        "cycle": "voices-2026-03-03",
        "channels": (Channel.SOCIAL,),
        "connections": {Channel.SOCIAL: "accounts"},
        "audience": Audience(include=("regulars",)),
        "goal": Goal.model_validate({"metric": "engagements", "target": "500/week"}),
        "success_metrics": ("engagement_rate",),
        "hypotheses": (),
    }
    return brief(**fields | changes)


def tally(
    element: LessonElement, subject: str, hits: float, trials: float, **changes: Any
) -> Tally:
    fields: dict[str, Any] = {
        "element": element,
        "subject": subject,
        "over": "clicks",
        "under": "delivered",
        "hits": hits,
        "trials": trials,
        "source": "history/email 2026-W02 to 2026-W08",
    }
    return Tally(**fields | changes)


DOSSIER = Dossier(
    tallies=(
        tally(LessonElement.THEME, "leaves", 300, 10_000),
        tally(LessonElement.THEME, "brewing", 700, 10_000),
        tally(LessonElement.THEME, "growers", 450, 10_000),
        tally(LessonElement.SEGMENT, "warm-leads", 300, 10_000),
        tally(LessonElement.SEGMENT, "regulars", 900, 10_000),
    )
)


def facts(of: Brief, dossier: Dossier = DOSSIER, **changes: Any) -> PlanFacts:
    fields: dict[str, Any] = {
        "segments": SEGMENTS,
        "offers": OFFERS,
        "content": PIECES,
        "context": ContextFile(version=1),
        "hypotheses": HYPOTHESES,
        "closed": frozenset(),
        "known_sources": known_sources(
            of,
            dossier,
            segments=SEGMENTS,
            offers=OFFERS,
            content=PIECES,
            hypotheses=HYPOTHESES,
        ),
    }
    return PlanFacts(**fields | changes)


def creative(name: str = "product-a", **changes: Any) -> Creative:
    fields: dict[str, Any] = {
        "name": name,
        "headlines": ("Six teas", "Find your own", "Fernhill"),
        "descriptions": ("Six teas of 20 g.", "Have a look around."),
        "call_to_action": "See it",
        "landing_url": (
            "https://fernhill.example/tasting-set"
            "?utm_source=ads&utm_medium=cpc&utm_campaign=fh_rt_eu_202603_10"
        ),
        "angle": "product",
        "format": "responsive",
    }
    return Creative(**fields | changes)


def line_item(name: str = "visitors", **changes: Any) -> LineItem:
    fields: dict[str, Any] = {
        "name": name,
        "daily_budget_minor": 5000,
        "currency": "EUR",
        "segments": (name,),
        "breadth": Breadth.MEDIUM,
        "creatives": (creative(),),
        "bid_strategy": "maximize_conversions",
        "until": TUESDAY + WEEK,
    }
    return LineItem(**fields | changes)


def send(**changes: Any) -> Send:
    variant = Variant(
        name="a", subject="Hello", preheader="Tea", html="<p>Tea</p>", text="Tea", share=1
    )
    fields: dict[str, Any] = {
        "name": "fh_nl_eu_202603_10",
        "from_name": "Ida",
        "from_address": "ida@fernhill.example",
        "reply_to": "ida@fernhill.example",
        "segments": ("warm-leads",),
        "send_at": TUESDAY,
        "variants": (variant,),
        "theme": "brewing",
        "angle": "making",
        "utm_campaign": "fh_nl_eu_202603_10",
        "landing_url": "https://fernhill.example/kettle-care",
    }
    return Send(**fields | changes)


def post(**changes: Any) -> Post:
    fields: dict[str, Any] = {
        "name": "voices-1",
        "network": "mastodon",
        "text": "Three minutes, not four.",
        "topic": "brewing",
        "hook": "fact",
        "format": "link",
        "publish_at": TUESDAY + timedelta(days=1),
        "currency": "EUR",
    }
    return Post(**fields | changes)


def context(**changes: Any) -> LaunchContext:
    fields: dict[str, Any] = {
        "campaign": "evergreen",
        "cycle": "evergreen-2026-03-03",
        "connections": {
            Channel.EMAIL: "house-mail",
            Channel.ADS: "ads-account",
            Channel.SOCIAL: "accounts",
        },
        "currency": "EUR",
        "as_of": TUESDAY,
        "now": TUESDAY - timedelta(days=1),
        "sizes": {"visitors": 9000, "warm-leads": 1000},
    }
    return LaunchContext(**fields | changes)


def assets(**changes: Any) -> Assets:
    fields: dict[str, Any] = {"campaign": "evergreen", "cycle": "c1", "plan": "p"}
    return Assets(**fields | changes)
