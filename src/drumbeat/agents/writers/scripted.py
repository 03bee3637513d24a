"""Scripted writer: composes from the order and a phrase book; no key, no chance, no inventions."""

from collections.abc import Mapping
from dataclasses import dataclass

from drumbeat.agents.writers import ads, mail, posts
from drumbeat.agents.writers.phrases.book import Book
from drumbeat.agents.writers.phrases.de import GERMAN
from drumbeat.agents.writers.phrases.en import ENGLISH
from drumbeat.agents.writers.port import (
    AdDraft,
    AdOrder,
    CannotWrite,
    EmailDraft,
    EmailOrder,
    PostDraft,
    PostOrder,
)

BOOKS: Mapping[str, Book] = {book.language: book for book in (ENGLISH, GERMAN)}


@dataclass(frozen=True)
class ScriptedWriter:
    """The same order and ``seed`` give the same words; another turn gives others."""

    seed: int = 0
    books: Mapping[str, Book] | None = None

    def email(self, order: EmailOrder) -> EmailDraft:
        return mail.write(order, self._book(order.copy.language), str(self.seed))

    def ad(self, order: AdOrder) -> AdDraft:
        return ads.write(order, self._book(order.copy.language), str(self.seed))

    def post(self, order: PostOrder) -> PostDraft:
        return posts.write(order, self._book(order.copy.language), str(self.seed))

    def _book(self, language: str) -> Book:
        books = BOOKS if self.books is None else self.books
        book = books.get(language) or books.get(language.partition("-")[0])
        if book is None:
            known = ", ".join(sorted(books))
            raise CannotWrite(f"there is no phrase book for {language}; known: {known}")
        return book
