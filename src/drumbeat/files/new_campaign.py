"""New campaign: the fields of a file that nobody has written yet, from its type and an example.

What a type does not say is taken from a campaign that already runs here: whom it writes to, who is
called when it goes wrong. What only a person can say (goal, money, owner) starts empty.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from drumbeat.files.defaults import defaults_for

# What one campaign of a workspace can take from another.
_SHARED = (
    "audience", "offers", "themes", "languages", "landing_pages", "escalation", "runbook", "naming",
)  # fmt: skip
_ROLLBACK = {
    "email": "cancel the send if it is still scheduled",
    "ads": "pause what was launched and restore the budgets of before",
    "social": "unschedule what has not been published",
}
_STALE_AFTER = "1h"


def example_for(type_name: str, campaigns: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The campaign most like the type: of the same one, else on its first channel, else the one
    that shares most channels. Empty where none shares any.
    """
    channels = list(defaults_for(type_name).get("channels", ()))

    def likeness(one: Mapping[str, Any]) -> tuple[bool, bool, int]:
        same = str(one.get("type")).replace("-", "_") == type_name
        used = one.get("channels") or ()
        return same, channels[0] in used, len(set(channels).intersection(used))

    best = max(campaigns, key=likeness, default={})
    return best if any(likeness(best)) else {}


def connections_for(
    type_name: str, campaigns: Iterable[Mapping[str, Any]], declared: Iterable[str]
) -> dict[str, str]:
    """The connection of each of the type's channels, as other campaigns use them; else the first
    that is declared."""
    known: dict[str, str] = {}
    for one in campaigns:
        used = one.get("connection")
        known = {**(used if isinstance(used, dict) else {}), **known}
    first = next(iter(declared), "")
    return {name: known.get(name, first) for name in defaults_for(type_name).get("channels", ())}


def blank(
    type_name: str, name: str, example: Mapping[str, Any], connections: Mapping[str, str]
) -> dict[str, Any]:
    """The fields of a new campaign in its draft phase, before a person has said anything."""
    given = defaults_for(type_name)
    shared = {key: example[key] for key in _SHARED if example.get(key)}
    return {
        "version": 1,
        "campaign": name,
        "type": type_name,
        "channels": list(given.get("channels", ())),
        "connection": dict(connections),
        "cadence": dict(given.get("cadence", {})),
        **shared,
        "autonomy": {"phase": "draft"},
        "rollback": ", ".join(_ROLLBACK[one] for one in given.get("channels", ())),
        # Its tests are its own: what it tries collides with nobody else's.
        "experiments": {"surface": name},
        "data_sources": _sources(connections),
    }


def with_said(fields: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with what a person said, by dotted name: ``budget.cap``. None takes one away.

    Sources follow the connections, so that nothing is watched that is not used.
    """
    made = dict(fields)
    for name, value in said.items():
        top, _, inner = name.partition(".")
        if inner:
            block = made.get(top)
            value = {**(block if isinstance(block, dict) else {}), inner: value}
            value = {key: one for key, one in value.items() if one is not None} or None
        made[top] = value
    if any(name.partition(".")[0] == "connection" for name in said) and "data_sources" not in said:
        used = made.get("connection")
        made["data_sources"] = _sources(used if isinstance(used, dict) else {})
    return {name: value for name, value in made.items() if value is not None}


def _sources(connections: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{channel}-results",
            "source": connection,
            "used_for": f"what {channel} brought, and what went wrong",
            "max_age": _STALE_AFTER,
        }
        for channel, connection in connections.items()
    ]
