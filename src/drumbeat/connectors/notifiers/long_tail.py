"""The long tail: every service the Apprise library knows, from chat rooms to phones."""

from collections.abc import Mapping
from typing import Any

from drumbeat.connectors.notifiers.contract import Message, NotTold
from drumbeat.connectors.registry import BadSetting

_KINDS = {"critical": "failure", "warning": "warning"}


class AppriseNotifier:
    """``sender`` is an ``apprise.Apprise`` with the addresses already added."""

    def __init__(self, sender: Any) -> None:
        self._sender = sender

    def notify(self, message: Message, key: str) -> None:
        """Hand it over. The library has no idea of a key, so it stands below the words: who sees
        a notice twice can tell that it is one."""
        done = self._sender.notify(
            title=message.subject,
            body=f"{message.text}\n\n{key}",
            notify_type=_KINDS.get(message.severity, "info"),
            body_format="text",
        )
        if not done:
            raise NotTold("the service did not take it; its own log says why")


def create(settings: Mapping[str, str]) -> AppriseNotifier:
    """From ``url``, an Apprise address (kept as a secret). Raises BadSetting or ImportError."""
    try:
        import apprise
    except ImportError as error:
        raise ImportError("install drumbeat[notify] to use an apprise notifier") from error
    sender = apprise.Apprise()
    if not settings.get("url") or not sender.add(settings["url"]):
        raise BadSetting("url: no service is known by this address; see the list of Apprise")
    return AppriseNotifier(sender)
