"""Rule change: the wish to change one of the workspace's own rules, and the new rules in force."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from drumbeat.connectors.rule_files import RULE_FILES, NotMade, RuleFiles, was_kept
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.money import Money
from drumbeat.files.amend import amended
from drumbeat.files.entry import Place, entry_of, place_of, state_of
from drumbeat.files.load import LoadedWorkspace
from drumbeat.files.source import from_text
from drumbeat.store.proposals import Judged

if TYPE_CHECKING:
    from drumbeat.app.compose import App

_LIFE = timedelta(days=14)
FORBIDDEN = "forbidden"


class RuleRefused(ValueError):
    """A change of a rule that could not be made if it were approved: why."""


def rule_now(app: "App", target: str) -> Any:
    """What the file says of a rule; None where it says nothing. Raises RuleRefused."""
    try:
        place = place_of(target)
        return entry_of(from_text(place.path, _text(app, place)).data, place)
    except (ValueError, OSError) as error:
        raise RuleRefused(str(error)) from error


def with_fields(entry: Any, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with some fields set; None takes a field away."""
    kept = {**(entry if isinstance(entry, dict) else {}), **fields}
    return {name: value for name, value in kept.items() if value is not None}


def propose_rule(
    app: "App", target: str, wanted: Any, by: Actor, why: str, evidence: tuple[Evidence, ...] = ()
) -> Judged:
    """Propose that a rule be ``wanted``: its fields, ``forbidden``, or None to take it away.

    It is checked as `drumbeat check` would before anybody is asked. Raises RuleRefused.
    """
    return app.gate.submit(rule_proposal(app, target, wanted, by, why, evidence))


def rule_proposal(
    app: "App", target: str, wanted: Any, by: Actor, why: str, evidence: tuple[Evidence, ...] = ()
) -> Proposal:
    """The same, not submitted yet."""
    action = _action(app, target, wanted)
    now = app.clock.now()
    return propose(
        action,
        by,
        why,
        now=now,
        expires_at=now + _LIFE,
        evidence=evidence,
        if_nothing="the rule stays as it is",
        occasion=now.isoformat(),
    )


def _action(app: "App", target: str, wanted: Any) -> Action:
    try:
        place = place_of(target)
        text = _text(app, place)
        before = state_of(text, place)
        after = state_of(amended(text, place, wanted), place)
    except (ValueError, OSError) as error:
        raise RuleRefused(str(error)) from error
    if before == after:
        raise RuleRefused(f"{place.target} says exactly that already")
    action = Action(
        kind=place.kind,
        channel=Channel.WORKSPACE,
        connection=RULE_FILES,
        campaign="",
        target=place.target,
        before=before,
        after=after,
        spend_delta=Money.zero(app.gate.door.rules.currency),
    )
    files = app.gate.door.platforms[RULE_FILES].connector
    assert isinstance(files, RuleFiles)
    try:
        files.wanted(action)
    except NotMade as error:
        raise RuleRefused(str(error)) from error
    return action


def _text(app: "App", place: Place) -> str:
    file = app.home / place.path
    return "" if place.is_whole and not file.exists() else file.read_bytes().decode("utf-8-sig")


def with_rules_of(known: LoadedWorkspace, fresh: LoadedWorkspace) -> LoadedWorkspace:
    """What is known, with the matrix, the promises and the library as the files have them now, and
    with the campaigns that were added by a proposal; everything else a person edits takes a
    restart, as before."""
    added = {
        name: one for name, one in fresh.campaigns.items() if _is_added(name, known, fresh.digests)
    }
    pages = {one.runbook: fresh.runbooks[one.runbook] for one in added.values()}
    paths = {path_of(name) for name in added}
    digests = {p: d for p, d in fresh.digests.items() if p in paths or _holds_rules(p)}
    return replace(
        known,
        campaigns={**known.campaigns, **added},
        runbooks={**pages, **known.runbooks},
        checklists=(*known.checklists, *(c for c in fresh.checklists if c.campaign in added)),
        actions=fresh.actions,
        sla=fresh.sla,
        hypotheses=fresh.hypotheses,
        hypotheses_in=fresh.hypotheses_in,
        digests={**known.digests, **digests},
    )


def path_of(campaign: str) -> str:
    """The file of a campaign of this id."""
    return f"campaigns/{campaign}.yaml"


def _is_added(name: str, known: LoadedWorkspace, digests: Mapping[str, str]) -> bool:
    digest = digests.get(path_of(name), "")
    return name not in known.campaigns and was_kept(known.root, digest)


def _holds_rules(path: str) -> bool:
    return path.startswith("hypotheses/") or path in ("policy/actions.yaml", "policy/sla.yaml")
