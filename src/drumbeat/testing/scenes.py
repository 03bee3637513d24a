"""Scenes: what the conformance suite plays on a stage before it looks."""

from datetime import timedelta
from typing import Any

from drumbeat.connectors.contract import (
    ConnectorError,
    ErrorKind,
    MetricsQuery,
)
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.permit import Permit, sealed
from drumbeat.core.governance.receipt import Outcome
from drumbeat.core.operations.reading import Reading
from drumbeat.testing.harness import KEY, Sample, Stage


def bad_permits(good: Permit, on: Stage) -> dict[str, Permit | None]:
    """Every way a permit can be wrong."""

    def resealed(**changes: Any) -> Permit:
        return sealed(good.model_copy(update=changes), KEY)

    return {
        "missing": None,
        "without a seal": good.model_copy(update={"seal": ""}),
        "another number under the same seal": good.model_copy(update={"number": "pmt-forged"}),
        "another attempt under the same seal": good.model_copy(update={"attempt": 9}),
        "sealed in another workspace": sealed(good, b"another workspace's key"),
        "for another connection": resealed(connection="there"),
        "for another change": resealed(fingerprint="0" * 64),
        "expired": resealed(expires_at=on.now),
        "of a change that is not in flight": resealed(number="pmt-none"),
        "of an attempt that is not in flight": resealed(attempt=2),
    }


def before(sample: Sample) -> tuple[Sample, ...]:
    """What has to be made before a sample, the first first; nothing where it needs nothing."""
    return () if sample.given is None else (*before(sample.given), sample.given)


def action_now(on: Stage, sample: Sample) -> Action:
    """The action for a sample against what the platform shows now; makes nothing it needs."""
    found = on.connector.read(sample.target)
    return on.action(sample, None if found is None else found.state)


def refusal(on: Stage, wanted: Action) -> str:
    """The reason of a refusal; empty when it was none."""
    try:
        receipt = on.apply(wanted, on.number())
    except ConnectorError as error:
        return str(error) if error.kind is ErrorKind.BAD_REQUEST else ""
    return receipt.detail if receipt.outcome is Outcome.REFUSED else ""


def _creations(on: Stage) -> list[Sample]:
    """The first sample of each target that needs nothing before it."""
    found: dict[str, Sample] = {}
    for sample in on.samples:
        if sample.given is None:
            found.setdefault(sample.target, sample)
    return list(found.values())


def targets(on: Stage) -> tuple[str, ...]:
    """The targets whose first change needs nothing before it."""
    return tuple(sample.target for sample in _creations(on))


def readings(on: Stage) -> list[Reading]:
    """What is known two days after the samples were made."""
    for sample in _creations(on):
        on.apply(on.prepare(sample), on.number())
    on.place.clock.advance(timedelta(days=2))
    return ask(on)


def ask(on: Stage) -> list[Reading]:
    """The readings of the first two days of the stage, as known now."""
    since = on.start
    query = MetricsQuery(
        targets=targets(on), since=since, until=since + timedelta(days=2), as_of=on.now
    )
    return list(on.connector.metrics(query))


def event(on: Stage) -> tuple[bytes, Any]:
    """A webhook's body and headers, two days after the samples were made. Raises
    NotImplementedError where the peer has none."""
    for sample in _creations(on):
        on.apply(on.prepare(sample), on.number())
    on.place.clock.advance(timedelta(days=2))
    return on.peer.event(on.now)


def identity(reading: Reading) -> tuple[object, ...]:
    """What the readings of one figure share; its value may be corrected later."""
    dimensions = tuple(sorted((k, str(v)) for k, v in reading.dimensions.items()))
    return reading.target, reading.metric, reading.since, reading.until, dimensions


def fields(state: Any) -> dict[str, Any]:
    """A state's fields; none where the target is gone or its state is no object."""
    return state if isinstance(state, dict) else {}
