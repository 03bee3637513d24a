"""Listening writer: passes orders on and remembers what models were asked along the way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from drumbeat.agents.writers.port import (
    AdDraft,
    AdOrder,
    CannotWrite,
    EmailDraft,
    EmailOrder,
    PostDraft,
    PostOrder,
    Writer,
)
from drumbeat.core.campaign.model_call import ModelCall

_Order = TypeVar("_Order", EmailOrder, AdOrder, PostOrder)
_Draft = TypeVar("_Draft", EmailDraft, AdDraft, PostDraft)


@dataclass
class Listening:
    """``calls`` fill up in the order they were made, those that led to nothing among them."""

    inner: Writer
    calls: list[ModelCall] = field(default_factory=list)

    def email(self, order: EmailOrder) -> EmailDraft:
        return self._heard(self.inner.email, order)

    def ad(self, order: AdOrder) -> AdDraft:
        return self._heard(self.inner.ad, order)

    def post(self, order: PostOrder) -> PostDraft:
        return self._heard(self.inner.post, order)

    def _heard(self, write: Callable[[_Order], _Draft], order: _Order) -> _Draft:
        try:
            draft = write(order)
        except CannotWrite as error:
            self.calls += error.calls
            raise
        self.calls += draft.calls
        return draft
