"""Links: addresses with the parameters that tell where a visitor came from."""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from drumbeat.core.campaign.address import query_of
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.naming import Naming, UtmParameters, compose
from drumbeat.core.campaign.naming_choice import NamingChoice
from drumbeat.core.governance.action import Channel

_PLAIN = re.compile(r"[^a-z0-9]+")


def tracked(url: str, utm: UtmParameters, content: str = "") -> str:
    """The address with source, medium, campaign and content; what it carried of these before is
    replaced, so that tagging twice is tagging once."""
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query) if not k.startswith("utm_")]
    added = [
        ("utm_source", utm.source),
        ("utm_medium", utm.medium),
        ("utm_campaign", utm.campaign),
    ]
    added += [("utm_content", slug(content))] if content else []
    return urlunsplit(parts._replace(query=urlencode(kept + added)))


def utm_of(url: str) -> Mapping[str, str]:
    """The ``utm_`` parameters of an address, by name without the prefix; none of a broken one."""
    query = parse_qsl(query_of(url), keep_blank_values=True)
    return {key[4:]: value for key, value in query if key.startswith("utm_")}


def slug(text: str) -> str:
    """Text as a parameter may carry it: lower case, words joined by dashes."""
    return _PLAIN.sub("-", text.casefold()).strip("-")


def campaign_code(naming: Naming, rule: str, region: str, brief: Brief) -> str:
    """The name the taxonomy gives this cycle of a campaign, whenever its parts go out: by the
    date the cycle is due where the campaign is at home. Raises NamingRuleBroken."""
    at = brief.occurrence_at.astimezone(ZoneInfo(brief.timezone))
    choice = NamingChoice(rule=rule, region=region)
    return code_of(naming, choice, brief.campaign, brief.type, brief.channels[0], at)


def code_of(
    naming: Naming, choice: NamingChoice, campaign: str, kind: str, channel: Channel, at: datetime
) -> str:
    """The name of what a campaign of a ``kind`` does on a local date.

    A place with one possible value takes it; ``seq`` is the ISO week. Raises NamingRuleBroken
    where the taxonomy leaves the name open.
    """
    only = {place: values[0] for place, values in naming.taxonomy.items() if len(values) == 1}
    known = {
        "type": naming.types.get(kind, ""),
        "region": choice.region,
        "channel": str(channel),
        "campaign": campaign,
        "yyyymm": f"{at:%Y%m}",
        "yyyy": f"{at:%Y}",
        "dd": f"{at:%d}",
        "seq": f"{at.isocalendar().week:02d}",
    }
    return compose(naming, choice.rule, {**only, **{k: v for k, v in known.items() if v}})
