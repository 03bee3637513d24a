"""Experiments: the registry of a workspace's tests; each is sealed before it starts."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from drumbeat.app.compose import App
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.hypothesis_file import HypothesisSpec
from drumbeat.core.campaign.variable import Variable
from drumbeat.core.experiments.arm import Arm, Arms, Role
from drumbeat.core.experiments.experiment import Experiment, Guardrail
from drumbeat.core.experiments.experiment import register as seal
from drumbeat.core.experiments.holdout import usual_holdout
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.overlap import Collides, find_overlap
from drumbeat.core.experiments.sizing import Sizing
from drumbeat.core.governance.freeze import Hold, HoldMode, ScopeKind
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment
from drumbeat.store import holds, ledger, settings

_KEPT = "experiments"
# The gate reads this name: what is under test, nothing but the test's own rule may change.
_UNDER_TEST = "under-test"
_MAY_REGISTER = "experiment.register"
_ONLY_LOOK = frozenset({"viewer"})


class UnknownExperiment(LookupError):
    """No campaign, hypothesis or experiment has this name."""


class ExperimentRefused(Exception):
    """The test may not start, or not be stopped: the rule that stands in the way."""


class Stopped(Noun):
    """Who ended a test before its rule did, when and why."""

    at: Moment
    by: str
    reason: str


class Registered(Noun):
    """A test of the registry. It runs until somebody, or its rule, stops it."""

    experiment: Experiment
    stopped: Stopped | None = None

    @property
    def is_running(self) -> bool:
        return self.stopped is None


@dataclass(frozen=True)
class Order:
    """What a person asks to be registered: a hypothesis of the library on one campaign's surface.

    ``control_targets`` and ``treatment_targets`` are the objects on the platform the arms
    consist of; while the test runs, nothing else changes them.
    """

    campaign: str
    hypothesis: str
    sizing: Sizing
    control_targets: tuple[str, ...] = ()
    treatment_targets: tuple[str, ...] = ()


def all_registered(connection: sa.Connection) -> tuple[Registered, ...]:
    """Every test ever registered, oldest first."""
    kept = settings.get(connection, _KEPT, [])
    return tuple(Registered.model_validate(one) for one in kept)


def running(connection: sa.Connection) -> tuple[Experiment, ...]:
    """The tests that are not stopped."""
    return tuple(one.experiment for one in all_registered(connection) if one.is_running)


def hypothesis_on(app: App, campaign: str, hypothesis: str) -> tuple[Campaign, HypothesisSpec]:
    """The campaign and the library's entry. Raises UnknownExperiment."""
    if campaign not in app.files.campaigns:
        known = ", ".join(app.files.campaigns)
        raise UnknownExperiment(f"no campaign is called {campaign!r}: {known}")
    if hypothesis not in app.files.hypotheses:
        known = ", ".join(sorted(app.files.hypotheses))
        raise UnknownExperiment(f"no hypothesis is called {hypothesis!r}: {known}")
    return app.files.campaigns[campaign], app.files.hypotheses[hypothesis]


def register(app: App, order: Order, account: str) -> Experiment:
    """Seal and keep a test, with its ledger entry. Raises UnknownExperiment, ExperimentRefused.

    Refused are: somebody without a role that may, a frozen campaign, a variable or channel that
    is not the campaign's, more tests at once than it allows, and an overlap with any other test.
    """
    campaign, spec = hypothesis_on(app, order.campaign, order.hypothesis)
    _refuse(_misfits(app, campaign, spec, account))
    experiment = _sealed(app, campaign, spec, order, account)
    with app.database.write() as transaction:
        ledger.serialize(transaction)
        kept = all_registered(transaction)
        active = tuple(one.experiment for one in kept if one.is_running)
        _refuse(_frozen(holds.in_force(transaction), campaign.campaign))
        _refuse(_crowded(campaign, active))
        _refuse(_overlaps(experiment.hypothesis, active))
        _keep(transaction, (*kept, Registered(experiment=experiment)))
        _enter_registration(transaction, experiment, app.clock.now())
    return experiment


