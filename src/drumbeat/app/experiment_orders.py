"""Experiment orders: what people decide about a test beside its rule, through the gate."""

import sqlalchemy as sa

from drumbeat.agents.planning.means import unable
from drumbeat.agents.planning.testing import sizing_of
from drumbeat.app.compose import App
from drumbeat.app.experiments import (
    ExperimentRefused,
    Order,
    accepted,
    change_of,
    hypothesis_on,
    register,
    registered,
    submitted,
    what_it_showed,
)
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.registered import Registered
from drumbeat.core.experiments.varied import settings_of
from drumbeat.cycle.bench import bench_of
from drumbeat.cycle.desk import desk_for
from drumbeat.cycle.trials import treatments_of
from drumbeat.gate import internal, registry
from drumbeat.gate.answer import NotAnswered
from drumbeat.store import cycles, proposals, settings
from drumbeat.store.proposals import Judged


def start(app: App, campaign: str, hypothesis: str, account: str) -> Experiment:
    """Approve a hypothesis and register its test, as large as the campaign's own traffic needs.

    Raises UnknownExperiment, or ExperimentRefused with the rule or the figure that is missing.
    """
    own, spec = hypothesis_on(app, campaign, hypothesis)
    if not settings_of(Hypothesis.of(spec, own.experiments.surface), own.channels):
        raise ExperimentRefused(
            f"agents do not vary {', '.join(spec.variables)} by themselves: set its arms up on "
            "the platform and use drumbeat experiment register"
        )
    with app.database.read() as connection:
        newest = next(iter(cycles.of_campaign(connection, campaign, 1)), None)
    if newest is None:
        raise ExperimentRefused(f"{campaign} has not run yet, so its traffic is unknown")
    bench = bench_of(desk_for(app.office, newest))
    claim = Hypothesis.of(spec, bench.campaign.experiments.surface)
    if why := unable(claim, own.channels, bench.means):
        raise ExperimentRefused(why)
    sizing = sizing_of(claim, spec, bench.traffic.get(hypothesis))
    if isinstance(sizing, str):
        raise ExperimentRefused(
            f"{campaign} has too little traffic to prove or lean on {hypothesis} within 12 weeks: "
            f"{sizing}"
        )
    try:
        return register(app, Order(campaign, hypothesis, sizing), account)
    except ValueError as error:
        raise ExperimentRefused(str(error)) from error


def ship(app: App, experiment_id: str, account: str, reason: str) -> Judged:
    """Ask for the treatment to be kept from now on; another person has to agree.

    Of a test that still runs this also ends it. Raises UnknownExperiment, ExperimentRefused.
    """
    found = registered(app, experiment_id)
    with app.database.read() as connection:
        carried = next_settings(connection, found)
    if not carried:
        raise ExperimentRefused("what it varies is no setting of the campaign, or is set already")
    cited = what_it_showed(found)
    asked = []
    for name, value, before in carried:
        after = registry.cited_in(experiment_id, value)
        target = f"setting:{found.experiment.campaign}/{name}"
        action = change_of(app, registry.ROLL_OUT, found.experiment, before, after, target)
        asked.append(accepted(submitted(app, action, account, reason, cited)))
    return asked[0]


def keep_running(app: App, experiment_id: str, account: str, reason: str, via: str = "web") -> int:
    """Turn down what agents propose to do with a test; returns how many proposals that were.

    Raises UnknownExperiment, ExperimentRefused.
    """
    found = registered(app, experiment_id)
    if not found.is_running:
        raise ExperimentRefused(f"{experiment_id} is {found.status}: register it anew to run on")
    with app.database.read() as connection:
        asked = waiting_about(connection, experiment_id)
    if not asked:
        raise ExperimentRefused("it runs on anyhow: nobody proposes to end it")
    for one in asked:
        answer = app.gate.reject(
            one.proposal.id,
            account,
            reason,
            code="other",
            via=via,
            fingerprint=one.proposal.fingerprint,
        )
        if isinstance(answer, NotAnswered):
            raise ExperimentRefused(answer.why)
    return len(asked)


def waiting_about(connection: sa.Connection, experiment_id: str) -> list[Judged]:
    """The proposals about a test that people have yet to answer."""
    target = registry.target_of(experiment_id)
    return [
        one
        for one in proposals.waiting(connection)
        if one.proposal.action.target == target
        or any(each.source == target for each in one.proposal.evidence)
    ]


def next_settings(connection: sa.Connection, one: Registered) -> list[tuple[str, str, object]]:
    """What shipping would set: names, values and what stands there now."""
    chosen = settings.get(connection, internal.chosen_by(one.experiment.campaign), {})
    found = [(name, value, chosen.get(name)) for name, value in treatments_of(one)]
    return [each for each in found if not _is_set(each[2], each[1])]


def _is_set(before: object, value: str) -> bool:
    return isinstance(before, dict) and before.get("value") == value
