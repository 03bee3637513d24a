"""Experiments: the registry of tests, where their arms are to be seen, and who was shown them."""

from collections.abc import Iterable

import sqlalchemy as sa

from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.observe import Exposed
from drumbeat.core.experiments.placement import Part, Placement
from drumbeat.core.experiments.registered import Registered
from drumbeat.store.experiment_tables import experiment, exposure, placement
from drumbeat.store.prepared import Prepared

_RUNNING = experiment.c.status == "running"
# Built once: every judgement asks.
_UNDER_TEST = Prepared(
    sa.select(placement.c.target)
    .join(experiment, experiment.c.id == placement.c.experiment)
    .where(_RUNNING)
)
_ALL_RUNNING = sa.select(experiment.c.id, experiment.c.body).where(_RUNNING)
_ALL_RUNNING = _ALL_RUNNING.order_by(experiment.c.registered_at, experiment.c.id)
_SAVE = experiment.update().where(experiment.c.id == sa.bindparam("saved"))
_PLACED = sa.select(placement.c.body).where(placement.c.experiment == sa.bindparam("of"))
_PLACED_AT = _PLACED.where(placement.c.target == sa.bindparam("at"))
_PLACED = _PLACED.order_by(placement.c.target)
_PLACE = placement.insert()
_UNLOG = exposure.delete().where(exposure.c.experiment == sa.bindparam("of"))
_LOG = exposure.insert()


def add(connection: sa.Connection, made: Experiment) -> bool:
    """Keep a new test and the objects its arms name; False when it is there already."""
    if load(connection, made.id) is not None:
        return False
    kept = Registered(experiment=made)
    row = {
        "id": made.id,
        "campaign": made.campaign,
        "status": kept.status,
        "registered_at": made.registered_at,
        "body": kept,
    }
    connection.execute(experiment.insert(), row)
    place(connection, _declared(made))
    return True


def _declared(made: Experiment) -> Iterable[Placement]:
    for arm in (made.arms.control, made.arms.treatment):
        for target in arm.targets:
            yield Placement(
                experiment=made.id,
                target=target,
                cycle="",
                at=made.registered_at,
                parts={arm.id: Part()},
            )


def load(connection: sa.Connection, experiment_id: str) -> Registered | None:
    """One test as it stands; None for a name nobody registered."""
    query = sa.select(experiment.c.body).where(experiment.c.id == experiment_id)
    return connection.execute(query).scalar()


def save(connection: sa.Connection, one: Registered) -> None:
    """Keep what has come of a registered test; what was frozen stays as it is."""
    given = {"saved": one.experiment.id, "status": one.status, "body": one}
    connection.execute(_SAVE, given)


def every(connection: sa.Connection, campaign: str = "") -> tuple[Registered, ...]:
    """Every test ever registered, oldest first."""
    query = sa.select(experiment.c.body).order_by(experiment.c.registered_at, experiment.c.id)
    if campaign:
        query = query.where(experiment.c.campaign == campaign)
    return tuple(body for (body,) in connection.execute(query))


def running(connection: sa.Connection) -> tuple[Registered, ...]:
    """The tests that nothing has ended yet, oldest first."""
    return tuple(running_by_seal(connection).values())


def running_by_seal(connection: sa.Connection) -> dict[str, Registered]:
    """The same, by the name each was sealed under: one that has another now was altered."""
    return {row.id: row.body for row in connection.execute(_ALL_RUNNING)}


def place(connection: sa.Connection, made: Iterable[Placement]) -> None:
    """Remember where arms are to be seen; an object that carries them already keeps its date."""
    for one in made:
        mine = {"of": one.experiment, "at": one.target}
        if connection.execute(_PLACED_AT, mine).first() is None:
            row = {"experiment": one.experiment, "target": one.target, "body": one}
            connection.execute(_PLACE, row)


def placed(connection: sa.Connection, experiment_id: str) -> tuple[Placement, ...]:
    """The objects that carry a test's arms."""
    rows = connection.execute(_PLACED, {"of": experiment_id})
    return tuple(body for (body,) in rows)


def under_test(connection: sa.Connection) -> frozenset[str]:
    """The targets that belong to running tests: named at registration, or placed since."""
    return frozenset(target for (target,) in _UNDER_TEST.all(connection))


def log_exposed(connection: sa.Connection, experiment_id: str, found: Iterable[Exposed]) -> None:
    """Write down who was shown what; a day told again replaces what was told before."""
    rows = [{"experiment": experiment_id, **one.model_dump()} for one in found]
    connection.execute(_UNLOG, {"of": experiment_id})
    if rows:
        connection.execute(_LOG, rows)


def exposed(connection: sa.Connection, experiment_id: str) -> tuple[Exposed, ...]:
    """The exposures of a test by day, arm and segment."""
    query = sa.select(exposure).where(exposure.c.experiment == experiment_id)
    ordered = query.order_by(exposure.c.day, exposure.c.arm, exposure.c.segment)
    rows = connection.execute(ordered).mappings()
    return tuple(Exposed(**{k: v for k, v in row.items() if k != "experiment"}) for row in rows)