def stop(app: App, experiment_id: str, account: str, reason: str) -> Registered:
    """End a test early; anybody may, as with a freeze. Raises UnknownExperiment, ExperimentRefused.

    What it showed so far is no readout: its decision rule was written for the whole run.
    """
    if not reason.strip():
        raise ExperimentRefused("say why it stops early: --reason '…'")
    ended = Stopped(at=app.clock.now(), by=account, reason=reason.strip())
    with app.database.write() as transaction:
        ledger.serialize(transaction)
        kept = all_registered(transaction)
        found = next((one for one in kept if one.experiment.id == experiment_id), None)
        if found is None:
            raise UnknownExperiment(f"no experiment is called {experiment_id!r}")
        if not found.is_running:
            raise ExperimentRefused(f"{experiment_id} is stopped already")
        stopped = found.model_copy(update={"stopped": ended})
        _keep(transaction, tuple(stopped if one is found else one for one in kept))
        ledger.append(
            transaction,
            "experiment_stopped",
            at=ended.at,
            actor=f"person:{account}",
            subject=experiment_id,
            campaign=found.experiment.campaign,
            seal=found.experiment.seal,
            reason=ended.reason,
        )
    return stopped


def _refuse(reasons: Iterator[str]) -> None:
    for reason in reasons:
        raise ExperimentRefused(reason)


def _misfits(app: App, campaign: Campaign, spec: HypothesisSpec, account: str) -> Iterator[str]:
    person = app.gate.door.rules.accounts[account]
    row = app.files.actions.row(_MAY_REGISTER)
    if row is None or row == "forbidden":
        yield f"policy/actions.yaml does not allow {_MAY_REGISTER}"
    elif row.approvals.roles and not person.roles & set(row.approvals.roles):
        yield f"{account} may not start an experiment: it takes {', '.join(row.approvals.roles)}"
    elif person.roles <= _ONLY_LOOK:
        yield f"{account} may not start an experiment: a viewer only looks"
    if not set(spec.channels) & set(campaign.channels):
        yield f"{spec.id} is about {', '.join(spec.channels)}; {campaign.campaign} is not"
    foreign = [one for one in spec.variables if one not in campaign.experiments.variables]
    if foreign:
        yield f"{campaign.campaign} does not test {_named(foreign)} on its surface"


def _frozen(in_force: tuple[Hold, ...], campaign: str) -> Iterator[str]:
    for hold in in_force:
        covers = hold.scope.kind is ScopeKind.WORKSPACE or hold.scope.of == campaign
        if hold.mode is HoldMode.FREEZE and covers:
            yield f"{hold.scope} is frozen: {hold.reason}"


def _crowded(campaign: Campaign, active: tuple[Experiment, ...]) -> Iterator[str]:
    own = [one.id for one in active if one.campaign == campaign.campaign]
    most = campaign.experiments.concurrent
    if len(own) >= most:
        yield f"{campaign.campaign} runs at most {most} at once, and {', '.join(own)} runs"


def _overlaps(claim: Hypothesis, active: tuple[Experiment, ...]) -> Iterator[str]:
    found = find_overlap(claim, active)
    if isinstance(found, Collides):
        yield found.reason


def _sealed(
    app: App, campaign: Campaign, spec: HypothesisSpec, order: Order, account: str
) -> Experiment:
    control = Arm.of(spec.control, Role.CONTROL)
    treatment = Arm.of(spec.treatment, Role.TREATMENT)
    channel = next(one for one in campaign.channels if one in spec.channels)
    return seal(
        spec,
        campaign=campaign.campaign,
        surface=campaign.experiments.surface,
        arms=Arms(
            control=control.model_copy(update={"targets": order.control_targets}),
            treatment=treatment.model_copy(update={"targets": order.treatment_targets}),
        ),
        sizing=order.sizing,
        holdout=usual_holdout(channel, campaign.campaign, campaign.experiments.holdout),
        now=app.clock.now(),
        by=account,
        guardrails=tuple(Guardrail(metric=metric) for metric in spec.guardrails),
        min_weeks=spec.min_weeks,
    )


def _keep(transaction: sa.Connection, kept: tuple[Registered, ...]) -> None:
    settings.put(transaction, _KEPT, [one.model_dump(mode="json") for one in kept])
    targets = {target for one in kept if one.is_running for target in one.experiment.arms.targets}
    settings.put(transaction, _UNDER_TEST, sorted(targets))


def _enter_registration(transaction: sa.Connection, made: Experiment, now: Moment) -> None:
    ledger.append(
        transaction,
        "experiment_registered",
        at=now,
        actor=f"person:{made.registered_by}",
        subject=made.id,
        campaign=made.campaign,
        seal=made.seal,
        hypothesis=made.hypothesis.id,
        surface=made.hypothesis.surface,
        variables=[str(one) for one in made.hypothesis.variables],
        audience=list(made.hypothesis.audience),
        mode=str(made.sizing.mode),
        units=made.sizing.max_n,
        weeks=made.sizing.weeks,
    )


def _named(variables: list[Variable]) -> str:
    return ", ".join(one.replace("_", " ") for one in variables)
