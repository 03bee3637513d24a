"""Registry: from a notifier's kind and settings to one that works; the inbox needs none."""

from collections.abc import Callable, Mapping

from drumbeat.connectors.notifiers import long_tail, mail, webhook
from drumbeat.connectors.notifiers.contract import Notifier
from drumbeat.connectors.registry import BadSetting

KINDS = ("mail", "webhook", "apprise")


def build(kind: str, settings: Mapping[str, str], seconds: Callable[[], float]) -> Notifier:
    """A working notifier. Raises BadSetting, or ImportError naming the extra to install."""
    match kind:
        case "mail":
            return mail.create(settings)
        case "webhook":
            return webhook.create(settings, seconds)
        case "apprise":
            return long_tail.create(settings)
        case _:
            raise BadSetting(f"no notifier is called {kind!r}; known are {', '.join(KINDS)}")
