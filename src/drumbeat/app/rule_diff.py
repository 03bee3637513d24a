"""Rule diff: a change of the workspace's own rules as lines a person can read."""

from drumbeat.core.governance.action import Action
from drumbeat.files.entry import ABSENT, ROW, VERSION


def diff_of(action: Action) -> str:
    """The fields that change, old and new; the digests say nothing to a reader."""
    before = action.before if isinstance(action.before, dict) else {}
    after = action.after if isinstance(action.after, dict) else {}
    lines = []
    # That there was nothing says nothing.
    before = {} if before.get(ROW) == ABSENT else before
    for field in sorted((before.keys() | after.keys()) - {VERSION}):
        if before.get(field) != after.get(field):
            lines += [f"-{field}: {shown(before[field])}"] if field in before else []
            lines += [f"+{field}: {shown(after[field])}"] if field in after else []
    return "\n".join(lines)


def shown(value: object) -> str:
    """A rule's value on one line, blocks and lists in full."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {shown(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    return str(value)
