"""Landing: the pages an asset leads to, as the workspace's files and the rules for links know
them, and as they answered the review last. Nothing is fetched here: whoever looks at a preview is
no reason to visit anybody."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from drumbeat.app.pages.ground import Ground
from drumbeat.core.campaign.address import page_of
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.copy_text import links_of
from drumbeat.core.campaign.link import utm_of
from drumbeat.core.campaign.objects import LineItem, Post, Send
from drumbeat.core.compliance.host import address_trouble, host_of
from drumbeat.core.operations.page_reading import PageReading
from drumbeat.store import pages as kept
from drumbeat.web.views.asset import Finding, LandingPage

# Whoever renews certificates has done it by then.
_CERTIFICATE = timedelta(days=14)


@dataclass
class _Led:
    """What leads to one page: the places, and the values of each parameter."""

    places: dict[str, None] = field(default_factory=dict)
    tags: dict[str, dict[str, None]] = field(default_factory=dict)
    untagged: dict[str, None] = field(default_factory=dict)


def pages_of(
    ground: Ground, campaign: str, made: Assets, thing: Send | LineItem | Post
) -> tuple[LandingPage, ...]:
    """Every page the asset leads to, in the order of its links."""
    required = _required(ground)
    led_to = _led(links_of(_alone(made, thing)), required)
    with ground.app.database.read() as connection:
        read = kept.of(connection, led_to)
    return tuple(
        LandingPage(
            url=page,
            is_safe=not address_trouble(page, _domains(ground)),
            host=host_of(page),
            title=title,
            about=about,
            source=source,
            places=_places(thing, led),
            parameters=tuple((f"utm_{name}", tuple(said)) for name, said in led.tags.items()),
            checks=(
                *_answered(read.get(page), ground.now),
                *_checks(ground, page, led, required, source),
            ),
            read_at=read[page].read_at if page in read else None,
            called=read[page].title if page in read else "",
        )
        for page, led in led_to.items()
        for title, about, source in [_known(ground, campaign, page)]
    )


def _alone(made: Assets, thing: Send | LineItem | Post) -> Assets:
    mine = {
        "sends": (thing,) if isinstance(thing, Send) else (),
        "line_items": (thing,) if isinstance(thing, LineItem) else (),
        "posts": (thing,) if isinstance(thing, Post) else (),
    }
    return made.model_copy(update=mine)


def _led(links: Iterable[tuple[str, str]], required: tuple[str, ...]) -> dict[str, _Led]:
    found: dict[str, _Led] = {}
    for place, url in links:
        led = found.setdefault(page_of(url), _Led())
        # A mail says each link twice, in its page and in its plain text.
        led.places[place.removesuffix(" html").removesuffix(" text")] = None
        tags = _tags(url)
        for name, value in tags.items():
            led.tags.setdefault(name, {})[value] = None
        led.untagged.update(dict.fromkeys(one for one in required if not tags.get(one)))
    return found


def _places(thing: Send | LineItem | Post, led: _Led) -> tuple[str, ...]:
    """Where the links stand, as this asset's own page calls it."""
    if isinstance(thing, Post):
        return ("the post",)
    lead = f"line item {thing.name} " if isinstance(thing, LineItem) else "mail "
    return tuple(one.removeprefix(lead).replace("-", " ") for one in led.places)


def _tags(url: str) -> Mapping[str, str]:
    try:
        return utm_of(url)
    except ValueError:
        return {}


def _known(ground: Ground, campaign: str, page: str) -> tuple[str, str, str]:
    """Title, summary and where they are written; what no file names has none."""
    files = ground.app.files
    for piece in files.content.content:
        if _same(piece.url, page):
            return piece.title, piece.summary, f"data/content.yaml#{piece.id}"
    for offer in files.offers.offers:
        if _same(offer.landing_page, page):
            return offer.headline, offer.terms, f"data/offers.yaml#{offer.id}"
    if _same(files.workspace.brand.website, page):
        return f"{files.workspace.brand.name}’s own site", "", "drumbeat.yaml"
    own = ground.campaigns.get(campaign)
    if own and any(_same(one, page) for one in own.landing_pages):
        return "", "", f"campaigns/{campaign}.yaml"
    return "", "", ""


def _same(declared: str, page: str) -> bool:
    return page_of(declared).rstrip("/") == page.rstrip("/")


def _answered(read: PageReading | None, now: datetime) -> Iterator[Finding]:
    """How the page answered last, and how long its certificate is good."""
    if read is None:
        return
    moved = f", at {read.moved_to}" if read.moved_to else ""
    told = f"Answers {read.status} in {read.seconds:.1f} s{moved}"
    yield Finding(read.is_good, f"Does not answer: {read.why}" if read.status is None else told)
    if read.certificate_until is not None:
        left = read.certificate_until - now
        day = f"{read.certificate_until:%Y-%m-%d}"
        yield Finding(left > _CERTIFICATE, f"Its certificate is good until {day}")


def _checks(
    ground: Ground, page: str, led: _Led, required: tuple[str, ...], source: str
) -> Iterator[Finding]:
    trouble = address_trouble(page, _domains(ground))
    yield Finding(not trouble, trouble or f"https, on {host_of(page)}, which is ours")
    lacking = ", ".join(f"utm_{one}" for one in led.untagged)
    if required:
        said = f"A link to it lacks {lacking}" if lacking else "Every link to it is tagged"
        yield Finding(not lacking, said)
    named = f"Named in {source}" if source else "No file of the workspace names this page"
    yield Finding(bool(source), named)


def _required(ground: Ground) -> tuple[str, ...]:
    utm = ground.app.files.naming.utm
    return utm.required if utm else ()


def _domains(ground: Ground) -> tuple[str, ...]:
    return ground.app.files.workspace.brand.domains
