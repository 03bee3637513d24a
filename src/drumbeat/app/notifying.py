"""Notifying: the ways of telling people that drumbeat.yaml names, put to work."""

from collections.abc import Mapping

from drumbeat.app.secrets_file import secret_of, settings_of
from drumbeat.connectors.notifiers.registry import build
from drumbeat.connectors.notifiers.webhook import read_secret
from drumbeat.core.campaign.workspace import Connection, NotifierEntry, Workspace
from drumbeat.engine.clock import Clock
from drumbeat.gate.door import Chat, Way


def ways_of(workspace: Workspace, environment: Mapping[str, str], clock: Clock) -> dict[str, Way]:
    """Each way by its id. Raises MissingSecret, BadSetting or ImportError, naming the notifier."""
    return {entry.id: _way(entry, environment, clock) for entry in workspace.notifiers}


def chats_of(workspace: Workspace, environment: Mapping[str, str]) -> dict[str, Chat]:
    """Each chat that people answer from, by its id. Raises MissingSecret or BadSetting."""
    found = {}
    for entry in workspace.web.chats:
        secret = secret_of(f"chat {entry.id}", entry.secret, environment)
        try:
            found[entry.id] = Chat(read_secret(secret), entry.users)
        except ValueError as error:
            raise ValueError(f"chat {entry.id}: {error}") from error
    return found


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
