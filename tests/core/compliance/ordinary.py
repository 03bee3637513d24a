"""Ordinary campaigns: what the scripted writer makes of the shipped template, words varied."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import cycle, islice, product
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from drumbeat.agents.writers.port import AdOrder, CopyOrder, EmailOrder, PostOrder
from drumbeat.agents.writers.scripted import ScriptedWriter
from drumbeat.core.campaign.angle import angles_of
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.link import tracked
from drumbeat.core.campaign.naming import UtmParameters, utm_for
from drumbeat.core.campaign.objects import Breadth, Creative, LineItem, Post, Send, Variant
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.campaign.plan import Urgency
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.facts import ComplianceFacts
from drumbeat.core.governance.action import Channel
from drumbeat.files.load import LoadedWorkspace, load
from drumbeat.files.scaffold import init
from tests.core.compliance.cases import FACTS, the_ads, the_mail, the_posts

DAY = date(2026, 10, 6)
SENT_AT = datetime(2026, 10, 6, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
CODES = {
    Channel.EMAIL: "nb_nl_eu_weekly-newsletter_202610_06",
    Channel.ADS: "nb_rtg_eu_retargeting-evergreen_202610_06",
    Channel.SOCIAL: "nb_soc_eu_social-calendar_202610_06",
}
# Sentences people write every week, near to words the rules look for.
SENTENCES = (
    "It is at its best two weeks after roasting.",
    "The best part of the week is Tuesday morning.",
    "Do your best with the kettle you have.",
    "Feel free to write back; a person reads it.",
    "You are free to stop whenever you like.",
    "A sugar-free cake needs a darker roast.",
    "We treat every bag alike.",
    "The number of farms has grown to nine.",
    "We only roast twice a week.",
    "This is how we only ever do it once.",
    "It was raining before we left.",
    "Nothing lasts forever, not even a paper filter.",
    "The last day of the harvest is a feast.",
    "The leading farm in this story is a small one.",
    "Our green beans arrive in jute bags.",
    "A natural coffee dries in the sun.",
    "The climate in the valley is mild.",
    "Nobody guarantees the weather up there.",
    "She earns her living with mandarins as well.",
    "Rent a bike and follow the parcel, if you like.",
    "The house blend is back on the shelf.",
    "He applied for nothing and was hired anyway.",
    "Give the grounds to your roses.",
    "Credit goes to Piet and his notebook.",
    "Choose the cup you like, not the one you should.",
    "Half of the water is enough for this one.",
    "We answer by Thursday, as always.",
    "Her code of honor is a clean drum.",
    "Am besten schmeckt er nach zwei Wochen.",
    "Das Beste kommt zum Schluss: der Satz in der Tasse.",
    "Fühlen Sie sich frei, uns zu schreiben.",
    "Das Klima im Tal ist mild.",
    "Vorher war der Beutel aus Aluminium.",
    "Wir rösten nur zweimal in der Woche.",
    "Früher tranken alle Filterkaffee.",
    "Das war nicht umsonst.",
    "Ein guter Rat: langsam gießen.",
    "Die Wahl der Mühle ist Geschmackssache.",
    "Lo mejor es probarlo despacio.",
    "Antes de moler, respire hondo.",
    "El clima del valle es suave.",
    "Sólo tostamos dos veces por semana.",
    "Our first crop arrived on a Monday, second to no one in patience.",
    "She is the only one who can hear the first crack.",
    "We have never sold a better washed lot, and we say that rarely.",
    "Piet treats the drum like an old car.",
    "The kettle cured us of our hurry.",
    "Lose the lid and find a saucer.",
    "Rich in cocoa, with a little orange.",
    "We promise to answer, not to please everyone.",
    "Order a free-standing grinder later, if at all.",
    "You get the recipe whether you buy or not.",
    "Only nine farms share this slope.",
    "There are only two knobs on this machine.",
    "Tonight we cook the pears.",
    "Hurry is bad for a pour-over.",
    "Until then, keep the bag closed.",
    "The price of milk was in the news before we opened.",
    "We write the code for the label by hand.",
    "Jonas is a free man on Sundays.",
    "A fair wage is not a marketing idea.",
    "The bag goes into the yellow bin.",
    "Compost what is left in the filter.",
    "Vote with your spoon: bright or round?",
    "The president of the growers waited, too.",
    "They hire pickers from the next valley.",
    "The bank of the river is steep there.",
    "His health is fine again, and he is back at the drum.",
    "Call it tea, if you like.",
    "Last week it was 3 degrees.",
    "By the end of the month the new crop lands.",
    "“Slowly” is the word we use most.",
    "Zwei Minuten genügen, nicht mehr.",
    "Wer früh kommt, bekommt den Platz am Fenster.",
    "Das ist die einzige Regel, die wir haben.",
    "Der Kaffee tut gut an kalten Tagen.",
    "Gratis dazu gibt es nur den Duft.",
    "Heute rösten wir, morgen packen wir.",
    "Es bleibt nur ein Rest für uns.",
    "Wir liefern bis zum Deich.",
    "Es el único día sin lluvia.",
    "Una taza antes de salir.",
    "Hoy tostamos, mañana enviamos.",
    "Queda poco sol a las seis.",
)
# Written after the rules were finished and never used to change them: the list above guided the
# rules, this one measures them.
UNSEEN = (
    "The parcel fits through most letter boxes.",
    "Marta sends her regards and a photograph of the fog.",
    "If your grinder clicks, count the clicks and write them down.",
    "We moved the tasting table next to the window.",
    "New in the shop: a smaller dripper for one cup.",
    "This lot came on the same ship as the last one.",
    "Some of you asked for decaf; we are looking for a good one.",
    "Our shop in Lehrter Straße opens at ten.",
    "Two readers sent us the same recipe in one week.",
    "Rinse the filter first; it takes the paper taste away.",
    "A slow Sunday needs a large pot.",
    "From January on we ship on Wednesdays as well.",
    "The picture shows Aylin with her first batch.",
    "Ask for the guest bean at the counter.",
    "We changed the label, not what is inside.",
    "The next letter is about water.",
    "Store it dry, dark and closed.",
    "It pairs with apple cake, and with silence.",
    "The scale is back in stock in black.",
    "You can taste both side by side on Thursday.",
    "Ein Esslöffel mehr macht ihn kräftiger.",
    "Unser neuer Beutel lässt sich wieder verschließen.",
    "Am Donnerstag ist Verkostung, sechs Kaffees, sechs Löffel.",
    "Der Laden ist über die Feiertage zu.",
    "Schreiben Sie uns, wie er Ihnen schmeckt.",
    "Im Januar kommt die neue Ernte aus Sidama.",
    "El próximo lote llega en primavera.",
    "Cuéntenos cómo lo prepara en casa.",
    "La tienda abre a las diez.",
    "Un filtro fino y un poco de paciencia.",
)
_WORDS = (
    ("water", "milk"),
    ("kitchen", "garden"),
    ("Tuesday", "Friday"),
    ("minutes", "moments"),
    ("bag", "tin"),
    ("small", "quiet"),
    ("coffee", "brew"),
)


@cache
def workspace() -> LoadedWorkspace:
    """The shipped template, loaded."""
    with TemporaryDirectory() as folder:
        init(Path(folder) / "shop", DAY)
        return load(Path(folder) / "shop")


@cache
def mails(count: int, sentences: tuple[str, ...] = SENTENCES) -> tuple[ComplianceCase, ...]:
    """Mails over every piece, angle, offer and urgency, each with words changed or added."""
    orders = islice(_mail_orders(), count)
    return tuple(_mail(number, order, sentences) for number, order in enumerate(orders))


@cache
def ads(count: int) -> tuple[ComplianceCase, ...]:
    """Ads for every English piece, one line item each."""
    pieces = [one for one in _pieces() if one.language == "en"]
    return tuple(_ad(number, piece) for number, piece in islice(enumerate(cycle(pieces)), count))


@cache
def posts(count: int) -> tuple[ComplianceCase, ...]:
    """Posts about every piece, by turns on three networks."""
    return tuple(
        _post(number, piece) for number, piece in islice(enumerate(cycle(_pieces())), count)
    )


def _mail_orders() -> Iterator[EmailOrder]:
    offers: tuple[Offer | None, ...] = (None, *_offers())
    for turn, (offer, urgency) in enumerate(cycle(product(offers, Urgency))):
        pieces = _pieces()
        piece = pieces[turn % len(pieces)]
        angles = angles_of(piece)
        more = [one for one in pieces if one.language == piece.language and one is not piece]
        copy = _copy(piece, Channel.EMAIL, angles[turn % len(angles)], turn, offer, urgency)
        segments = tuple(workspace().segments.segments[:3])
        at = turn % max(1, len(more) - 2)
        styles = ("direct", "benefit")[: 1 + turn % 2]
        yield EmailOrder(copy=copy, more=tuple(more[at : at + 2]), segments=segments, styles=styles)


def _mail(number: int, order: EmailOrder, said: tuple[str, ...]) -> ComplianceCase:
    files, copy = workspace(), order.copy
    draft = ScriptedWriter(seed=number).email(order)
    variants = tuple(
        Variant(
            name="ab"[at],
            subject=one.subject,
            preheader=_reworded(one.preheader, number),
            html=_varied(one.html, number, said, "<h1", "<p>{}</p><h1"),
            text=_varied(one.text, number, said, "\n\n", "\n\n{}\n\n"),
            share=1 / len(draft.drafts),
        )
        for at, one in enumerate(draft.drafts)
    )
    sender = files.workspace.brand.sender
    send = Send(
        name=copy.utm.campaign,
        from_name=sender.name,
        from_address=sender.email,
        reply_to=sender.reply_to or sender.email,
        segments=("new-subscribers",),
        exclude=("unsubscribed", "open-support-ticket", "mailed-last-48h"),
        send_at=SENT_AT,
        variants=variants,
        theme=copy.topic,
        angle=copy.angle,
        offer=copy.offer.id if copy.offer else "",
        utm_campaign=copy.utm.campaign,
        landing_url=tracked(copy.piece.url, copy.utm, "main"),
    )
    return _case(the_mail(), send.offer, sends=(send,))


def _varied(text: str, number: int, said: tuple[str, ...], before: str, frame: str) -> str:
    """The text with one word changed everywhere it is prose, and an ordinary sentence added."""
    sentence = said[number % len(said)]
    return _reworded(text, number).replace(before, frame.format(sentence), 1)


def _reworded(text: str, number: int) -> str:
    old, new = _WORDS[number % len(_WORDS)]
    return text.replace(f" {old} ", f" {new} ")


def _ad(number: int, piece: Piece) -> ComplianceCase:
    offer = _offers()[number % 2]
    copy = _copy(piece, Channel.ADS, angles_of(piece)[0], number, offer, Urgency.NONE)
    draft = ScriptedWriter(seed=number).ad(AdOrder(copy=copy, format="static"))
    creative = Creative(
        name=f"{piece.id}-{number}",
        headlines=draft.headlines,
        descriptions=draft.descriptions,
        call_to_action=draft.call_to_action,
        landing_url=tracked(offer.landing_page, copy.utm, "ad"),
        angle=copy.angle,
        format="static",
        offer=offer.id,
    )
    planned = the_ads().plan.lines[0]
    line = LineItem(
        name=planned.name,
        daily_budget_minor=planned.daily_budget.minor,
        currency=planned.daily_budget.currency,
        segments=("site-visitors",),
        breadth=Breadth.MEDIUM,
        creatives=(creative,),
        bid_strategy="maximize_conversions",
        until=SENT_AT + timedelta(days=7),
    )
    return _case(the_ads(), offer.id, line_items=(line,))


def _post(number: int, piece: Piece) -> ComplianceCase:
    network = ("mastodon", "linkedin", "instagram")[number % 3]
    copy = _copy(piece, Channel.SOCIAL, angles_of(piece)[0], number, None, Urgency.NONE)
    hook = ("fact", "question", "scene")[number % 3]
    draft = ScriptedWriter(seed=number).post(PostOrder(copy=copy, network=network, hook=hook))
    post = Post(
        name=f"post-{number}",
        network=network,
        text=draft.text,
        link=draft.link,
        topic=copy.topic,
        hook=hook,
        format="link",
        publish_at=SENT_AT,
    )
    return _case(the_posts(), "", posts=(post,))


def _case(base: ComplianceCase, offer: str, **made: object) -> ComplianceCase:
    files = workspace()
    said = ((one.title, one.summary, *one.points) for one in files.content.content)
    choice = base.plan.offer.model_copy(update={"offer": offer})
    empty = Assets(campaign=base.brief.campaign, cycle=base.brief.cycle, plan="p")
    return ComplianceCase(
        brief=base.brief.model_copy(update={"occurrence_at": SENT_AT}),
        plan=base.plan.model_copy(update={"offer": choice}),
        assets=empty.model_copy(update=made),
        brand=files.workspace.brand,
        offers={one.id: one for one in files.offers.offers},
        claims=files.prohibited_claims,
        naming=files.naming,
        vouched=frozenset(sentence for sentences in said for sentence in sentences),
        now=SENT_AT - timedelta(days=1),
        facts=_facts(),
    )


@cache
def _facts() -> ComplianceFacts:
    files, good = workspace(), vars(FACTS)
    records = next(iter((FACTS.dns or {}).values()))
    looked = SENT_AT - timedelta(days=1, hours=1)
    ours = {
        "dns": {"northbean.example": type(records)(**{**vars(records), "checked_at": looked})},
        "verified_domains": frozenset(files.workspace.brand.domains),
        "voice": files.brand_voice,
        "testimonials": frozenset(one.quote.text for one in files.content.content if one.quote),
        "suppression_segments": frozenset(
            one.id for one in files.segments.segments if one.suppression
        ),
        "handles": frozenset({"northbean"}),
    }
    return ComplianceFacts(**{**good, **ours})


def _copy(
    piece: Piece, channel: Channel, angle: str, turn: int, offer: Offer | None, urgency: Urgency
) -> CopyOrder:
    files = workspace()
    utm = utm_for(files.naming, channel, CODES[channel])
    return CopyOrder(
        brand=files.workspace.brand.name,
        website=files.workspace.brand.website,
        postal_address=files.workspace.brand.postal_address,
        language=piece.language,
        voice=files.brand_voice.languages[piece.language],
        piece=piece,
        topic=piece.topics[0],
        angle=angle,
        day=DAY,
        turn=turn,
        offer=offer,
        urgency=urgency,
        utm=utm or UtmParameters(source="x", medium="x", campaign="x"),
    )


def _pieces() -> tuple[Piece, ...]:
    return workspace().content.content


def _offers() -> tuple[Offer, ...]:
    return tuple(one for one in workspace().offers.offers if one.is_open(DAY))
