"""Post copy: a hook, as much of the piece as the network takes, and the link."""

from collections.abc import Iterator

from drumbeat.agents.writers.choice import by_turns, said
from drumbeat.agents.writers.phrases.book import Book, Phrases
from drumbeat.agents.writers.places import places, sentences
from drumbeat.agents.writers.port import CannotWrite, PostDraft, PostOrder
from drumbeat.core.campaign.link import tracked
from drumbeat.core.campaign.network import Network, length, network

_COUNTED = 3


def write(order: PostOrder, book: Book, seed: str) -> PostDraft:
    """The caption. Raises CannotWrite when not even the hook and the link fit."""
    copy = order.copy
    on = network(order.network)
    link = tracked(copy.piece.url, copy.utm, copy.topic)
    known = places(copy, book)
    # The network is part of the key, so that one story opens differently on each.
    key = f"{seed}/{order.network}"
    close = f"{_invitation(order, book, known, key)} {link}"
    phrases = _phrases(order, book)
    hooks = said(phrases, known, turn=copy.turn, seed=f"{key}/{order.hook}")
    for hook in hooks:
        text = _grown(hook, list(_body(order, hook, on)), close, _tags(order, on), on)
        if text is not None:
            return PostDraft(text=text, link=link)
    raise CannotWrite(f"no {order.hook} about {copy.piece.id} fits {order.network}")


def _phrases(order: PostOrder, book: Book) -> Phrases:
    if order.hook == "question":
        return book.questions.get(order.copy.piece.kind, ()) or book.hooks["question"]
    return book.hooks.get(order.hook, book.hooks["fact"])


def _grown(hook: str, body: list[str], close: str, tags: str, on: Network) -> str | None:
    """Hook and link, with as many of the body's parts, in order, as the limit leaves room for."""
    best: str | None = None
    for count in range(len(body) + 1):
        parts = [hook, *body[:count], close]
        for end in ([], [tags] if tags else []):
            text = "\n\n".join(parts + end)
            best = text if length(on, text) <= on.most else best
    return best


def _body(order: PostOrder, hook: str, on: Network) -> Iterator[str]:
    """The piece's own sentences that the hook has not used; a list where the hook counts one."""
    piece = order.copy.piece
    if order.hook == "number":
        yield "\n".join(f"{n}. {point}" for n, point in enumerate(_counted(order), 1))
        return
    told = [text for text in sentences(piece.summary) if text not in hook]
    if told:
        yield " ".join(told)
    if on.is_long_form:
        left = [point for point in piece.points if point not in hook]
        if left:
            yield "\n".join(f"· {point}" for point in left)


def _counted(order: PostOrder) -> tuple[str, ...]:
    return order.copy.piece.points[:_COUNTED]


def _invitation(order: PostOrder, book: Book, known: dict[str, str], key: str) -> str:
    return by_turns(
        book.invitations,
        known,
        turn=order.copy.turn,
        seed=f"{key}/invitation",
        fits=lambda text: len(text) <= 60,
    )


def _tags(order: PostOrder, on: Network) -> str:
    """One or two words people can find the post by."""
    if not on.takes_hashtags:
        return ""
    topics = dict.fromkeys((order.copy.topic, *order.copy.piece.topics))
    return " ".join(f"#{_camel(topic)}" for topic in list(topics)[:2])


def _camel(topic: str) -> str:
    """Words of a hashtag start with a capital, so that screen readers tell them apart."""
    return "".join(word.capitalize() for word in topic.replace("_", "-").split("-"))
