"""A gate with people to tell: the clocks take their steps as time passes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from drumbeat.core.campaign.guardrail_rule import Severity
from drumbeat.core.governance.entry import Intact, verify
from drumbeat.core.governance.person import Account
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.core.operations.ladder import Ladder, unroll
from drumbeat.cycle.clocks import steps
from drumbeat.engine.clock import VirtualClock
from drumbeat.gate.door import Door
from drumbeat.gate.escalate import escalate
from drumbeat.gate.gate import Gate
from drumbeat.store import escalations, ledger, notices, proposals
from drumbeat.store.database import Database
from drumbeat.store.escalations import EscalationRow
from drumbeat.store.notices import Notice
from drumbeat.store.proposals import Judged
from drumbeat.testing.gate_world import CAMPAIGN, GateWorld, gate_world

_NO_WAIT = timedelta()
_TIERS = {
    "data": (("role:analyst", _NO_WAIT), ("role:manager", timedelta(hours=4))),
    "budget": (("role:performance", _NO_WAIT), ("role:manager", timedelta(hours=4))),
    "legal": (("role:manager", _NO_WAIT),),
    "copy": (("role:approver:brand", _NO_WAIT), ("role:manager", timedelta(hours=4))),
    "platform": (
        ("agent:launcher", _NO_WAIT),
        ("owner", timedelta(minutes=15)),
        ("role:manager", timedelta(hours=4)),
    ),
    "brand_crisis": (("owner", _NO_WAIT), ("role:manager", timedelta(minutes=15))),
}
_PEOPLE = (
    ("jon", "performance"),
    ("dana", "manager"),
    ("tomas", "analyst"),
    ("ana", "operator"),
    ("vic", "viewer"),
)


@dataclass
class EscalationWorld:
    """The parts a test looks at."""

    base: GateWorld

    @property
    def gate(self) -> Gate:
        return self.base.gate

    @property
    def door(self) -> Door:
        return self.base.gate.door

    @property
    def clock(self) -> VirtualClock:
        return self.base.clock

    @property
    def database(self) -> Database:
        return self.base.database

    def fail(
        self,
        text: str,
        *,
        failure: str = "data",
        severity: str = "warning",
        campaign: str = CAMPAIGN,
        kind: AlertKind = AlertKind.STAGE,
        connections: frozenset[str] = frozenset(),
    ) -> bool:
        """Something goes wrong; its text is its key."""
        with self.database.write() as transaction:
            return escalate(
                self.door,
                transaction,
                failure=failure,
                severity=severity,
                text=text,
                key=text,
                campaign=campaign,
                kind=kind,
                connections=connections,
            )

    def pass_time(self, **by: float) -> None:
        """Let time pass and take the steps that are due then."""
        self.clock.advance(timedelta(**by))
        with self.database.write() as transaction:
            steps(self.door, transaction)
        self.gate.notify_due()

    def notices(self) -> list[Notice]:
        with self.database.read() as connection:
            everybody = [notices.of_person(connection, name, 10_000) for name, _ in _PEOPLE]
        return sorted((n for some in everybody for n in some), key=lambda n: (n.made_at, n.id))

    def told(self) -> list[tuple[str, str, str]]:
        return [(n.person, n.text, n.state) for n in self.notices()]

    def rows(self) -> list[EscalationRow]:
        with self.database.read() as connection:
            return escalations.everything(connection)

    def row(self, text: str) -> EscalationRow:
        return next(row for row in self.rows() if row.text == text)

    def kinds(self) -> list[str]:
        with self.database.read() as connection:
            return [entry.kind for entry in ledger.entries(connection)]

    def is_intact(self) -> bool:
        with self.database.read() as connection:
            return isinstance(verify(ledger.entries(connection)), Intact)

    def status(self, judged: Judged) -> str:
        with self.database.read() as connection:
            found = proposals.load(connection, judged.proposal.id)
        assert found is not None
        return found.status

    def replace_ladders(self) -> None:
        """Somebody edits the policy: from now on it is Ana who hears of everything."""
        tiers = dict.fromkeys(_TIERS, (("person:ana", _NO_WAIT),))
        self.door.rules = replace(self.door.rules, ladders=_ladders(tiers))


def escalation_world(folder: Path) -> EscalationWorld:
    """A fresh gate in which five people have one role each, and an agent one it may not use."""
    world = gate_world(folder, owner="jon", connections=frozenset({"ads-account"}))
    people = [Account(id=n, person=n, roles=frozenset({role})) for n, role in _PEOPLE]
    others = (
        Account(id="bot", person="bot", roles=frozenset({"manager"}), is_agent=True),
        Account(id="gone", person="gone", roles=frozenset({"manager"}), is_active=False),
    )
    accounts = {account.id: account for account in (*people, *others)}
    door = world.gate.door
    door.rules = replace(door.rules, accounts=accounts, ladders=_ladders(_TIERS))
    return EscalationWorld(world)


def _ladders(
    tiers: Mapping[str, tuple[tuple[str, timedelta], ...]],
) -> dict[tuple[str, str, str], Ladder]:
    return {
        ("", failure, str(severity)): unroll(some, repeat=2, severity=severity)
        for failure, some in tiers.items()
        for severity in Severity
    }
