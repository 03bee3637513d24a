"""Decisions: the registered rule, asked about what a test shows."""

from dataclasses import dataclass

from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.readout import Evidence, Observed, weigh
from drumbeat.core.experiments.rule import Answer, Sign


@dataclass(frozen=True)
class Decision:
    """The answer for the experiment with this seal, why, and the evidence it rests on."""

    seal: str
    answer: Answer
    reason: str
    evidence: Evidence


def decide(experiment: Experiment, observed: Observed) -> Decision:
    """What the rule frozen at registration says of the test now.

    Where no clause applies the answer is a review: a rule that is silent decides nothing.
    """
    evidence = weigh(experiment, observed)
    clause = experiment.rule.first(evidence.signs)
    if clause is None:
        return Decision(experiment.seal, Answer.REVIEW, "the rule says nothing of this", evidence)
    detail = _detail(clause.when, evidence)
    return Decision(experiment.seal, clause.then, clause.because + detail, evidence)


def _detail(when: tuple[Sign, ...], evidence: Evidence) -> str:
    names: tuple[str, ...] = ()
    if Sign.GUARDRAIL_LOST in when:
        names = evidence.lost
    elif Sign.GUARDRAIL_UNKNOWN in when:
        names = evidence.unknown
    elif Sign.SPLIT_BROKEN in when and evidence.split and evidence.split.worst is not None:
        names = (f"worst in {evidence.split.worst}",)
    return f": {', '.join(names)}" if names else ""
