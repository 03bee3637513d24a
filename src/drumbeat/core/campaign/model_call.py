"""Model call: one question to a language model, with what it took and cost, and no person in it."""

from collections.abc import Iterable

from pydantic import Field

from drumbeat.core.money import Money
from drumbeat.core.noun import Noun
from drumbeat.core.untrusted.leak import nameless

# What is kept of one text: enough to see what was asked, not a second copy of every draft.
_CUT = 4000
# A cycle keeps its last calls in full; the ledger has the figures of all of them.
_KEPT = 40


class ModelCall(Noun):
    """``agent`` asked, ``purpose`` says what for. ``cost_micros`` are millionths of the currency's
    unit, since one call costs less than a cent; ``given`` and ``gave`` are the texts. ``offered``
    are the tools the model could have called, ``used`` those it did; our own port offers none."""

    agent: str
    model: str
    purpose: str
    tokens_in: int = Field(ge=0)
    tokens_out: int = Field(ge=0)
    seconds: float = Field(ge=0)
    cost_micros: int = Field(ge=0)
    currency: str
    offered: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    given: str = ""
    gave: str = ""

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out

    @property
    def figures(self) -> dict[str, str | int | float]:
        """What the ledger keeps of it: everything but the texts."""
        return self.model_dump(mode="json", exclude={"agent", "given", "gave"})

    def nameless(self) -> "ModelCall":
        """Itself with mail addresses, numbers of people and secrets masked, and long texts cut."""
        told = {"given": nameless(self.given)[:_CUT], "gave": nameless(self.gave)[:_CUT]}
        return self.model_copy(update=told)


class ModelCalls(Noun):
    """The calls of a cycle, in order. ``dropped`` older ones are no longer kept in full."""

    calls: tuple[ModelCall, ...] = ()
    dropped: int = 0

    def and_(self, more: Iterable[ModelCall]) -> "ModelCalls":
        every = (*self.calls, *(one.nameless() for one in more))
        gone = max(0, len(every) - _KEPT)
        return ModelCalls(calls=every[gone:], dropped=self.dropped + gone)


def cost_of(micros: int, currency: str) -> Money:
    """Millionths of a unit as money, rounded up: never less than was paid."""
    scale = 1_000_000 // Money.of(1, currency).minor
    return Money(minor=-(-micros // scale), currency=currency)
