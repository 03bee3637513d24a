"""Every state of the shipped matrix: kind x actor x phase x mode x tightening x evidence x pack."""

from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files
from itertools import product
from typing import NamedTuple

import pytest
import yaml

from drumbeat.core.governance.action_kinds import KINDS, lowers_risk
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.checks.load import load
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.matrix import ActionMatrix, Risk, Row
from drumbeat.core.governance.phase import ConnectionMode, Phase
from drumbeat.core.governance.proposal import Proposal
from tests.core.governance import desk

_SHIPPED = files("drumbeat.files") / "template" / "policy" / "actions.yaml"
MATRIX = ActionMatrix.model_validate(yaml.safe_load(_SHIPPED.read_text(encoding="utf-8")))
_PHASES = (None, *Phase)
_MODES = (None, *ConnectionMode)
_TIGHTENED = (None, "ask", "never")
_ONE = Confidence(effect=1.0, standard_error=0.1, sample_size=9000, signals=("cpa",))
_EVIDENCE = (None, _ONE, desk.SURE)
_HOLDS = ((), (desk.hold(HoldMode.OBSERVE),), (desk.hold(HoldMode.FREEZE),))
_STRANGER = Actor.agent("nobody-lists-me")
_CHECKS = load()


class State(NamedTuple):
    """One cell of the enumeration and what the judge said."""

    row: Row
    proposal: Proposal
    facts: Facts
    is_covered: bool
    verdict: str

    @property
    def is_alone(self) -> bool:
        """An agent (or the clock) acts with nobody's consent, now or before."""
        free = self.verdict == "allow" and not self.is_covered
        return free and not self.proposal.by.is_person


def _states(kind: str) -> Iterator[State]:
    row = MATRIX.row(kind)
    assert isinstance(row, Row)
    listed = Actor.agent(row.agents[0]) if row.agents else _STRANGER
    actors = dict.fromkeys((listed, _STRANGER, desk.ANA, Actor.system("clock")))
    for by, sure, covered in product(actors, _EVIDENCE, (False, True)):
        pack = desk.PACK if covered else ""
        asked = desk.proposal(
            kind=kind, channel=KINDS[kind].channel, by=by, confidence=sure, pack=pack
        )
        for known in _facts(kind, row, covered):
            verdict = decide(asked, _CHECKS, known).verdict
            is_covered = covered and known.phase not in (None, Phase.DRAFT)
            yield State(row, asked, known, is_covered, verdict)


def _facts(kind: str, row: Row, covered: bool) -> Iterator[Facts]:
    # Only a pause asks whether the campaign is evergreen.
    evergreens = (False, True) if kind == "ads.pause" else (True,)
    cells = product(_PHASES, _MODES, _TIGHTENED, _HOLDS, evergreens)
    for phase, mode, tightened, holds, evergreen in cells:
        yield desk.facts(
            row=row,
            phase=phase,
            connection_mode=mode,
            tightened={kind: tightened} if tightened else {},
            holds=holds,
            is_evergreen=evergreen,
            pack=desk.pack_of() if covered else None,
            declared_kinds=frozenset({kind}),
        )


def test_the_shipped_matrix_has_a_row_for_every_kind() -> None:
    assert set(MATRIX.actions) == set(KINDS)


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_state_lets_through_what_it_must_not_and_no_lower_phase_is_more_lenient(
    kind: str,
) -> None:
    strictness = {"allow": 0, "ask": 1, "observe": 2, "deny": 3}
    by_rest: dict[object, list[int]] = {}
    for state in _states(kind):
        assert_safe(kind, state)
        # The states of one rest come in the order of the phases: none, draft, ... full.
        by_rest.setdefault(all_but_phase(state), []).append(strictness[state.verdict])
    assert all(said == sorted(said, reverse=True) for said in by_rest.values())
    assert {len(said) for said in by_rest.values()} == {len(_PHASES)}
    assert {0, 3} & {one for said in by_rest.values() for one in said}


def assert_safe(kind: str, state: State) -> None:
    """Each line is an implication: whenever the left holds, so must the right."""
    row, asked, known, verdict = state.row, state.proposal, state.facts, state.verdict
    alone, allowed, sure = state.is_alone, verdict == "allow", asked.confidence
    frozen = HoldMode.FREEZE in {held.mode for held in known.holds}
    internal, less = KINDS[kind].is_internal, lowers_risk(asked.action)
    assert not allowed or internal or known.connection_mode is ConnectionMode.LIVE
    assert not allowed or not known.holds or less
    assert not allowed or known.tightened.get(kind) != "never"
    assert not alone or not row.always_ask
    assert not alone or (known.phase is not None and known.phase.reaches(row.phase))
    assert not alone or known.tightened.get(kind) is None
    assert not alone or (sure.value if sure else 0.0) >= row.min_confidence
    assert not alone or len(asked.signals) >= row.signals
    assert not alone or row.risk is Risk.LOW or known.phase is not Phase.DRAFT
    assert asked.by != _STRANGER or verdict == "deny"
    assert not frozen or less or verdict == "deny"


def all_but_phase(state: State) -> object:
    asked, known = state.proposal, state.facts
    rest = (known.connection_mode, str(known.tightened), known.holds, known.is_evergreen)
    return (asked.by, asked.confidence, asked.pack, *rest)


def test_an_evergreen_campaign_is_not_paused_on_one_noisy_signal() -> None:
    loud = Confidence(effect=9.0, standard_error=0.01, sample_size=10**6, signals=("cpa",))
    known = desk.facts(row=MATRIX.row("ads.pause"), phase=Phase.FULL, is_evergreen=True)
    asked = desk.proposal(
        kind="ads.pause", confidence=loud, expires_at=desk.NOW + timedelta(hours=1)
    )
    assert decide(asked, _CHECKS, known).verdict == "ask"
