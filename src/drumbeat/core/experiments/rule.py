"""Decision rules: what follows from what a test shows, written down before it starts."""

from enum import StrEnum

from pydantic import Field

from drumbeat.core.noun import Noun


class Answer(StrEnum):
    """What is done with a test; nothing else can be."""

    SHIP = "ship"
    ROLL_BACK = "roll_back"
    REVIEW = "review"
    KEEP_GOING = "keep_going"


class Sign(StrEnum):
    """What a running test can show."""

    SPLIT_BROKEN = "split_broken"
    GUARDRAIL_LOST = "guardrail_lost"
    GUARDRAIL_UNKNOWN = "guardrail_unknown"
    TOO_EARLY = "too_early"
    BETTER = "better"
    WORSE = "worse"
    UNDECIDED = "undecided"
    PLAN_USED_UP = "plan_used_up"


class Clause(Noun):
    """If a test shows all of ``when``, the answer is ``then``."""

    when: tuple[Sign, ...] = Field(min_length=1)
    then: Answer
    because: str


class DecisionRule(Noun):
    """Clauses in order; the first that applies decides, and without any a person does."""

    clauses: tuple[Clause, ...] = Field(min_length=1)

    def first(self, signs: frozenset[Sign]) -> Clause | None:
        """The clause that decides, given everything the test shows."""
        return next((clause for clause in self.clauses if signs.issuperset(clause.when)), None)


def _clause(then: Answer, because: str, *when: Sign) -> Clause:
    return Clause(when=when, then=then, because=because)


# Harm needs no full week to be believed; a win does. A broken split says nothing about either.
USUAL_RULE = DecisionRule(
    clauses=(
        _clause(Answer.REVIEW, "units are not split as designed", Sign.SPLIT_BROKEN),
        _clause(Answer.ROLL_BACK, "a guardrail is lost", Sign.GUARDRAIL_LOST),
        _clause(Answer.KEEP_GOING, "the minimum run time is not over", Sign.TOO_EARLY),
        _clause(Answer.ROLL_BACK, "the treatment is worse", Sign.WORSE),
        _clause(
            Answer.REVIEW,
            "better, but a guardrail is not known",
            Sign.BETTER,
            Sign.GUARDRAIL_UNKNOWN,
        ),
        _clause(Answer.SHIP, "better, and no guardrail is lost", Sign.BETTER),
        _clause(
            Answer.ROLL_BACK,
            "the plan is used up and no effect was proven",
            Sign.UNDECIDED,
            Sign.PLAN_USED_UP,
        ),
        _clause(Answer.KEEP_GOING, "not decided yet", Sign.UNDECIDED),
    )
)
# A directional test only leans: its win is a person's to believe.
DIRECTIONAL_RULE = DecisionRule(
    clauses=tuple(
        clause.model_copy(update={"then": Answer.REVIEW, "because": f"leaning: {clause.because}"})
        if Sign.BETTER in clause.when
        else clause
        for clause in USUAL_RULE.clauses
    )
)
