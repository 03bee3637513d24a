"""Internal changes: those of Drumbeat's own state, read and made inside the same transaction."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.core.json_value import JsonValue
from drumbeat.gate import levels, parts, phases, registry
from drumbeat.gate.door import Door
from drumbeat.store import settings, states


def read(door: Door, connection: sa.Connection, action: Action) -> JsonValue:
    """The present state of an internal target."""
    match action.kind:
        case "connection.set_mode":
            return {"mode": str(mode_of(door, connection, action.connection) or "")}
        case "autonomy.promote" | "autonomy.demote":
            if action.target.startswith(levels.PREFIX):
                return levels.read(door, connection, action)
            return phases.read(door, connection, action)
        case "campaign.set" | "experiment.roll_out" | "budget.allocate":
            name, chosen = _setting(connection, action)
            return chosen.get(name)
        case "experiment.register" | "experiment.stop":
            return registry.state_of(connection, action)
        case "budget.move":
            return parts.current(door, connection, action)
        case _:
            # A launch, a registration: new each time, so there is nothing to go stale.
            return action.before


def apply(connection: sa.Connection, action: Action, by: str, now: datetime) -> None:
    """Make the change; the caller's transaction holds its judgement and its ledger entry."""
    match action.kind:
        case "connection.set_mode":
            assert isinstance(action.after, dict)
            mode = ConnectionMode(str(action.after["mode"]))
            states.set_mode(connection, action.connection, mode, by, now)
        case "autonomy.promote" | "autonomy.demote":
            room = levels if action.target.startswith(levels.PREFIX) else phases
            room.apply(connection, action, by, now)
        case "campaign.set" | "experiment.roll_out" | "budget.allocate":
            name, chosen = _setting(connection, action)
            settings.put(connection, chosen_by(action.campaign), {**chosen, name: action.after})
            if action.kind == registry.ROLL_OUT:
                registry.shipped(connection, action, by, now)
        case "experiment.register":
            registry.start(connection, action, by, now)
        case "experiment.stop":
            registry.end(connection, action, by, now)
        case _:
            pass  # the proposal's own record is the change, or its parts are


def chosen_by(campaign: str) -> str:
    """Where the settings of a campaign are kept, by their names: what planning goes by."""
    return f"campaign-set:{campaign}"


def _setting(connection: sa.Connection, action: Action) -> tuple[str, dict[str, JsonValue]]:
    """The name in ``setting:<campaign>/<name>``, and all that is chosen for the campaign."""
    chosen: dict[str, JsonValue] = settings.get(connection, chosen_by(action.campaign), {})
    return action.target.partition("/")[2], chosen


def modes(door: Door, connection: sa.Connection) -> Mapping[str, ConnectionMode]:
    """What each declared connection may do; see ``mode_of``."""
    decided = states.modes(connection)
    return {name: decided.get(name, said) for name, said in door.rules.connections.items()}


def mode_of(door: Door, connection: sa.Connection, connection_id: str) -> ConnectionMode | None:
    """What the connection may do: a person's later decision, else what the file says."""
    declared = door.rules.connections.get(connection_id)
    if declared is None:
        return None
    return states.mode_of(connection, connection_id) or declared
