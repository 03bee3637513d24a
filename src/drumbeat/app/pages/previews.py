"""Previews: mails, ads and posts as their readers will see them, filled for made-up readers."""

from dataclasses import dataclass

from drumbeat.app.pages.naming import network_title
from drumbeat.core.campaign.merge import MergeError, render
from drumbeat.core.campaign.network import length, network
from drumbeat.core.campaign.objects import Creative, LineItem, Post, Send
from drumbeat.core.campaign.objects import Variant as MailVariant
from drumbeat.core.campaign.workspace import Brand
from drumbeat.web.views.asset import AdPreview, MailPreview, PostPreview, Preview, Profile

# Placements with what fits before they cut: headline and text, in characters.
_PLACEMENTS = (("feed", 40, 125), ("search results", 30, 90), ("sidebar", 25, 90))


@dataclass(frozen=True)
class Reader:
    """A made-up reader: who they are to us decides which words of a mail they get."""

    profile: Profile
    fields: dict[str, str]
    segments: tuple[str, ...]


def readers_of(send: Send) -> tuple[Reader, ...]:
    """Three who read it differently: two segments, and somebody we know nothing about."""
    first = send.segments[0] if send.segments else ""
    second = send.segments[1] if len(send.segments) > 1 else first
    return (
        Reader(Profile("mira", "Mira Sand", first), {"first_name": "Mira"}, (first,)),
        Reader(Profile("joao", "João d’Arc", second), {"first_name": "João"}, (second,)),
        Reader(Profile("unknown", "A reader without a name", "in no segment"), {}, ()),
    )


def mail(asset_id: str, send: Send, variant: MailVariant, brand: Brand) -> MailPreview:
    """One arm of a send for each reader; what cannot be filled is said in its place."""
    readers = readers_of(send)
    return MailPreview(
        asset_id=asset_id,
        sender=send.from_name,
        subject=_words(variant.subject, readers[0], brand),
        preheader=_words(variant.preheader, readers[0], brand),
        html={r.profile.id: _words(variant.html, r, brand, is_html=True) for r in readers},
        profiles=tuple(reader.profile for reader in readers),
        size_bytes=len(variant.html.encode()),
        send_at=send.send_at,
    )


def ads(asset_id: str, item: LineItem) -> tuple[AdPreview, ...]:
    """Every creative of a line item in every placement."""
    return tuple(
        _ad(asset_id, creative, *place) for creative in item.creatives for place in _PLACEMENTS
    )


def post(asset_id: str, one: Post, brand: Brand) -> PostPreview:
    """A post as its network shows it; length and limit are in its own count."""
    on = network(one.network)
    return PostPreview(
        asset_id=asset_id,
        network=network_title(one.network),
        account=brand.name,
        text=one.text,
        length=length(on, one.text),
        limit=on.most,
        link=one.link,
    )


def first_of(asset_id: str, thing: Send | LineItem | Post, brand: Brand) -> Preview:
    """One picture of an object, for where there is room for one."""
    match thing:
        case Send():
            return mail(asset_id, thing, thing.variants[0], brand)
        case LineItem():
            return ads(asset_id, thing)[0]
        case Post():
            return post(asset_id, thing, brand)


def _ad(
    asset_id: str, creative: Creative, placement: str, headline_limit: int, text_limit: int
) -> AdPreview:
    return AdPreview(
        asset_id=asset_id,
        placement=placement,
        headline=_fitting(creative.headlines, headline_limit),
        text=_fitting(creative.descriptions, text_limit),
        link=creative.landing_url.partition("?")[0],
        call=creative.call_to_action,
        headline_limit=headline_limit,
        text_limit=text_limit,
        creative=creative.name.replace("-", " ").capitalize(),
    )


def _fitting(texts: tuple[str, ...], limit: int) -> str:
    """The first text that fits, as a platform would choose; else the first."""
    return next((text for text in texts if len(text) <= limit), texts[0] if texts else "")


def _words(template: str, reader: Reader, brand: Brand, *, is_html: bool = False) -> str:
    fields = {"unsubscribe_url": f"{brand.website}/unsubscribe", **reader.fields}
    try:
        return render(template, fields, reader.segments, is_html=is_html)
    except MergeError as error:
        return f"This mail cannot be filled for {reader.profile.name}: {error}"
