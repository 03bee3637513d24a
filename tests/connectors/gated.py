"""A gate over a connector under test, so that whole changes run end to end."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.checks.load import load
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.core.governance.phase import ConnectionMode, Phase
from drumbeat.core.governance.proposal import propose
from drumbeat.gate.door import Door, Platform
from drumbeat.gate.gate import Gate
from drumbeat.gate.rules import CampaignRules, Rules
from drumbeat.store import effects, ledger
from drumbeat.store.effects import Effect, EffectStatus
from drumbeat.store.proposals import Judged, Status
from drumbeat.testing.gate_world import rules
from drumbeat.testing.harness import CONNECTION, KEY, Stage

_CAMPAIGN = "conformance"


@dataclass
class Gated:
    """``ask`` submits a change in a person's name; ``pass_time`` carries out what is due."""

    stage: Stage
    gate: Gate

    def ask(self, action: Action, *, not_before: datetime | None = None) -> Judged:
        proposal = propose(
            action,
            Actor.person("jon"),
            "a test",
            now=self.stage.now,
            expires_at=self.stage.now + timedelta(days=2),
            not_before=not_before,
        )
        judged = self.gate.submit(proposal)
        assert judged.status is Status.ALLOWED, judged.verdict
        return judged

    def pass_time(self, **by: float) -> None:
        self.stage.place.clock.advance(timedelta(**by))
        self.gate.pump()

    def effect(self, judged: Judged) -> Effect:
        with self.stage.place.database.read() as connection:
            effect = effects.of_proposal(connection, judged.proposal.id)
        assert effect is not None
        return effect

    def status(self, judged: Judged) -> EffectStatus:
        return self.effect(judged).status

    def ledger(self) -> list[str]:
        with self.stage.place.database.read() as connection:
            return [entry.kind for entry in ledger.entries(connection)]


def gated(stage: Stage) -> Gated:
    """The stage's connector behind a gate that lets its kinds through for people."""
    platform = Platform(
        stage.connector,
        stage.connector.capabilities(),
        stage.manifest.key_window,
        stage.manifest.look_up_lag or timedelta(),
    )
    place = stage.place
    door = Door(place.database, place.clock, load(), _rules(stage), {CONNECTION: platform}, KEY)
    return Gated(stage, Gate(door))


def _rules(stage: Stage) -> Rules:
    row: dict[str, Any] = {
        "agents": ["launcher"],
        "risk": "medium",
        "phase": "full",
        "approvals": {"roles": ["performance"]},
    }
    kinds = [kind for kind in stage.manifest.kinds if kind in KINDS]
    matrix = ActionMatrix.model_validate({"version": 1, "actions": dict.fromkeys(kinds, row)})
    own = CampaignRules(phase=Phase.CONDITIONAL, is_evergreen=True, timezone="Europe/Berlin")
    return replace(
        rules(),
        version=matrix.digest,
        matrix=matrix,
        campaigns={_CAMPAIGN: own},
        connections={CONNECTION: ConnectionMode.LIVE},
        declared_kinds={"launcher": frozenset(kinds)},
    )
