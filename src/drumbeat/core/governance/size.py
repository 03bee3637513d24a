"""Size: how large a change is beside what it changes."""

from drumbeat.core.governance.action import Action
from drumbeat.core.json_value import JsonValue


def relative_size(action: Action) -> float:
    """The largest relative change of a number between before and after: 0.2 is 20 %.

    A number that appears from nothing, or from zero, counts as 1.0 (100 %). A mix of shares counts
    as the share that moves; one that replaces a platform's own, or gives way to it, as 1.0.
    """
    before = action.before if isinstance(action.before, dict) else {}
    after = action.after if isinstance(action.after, dict) else {}
    sizes = (_relative(before.get(key), value) for key, value in after.items())
    return max(sizes, default=0.0)


def _relative(before: JsonValue, after: JsonValue) -> float:
    if isinstance(after, dict):
        return _moved(before if isinstance(before, dict) else {}, after)
    if isinstance(after, bool) or not isinstance(after, int | float):
        return 0.0
    if isinstance(before, bool) or not isinstance(before, int | float) or before == 0:
        return 1.0 if after else 0.0
    return abs(after - before) / abs(before)


def _moved(before: dict[str, JsonValue], after: dict[str, JsonValue]) -> float:
    shares = [
        {name: share for name, share in mix.items() if isinstance(share, int | float)}
        for mix in (before, after)
    ]
    was, now = shares
    if not was or not now:
        return 1.0 if was or now else 0.0
    return sum(abs(now.get(n, 0.0) - was.get(n, 0.0)) for n in was.keys() | now.keys()) / 2.0
