"""Checkpoints: the named places where people are asked, and which rows and checks lead there."""

from collections.abc import Mapping
from pkgutil import iter_modules

from pydantic import field_validator

from drumbeat.core.governance import checks as _folder
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.verdict import Verdict, Weight
from drumbeat.core.noun import Noun


class Checkpoint(Noun):
    """A place where work stops for people: every change of one of ``kinds``, and whatever one of
    ``checks`` has an objection to."""

    kinds: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    @field_validator("kinds")
    @classmethod
    def _known_kinds(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        for kind in kinds:
            if kind not in KINDS:
                raise ValueError(f"no action kind is named {kind!r}")
        return kinds

    @field_validator("checks")
    @classmethod
    def _known_checks(cls, checks: tuple[str, ...]) -> tuple[str, ...]:
        for check in checks:
            if check not in CHECKS:
                raise ValueError(f"no check is named {check!r}; there are {', '.join(CHECKS)}")
        return checks


# The checks by the names their findings carry: ``c40_pace`` speaks as ``pace``.
CHECKS = tuple(
    sorted(
        module.name.partition("_")[2]
        for module in iter_modules(_folder.__path__)
        if module.name.startswith("c")
    )
)
# The ones that ship; a workspace's file may add to them and move them.
SHIPPED = {
    "brief approval": Checkpoint(kinds=("campaign.launch",)),
    "brand and legal review": Checkpoint(
        kinds=("campaign.launch", "email.schedule_send", "social.schedule_post", "social.reply")
    ),
    "preflight QA": Checkpoint(checks=("stale", "expired", "connection", "data")),
    "threshold approval": Checkpoint(checks=("pace", "budget", "daily", "confidence")),
    "escalation review": Checkpoint(checks=("held",)),
    "exception review": Checkpoint(checks=("constraint", "level", "under_test", "tightened")),
}


def passed(checkpoints: Mapping[str, Checkpoint], kind: str, verdict: Verdict) -> tuple[str, ...]:
    """The checkpoints at which this verdict stopped the change: by its kind, where people are
    asked, or by a check's objection."""
    objecting = {f.check for f in verdict.findings if f.weight > Weight.NOTE}
    is_asked = verdict.verdict == "ask"
    return tuple(
        name
        for name, point in checkpoints.items()
        if (is_asked and kind in point.kinds) or objecting & set(point.checks)
    )
