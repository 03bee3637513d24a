"""Notifying: the ways of telling people that drumbeat.yaml names, put to work."""

from collections.abc import Mapping

from drumbeat.app.secrets_file import settings_of
from drumbeat.connectors.notifiers.registry import build
from drumbeat.core.campaign.workspace import Connection, NotifierEntry, Workspace
from drumbeat.engine.clock import Clock
from drumbeat.gate.door import Way


def ways_of(workspace: Workspace, environment: Mapping[str, str], clock: Clock) -> dict[str, Way]:
    """Each way by its id. Raises MissingSecret, BadSetting or ImportError, naming the notifier."""
    return {entry.id: _way(entry, environment, clock) for entry in workspace.notifiers}


def _way(entry: NotifierEntry, environment: Mapping[str, str], clock: Clock) -> Way:
    named = Connection(
        id=entry.id,
        connector=entry.notifier,
        settings=entry.settings,
        secrets=entry.secrets,
    )
    settings = settings_of(named, environment)
    try:
        notifier = build(entry.notifier, settings, lambda: clock.now().timestamp())
    except ValueError as error:
        raise ValueError(f"notifier {entry.id}: {error}") from error
    return Way(
        notifier,
        frozenset(entry.people),
        frozenset(map(str, entry.severities)),
        is_personal=entry.notifier == "mail",
    )
