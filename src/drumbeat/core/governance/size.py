"""Size: how large a change is beside what it changes."""

from drumbeat.core.governance.action import Action
from drumbeat.core.json_value import JsonValue


def relative_size(action: Action) -> float:
    """The largest relative change of a number between before and after: 0.2 is 20 %.

    A number that appears from nothing, or from zero, counts as 1.0 (100 %).
    """
    before = action.before if isinstance(action.before, dict) else {}
    after = action.after if isinstance(action.after, dict) else {}
    sizes = (_relative(before.get(key), value) for key, value in after.items())
    return max(sizes, default=0.0)


def _relative(before: JsonValue, after: JsonValue) -> float:
    if isinstance(after, bool) or not isinstance(after, int | float):
        return 0.0
    if isinstance(before, bool) or not isinstance(before, int | float) or before == 0:
        return 1.0 if after else 0.0
    return abs(after - before) / abs(before)
