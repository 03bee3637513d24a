"""Landing: the pages an asset leads to, as far as the workspace's files and the rules for links
know them. Nothing is fetched: whoever looks at a preview is no reason to visit anybody."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from drumbeat.app.pages.ground import Ground
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.copy_text import links_of
from drumbeat.core.campaign.link import utm_of
from drumbeat.core.campaign.objects import LineItem, Post, Send
from drumbeat.core.compliance.host import address_trouble, host_of
from drumbeat.web.views.asset import Finding, LandingPage


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
            checks=tuple(_checks(ground, page, led, required, source)),
        )
        for page, led in _led(links_of(_alone(made, thing)), required).items()
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
        led = found.setdefault(_page(url), _Led())
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


def _page(url: str) -> str:
    """The page itself, without the parameters that tell where a visitor came from."""
    try:
        return urlunsplit(urlsplit(url)._replace(query="", fragment=""))
    except ValueError:
        return url


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
    return _page(declared).rstrip("/") == page.rstrip("/")


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
