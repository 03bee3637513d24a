from drumbeat.connectors.registry import discover
from drumbeat.testing.conformance import Conformance
from tests.connectors.conformance import find_harnesses

HARNESSES = find_harnesses()


class TestEveryConnector(Conformance):
    harnesses = HARNESSES


def test_every_connector_brings_a_harness() -> None:
    assert {harness.connector for harness in HARNESSES} >= set(discover())


def test_harnesses_go_by_different_names() -> None:
    assert len({harness.name for harness in HARNESSES}) == len(HARNESSES)
