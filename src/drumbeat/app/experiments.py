"""Experiments: what people do with the registry; every order goes through the gate."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from drumbeat.app.compose import App
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.hypothesis_file import HypothesisSpec
from drumbeat.core.experiments.drafting import Draft, draft
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.registered import Registered
from drumbeat.core.experiments.sizing import Sizing
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Evidence, propose
from drumbeat.core.governance.verdict import Weight
from drumbeat.core.money import Money
from drumbeat.gate import registry
from drumbeat.store import experiments
from drumbeat.store.proposals import Judged, Status

_ONLY_LOOK = frozenset({"viewer"})
_LASTS = timedelta(days=1)


class UnknownExperiment(LookupError):
    """No campaign, hypothesis or experiment has this name."""


class ExperimentRefused(Exception):
    """The test may not start, or not be stopped: the rule that stands in the way."""


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
    return experiments.every(connection)


def running(connection: sa.Connection) -> tuple[Experiment, ...]:
    """The tests that nothing has ended yet."""
    return tuple(one.experiment for one in experiments.running(connection))


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
    """Seal a test and have it registered. Raises UnknownExperiment, ExperimentRefused.

    Refused are: somebody without a role that may, a frozen campaign, a variable or channel that
    is not the campaign's, more tests at once than it allows, and an overlap with any other test.
    """
    campaign, spec = hypothesis_on(app, order.campaign, order.hypothesis)
    for reason in _misfits(app, campaign, spec, account):
        raise ExperimentRefused(reason)
    made = draft(
        Draft(
            campaign=campaign,
            spec=spec,
            sizing=order.sizing,
            now=app.clock.now(),
            by=account,
            control_targets=order.control_targets,
            treatment_targets=order.treatment_targets,
        )
    )
    action = change_of(app, registry.REGISTER, made, None, made.model_dump(mode="json"))
    _allowed(submitted(app, action, account, f"test {spec.id}: {spec.claim}"))
    return made


def stop(app: App, experiment_id: str, account: str, reason: str) -> Judged:
    """End a test early, or ask for it. Raises UnknownExperiment, ExperimentRefused.

    Until something was measured it ends at once, and also where a guardrail is lost or the split
    is broken. A test that its registered rule lets run ends only when somebody else agrees: who
    stops because of what a test showed so far believes what is no readout.
    """
    if not reason.strip():
        raise ExperimentRefused("say why it stops early: --reason '…'")
    found = registered(app, experiment_id)
    if not found.is_running:
        raise ExperimentRefused(f"{experiment_id} is {found.status} already")
    before = {"status": found.status}
    action = change_of(app, registry.STOP, found.experiment, before, {"reason": reason.strip()})
    return accepted(submitted(app, action, account, reason.strip(), what_it_showed(found)))


def registered(app: App, experiment_id: str) -> Registered:
    """The test of this name. Raises UnknownExperiment."""
    with app.database.read() as connection:
        found = experiments.load(connection, experiment_id)
    if found is None:
        raise UnknownExperiment(f"no experiment is called {experiment_id!r}")
    return found


def change_of(
    app: App, kind: str, of: Experiment, before: object, after: object, target: str = ""
) -> Action:
    """A change of the registry, or (``target``) of what a test was about."""
    content = {
        "kind": kind,
        "channel": Channel.WORKSPACE,
        "connection": "workspace",
        "campaign": of.campaign,
        "target": target or registry.target_of(of.id),
        "before": before,
        "after": after,
        "spend_delta": Money.zero(app.files.campaigns[of.campaign].currency),
    }
    return Action.model_validate(content)


def submitted(
    app: App, action: Action, account: str, why: str, evidence: tuple[Evidence, ...] = ()
) -> Judged:
    """A person's wish, as the gate has judged it."""
    now = app.clock.now()
    return app.gate.submit(
        propose(
            action,
            Actor.person(account),
            why,
            now=now,
            expires_at=now + _LASTS,
            occasion=now.isoformat(),
            evidence=evidence,
        )
    )


def what_it_showed(found: Registered) -> tuple[Evidence, ...]:
    """What a test showed so far, for the person who has to agree to an order about it."""
    said = found.shown.reason if found.shown else "nothing has been measured yet"
    source = registry.target_of(found.experiment.id)
    return (Evidence(text=f"{found.experiment.id}: {said}", source=source),)


def accepted(judged: Judged) -> Judged:
    """Done, or asked for. Raises ExperimentRefused with what the gate had against it."""
    if judged.status is Status.DENIED:
        raise _refusal(judged)
    return judged


def _allowed(judged: Judged) -> None:
    """Raises ExperimentRefused with what the gate had against it."""
    if judged.status is not Status.ALLOWED:
        raise _refusal(judged)


def _refusal(judged: Judged) -> ExperimentRefused:
    against = (f.text for f in judged.verdict.findings if f.weight >= Weight.ASK)
    return ExperimentRefused("; ".join(against))


def _misfits(app: App, campaign: Campaign, spec: HypothesisSpec, account: str) -> Iterator[str]:
    person = app.gate.door.rules.accounts[account]
    row = app.files.actions.row(registry.REGISTER)
    if row is None or row == "forbidden":
        yield f"policy/actions.yaml does not allow {registry.REGISTER}"
    elif row.approvals.roles and not person.roles & set(row.approvals.roles):
        yield f"{account} may not start an experiment: it takes {', '.join(row.approvals.roles)}"
    elif person.roles <= _ONLY_LOOK:
        yield f"{account} may not start an experiment: a viewer only looks"
    if not set(spec.channels) & set(campaign.channels):
        yield f"{spec.id} is about {', '.join(spec.channels)}; {campaign.campaign} is not"
