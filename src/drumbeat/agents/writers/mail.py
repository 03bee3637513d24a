"""Mail copy: subject lines by style, one letter around the lead piece, words per segment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from drumbeat.agents.writers.choice import Places, by_turns, said
from drumbeat.agents.writers.mail_html import MailPage, Picture, page_html, paragraph, teaser
from drumbeat.agents.writers.mail_text import page_text
from drumbeat.agents.writers.phrases.book import Book, Phrases
from drumbeat.agents.writers.places import in_amount, places, sentences
from drumbeat.agents.writers.port import CopyOrder, EmailDraft, EmailOrder, SubjectDraft
from drumbeat.core.campaign.assets import DynamicBlock
from drumbeat.core.campaign.audience import Segment
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.link import tracked
from drumbeat.core.campaign.merge import block_text

_SUBJECT_MOST = 60
_PREHEADER_MOST = 110
# What a segment's stage, or failing that its name, tells of how to greet its people.
_GREETED_AS = (
    ("new", ("new", "subscriber", "welcome", "first")),
    ("lapsed", ("lapsed", "inactive", "dormant", "churn", "lost")),
    ("loyal", ("loyal", "vip", "repeat")),
    ("customer", ("customer", "buyer")),
    ("lead", ("lead", "prospect", "visitor", "cart", "warm")),
)


@dataclass(frozen=True)
class _Desk:
    """An order with what may be said about it."""

    order: EmailOrder
    book: Book
    places: Places
    seed: str
    settings: Mapping[str, str] = field(default_factory=dict)

    def pick(self, phrases: Phrases, key: str, fits: Callable[[str], bool] = bool) -> str:
        turn = self.order.copy.turn
        return by_turns(phrases, self.places, turn=turn, seed=f"{self.seed}/{key}", fits=fits)


def write(order: EmailOrder, book: Book, seed: str) -> EmailDraft:
    """The letter, once a style. Raises CannotWrite when no subject line fits."""
    desk = _Desk(order, book, places(order.copy, book), seed)
    blocks = (_greeting(desk), _hello(desk), *_more(desk))
    drafts: list[SubjectDraft] = []
    settings = order.settings or ({},) * len(order.styles)
    for style, own in zip(order.styles, settings, strict=True):
        # Letters of one style have one subject: they differ in what else is set apart.
        taken = {draft.subject for draft in drafts if draft.style != style}
        drafts.append(_draft(replace(desk, settings=own), style, blocks, taken))
    return EmailDraft(drafts=tuple(drafts), blocks=blocks)


def _draft(
    desk: _Desk, style: str, blocks: tuple[DynamicBlock, ...], taken: set[str]
) -> SubjectDraft:
    subject = _subject(desk, style, taken)
    words = f"{subject} {desk.places['title']}".casefold()
    preheader = desk.pick(
        desk.book.preheaders,
        "preheader",
        lambda text: len(text) <= _PREHEADER_MOST and text.casefold().rstrip(".") not in words,
    )
    by_name = {block.name: block for block in blocks}
    return SubjectDraft(
        style=style,
        subject=subject,
        preheader=preheader,
        html=page_html(_page(desk, subject, preheader, by_name, is_html=True)),
        text=page_text(_page(desk, subject, preheader, by_name, is_html=False)),
    )


def _subject(desk: _Desk, style: str, taken: set[str]) -> str:
    """A subject in the style; where the piece has too few short words for it, a plainer one."""
    book = desk.book
    phrases = book.subjects.get(style, book.subjects["direct"])
    if style == "benefit":
        phrases += book.subjects_by_kind.get(desk.order.copy.piece.kind, ())

    def fits(text: str) -> bool:
        return len(text) <= _SUBJECT_MOST and text.rstrip(".") not in taken

    turn, key = desk.order.copy.turn, f"{desk.seed}/subject/{style}"
    usable = said(phrases, desk.places, turn=turn, seed=key, fits=fits)
    plainer = book.fallback_subjects.get(style, book.fallback_subjects["direct"])
    found = usable[0] if usable else desk.pick(plainer, "subject", fits)
    return found.rstrip(".")


def _greeting(desk: _Desk) -> DynamicBlock:
    """By name where it is known, and without an empty place where it is not."""
    voice = desk.order.copy.voice
    named = voice.greeting.replace("{first_name}", "{{first_name}}")
    named = named.replace("{name}", "{{first_name}}")
    return DynamicBlock(
        name="greeting",
        by_segment={"has:first_name": named} if "{{first_name}}" in named else {},
        fallback=voice.greeting_without_name,
    )


def _hello(desk: _Desk) -> DynamicBlock:
    greeted = ((segment, _greeted_as(segment)) for segment in desk.order.segments)
    return DynamicBlock(
        name="hello",
        by_segment={
            segment.id: desk.pick(desk.book.hellos[kind], f"hello/{kind}")
            for segment, kind in greeted
            if kind is not None
        },
        fallback=desk.pick(desk.book.hello_for_all, "hello"),
    )


def _greeted_as(segment: Segment) -> str | None:
    for told in (segment.stage or "", segment.id):
        for kind, words in _GREETED_AS:
            if any(word in told for word in words):
                return kind
    return None


def _more(desk: _Desk) -> tuple[DynamicBlock, ...]:
    """The further piece each segment is shown, by title."""
    if not desk.order.more:
        return ()
    first = desk.order.more[0]
    titles = {segment: piece.title for segment, piece in _own_pieces(desk).items()}
    return (DynamicBlock(name="more", by_segment=titles, fallback=first.title),)


def _own_pieces(desk: _Desk) -> dict[str, Piece]:
    """For each segment the further piece written for it, where that is not everyone's."""
    first = desk.order.more[0]
    found: dict[str, Piece] = {}
    for segment in desk.order.segments:
        fitting = next((piece for piece in desk.order.more if segment.id in piece.segments), first)
        if fitting is not first:
            found[segment.id] = fitting
    return found


