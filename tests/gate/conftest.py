from pathlib import Path

import pytest

from drumbeat.testing.gate_world import GateWorld, gate_world


@pytest.fixture
def world(tmp_path: Path) -> GateWorld:
    return gate_world(tmp_path)
