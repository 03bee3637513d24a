"""Several: one answer to many proposals, given one by one, with what became of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from drumbeat.web.verbs import Answer, Done, ProofNeeded


@dataclass(frozen=True)
class Outcome:
    """``answer`` is ProofNeeded where this one takes a person who has just confirmed who they
    are; the others of the same order are not held up by it."""

    proposal_id: str
    fingerprint: str
    answer: Answer | ProofNeeded

    @property
    def is_done(self) -> bool:
        return isinstance(self.answer, Done)

    @property
    def needs_proof(self) -> bool:
        return isinstance(self.answer, ProofNeeded)

    @property
    def text(self) -> str:
        match self.answer:
            case Done(text):
                return text
            case ProofNeeded():
                return "Needs you to confirm that it is you: its risk is high."
            case refused:
                return refused.reason


def each_of(
    chosen: Iterable[tuple[str, str]], order: Callable[[str, str], Answer]
) -> tuple[Outcome, ...]:
    """Give the order for every proposal, each bound to the fingerprint it was shown with."""
    return tuple(
        Outcome(one, print_, _tried(order, one, print_)) for one, print_ in dict(chosen).items()
    )


def _tried(order: Callable[[str, str], Answer], one: str, print_: str) -> Answer | ProofNeeded:
    try:
        return order(one, print_)
    except ProofNeeded as needed:
        return needed