def _page(
    desk: _Desk, subject: str, preheader: str, blocks: dict[str, DynamicBlock], *, is_html: bool
) -> MailPage:
    copy = desk.order.copy
    piece = copy.piece
    link = tracked(piece.url, copy.utm, "main")
    return MailPage(
        language=copy.language,
        brand=copy.brand,
        home=tracked(copy.website, copy.utm, "logo"),
        subject=subject,
        preheader=preheader,
        greeting=_block(blocks["greeting"], is_html=is_html),
        hello=_block(blocks["hello"], is_html=is_html),
        opening=desk.pick(desk.book.openings[_opening(copy, desk.book)], "opening"),
        quote=_quote(piece),
        title=piece.title,
        paragraphs=(" ".join(sentences(piece.summary)),),
        picture=Picture(piece.image, piece.image_text or piece.title) if piece.image else None,
        points_heading=desk.pick(desk.book.points_heading, "points"),
        points=piece.points,
        action=_action(desk),
        link=link,
        offer=_offer(desk),
        offer_link=tracked(copy.offer.landing_page, copy.utm, "offer") if copy.offer else "",
        more_heading=desk.pick(desk.book.more_heading, "more"),
        more=_teasers(desk, is_html=is_html) if "more" in blocks else "",
        sign_off=copy.voice.sign_off,
        signature=copy.voice.signature,
        why_you=desk.book.why_you.format_map(desk.places),
        postal_address=copy.postal_address,
        unsubscribe=desk.book.unsubscribe,
    )


def _opening(copy: CopyOrder, book: Book) -> str:
    """Proof needs somebody else's words to start with; without a quote it is argued plainly."""
    if copy.angle == "proof" and copy.piece.quote is None:
        return "product"
    return copy.angle if copy.angle in book.openings else "product"


def _quote(piece: Piece) -> str:
    return f"“{piece.quote.text.strip('“”')}” {piece.quote.by}" if piece.quote else ""


def _action(desk: _Desk) -> str:
    copy, kind = desk.order.copy, desk.settings.get("cta")
    if kind:
        return desk.pick(desk.book.actions[kind], f"action/{kind}")
    return copy.piece.call_to_action or desk.pick(copy.voice.calls_to_action, "action")


def _offer(desk: _Desk) -> tuple[str, ...]:
    """What is offered, its code, its terms: the offer's own words and nothing else."""
    copy = desk.order.copy
    if copy.offer is None:
        return ()
    framed = desk
    if desk.settings.get("framing") == "amount":
        framed = replace(desk, places={**desk.places, "offer": in_amount(copy.offer)})
    lines = [framed.pick(desk.book.offer_lines[copy.urgency], "offer")]
    lines += said(desk.book.offer_code, desk.places, turn=copy.turn, seed=f"{desk.seed}/code")[:1]
    return (*lines, copy.offer.terms)


def _teasers(desk: _Desk, *, is_html: bool) -> str:
    own = _own_pieces(desk)
    branches = {name: _teaser(desk, piece, is_html=is_html) for name, piece in own.items()}
    return block_text("more", branches, _teaser(desk, desk.order.more[0], is_html=is_html))


def _teaser(desk: _Desk, piece: Piece, *, is_html: bool) -> str:
    link = tracked(piece.url, desk.order.copy.utm, "more")
    text = sentences(piece.summary)[0]
    return teaser(piece.title, text, link) if is_html else f"{piece.title}\n{text}\n{link}"


def _block(block: DynamicBlock, *, is_html: bool) -> str:
    if not is_html:
        return block_text(block.name, block.by_segment, block.fallback)
    branches = {segment: paragraph(text) for segment, text in block.by_segment.items()}
    return block_text(block.name, branches, paragraph(block.fallback))
