"""Claims: what tests have shown of the library's claims is proposed as changes of their entries."""

from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa

from drumbeat.app.compose import App
from drumbeat.app.rule_change import RuleRefused, rule_now, rule_proposal, with_fields
from drumbeat.core.experiments.registered import Registered
from drumbeat.core.experiments.standing import update_of
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Evidence, Proposal
from drumbeat.gate import registry
from drumbeat.store import experiments, proposals
from drumbeat.store.proposals import Status

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_KIND = "hypothesis.change"


def wishes(app: App, connection: sa.Connection, by: Actor) -> Iterator[Proposal]:
    """One for each claim whose latest readout says something its entry does not, unless people
    were asked about that readout; a question that expired is put again."""
    asked = {
        evidence.source
        for one in proposals.of_kind(connection, _KIND, _LONG_AGO)
        if one.status is not Status.EXPIRED
        for evidence in one.proposal.evidence
    }
    latest = {one.experiment.hypothesis.id: one for one in experiments.every(connection)}
    for claim, one in latest.items():
        if registry.target_of(one.experiment.id) not in asked:
            yield from _wish(app, claim, one, by)


def _wish(app: App, claim: str, one: Registered, by: Actor) -> Iterator[Proposal]:
    update, file = update_of(one), app.files.hypotheses_in.get(claim)
    if not update or file is None or one.ended is None:
        return
    target = f"{file}#{claim}"
    reason = one.ended.reason or f"{one.experiment.id} was read to its end"
    source = registry.target_of(one.experiment.id)
    evidence = (Evidence(text=update["evidence"], source=source),)
    try:
        wanted = with_fields(rule_now(app, target), update)
        yield rule_proposal(app, target, wanted, by, reason, evidence)
    except RuleRefused:
        return  # the entry says it already, or the file has to be changed by hand first
