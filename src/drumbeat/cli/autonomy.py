"""`drumbeat autonomy`: how far agents may go alone, on what evidence, and changing it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.options import (
    account_of,
    database_option,
    json_option,
    known_campaign,
    opened,
    person_option,
    workspace_option,
)
from drumbeat.cli.output import data, say, table

if TYPE_CHECKING:
    from drumbeat.app.autonomy_levels import LevelLine
    from drumbeat.app.compose import App
    from drumbeat.core.governance.autonomy import Agreement

_PHASES = ["draft", "supervised", "conditional", "full"]
_LEVELS = ["observe", "ask"]


@click.group("autonomy")
def autonomy_command() -> None:
    """Autonomy is earned: see the evidence, propose a promotion, take a step back."""


@autonomy_command.command("show")
@click.argument("campaign", required=False)
@json_option
@workspace_option
@database_option
def show(campaign: str | None, as_json: bool, workspace: Path, database: str | None) -> None:
    """How often people agreed with agents, and what the next phase still lacks."""
    from drumbeat.app.autonomy import standing
    from drumbeat.app.autonomy_levels import level_lines

    with opened(workspace, database) as app:
        names = [known_campaign(app, campaign)] if campaign else list(app.files.campaigns)
        found = [standing(app, name) for name in names]
        rungs = [_rung(line) for line in level_lines(app)]
    if as_json:
        data("autonomy", {"campaigns": found, "levels": rungs})
        return
    for one in found:
        _tell(one)
    headings = ["Campaign", "Action", "Channel", "Agreed", "Cases", "95% interval", "Outcome"]
    rows = [_row(one["campaign"], line) for one in found for line in one["agreement"]]
    table(headings, rows) if rows else say("People have answered no agent yet.")
    headings = ["Action", "Channel", "Level", "Since", "Evidence now", "Next", "Lacks"]
    table(headings, [_rung_row(one) for one in rungs])


@autonomy_command.command("promote")
@click.argument("campaign", required=False)
@click.option("--kind", help="In place of a campaign: an action kind, such as ads.set_budget.")
@click.option("--reason", required=True, help="Why it has earned the next phase or level.")
@click.option("--despite", is_flag=True, help="Propose it although evidence is lacking.")
@person_option
@workspace_option
@database_option
def promote(
    campaign: str | None,
    kind: str | None,
    reason: str,
    despite: bool,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> int:
    """Propose the next phase for CAMPAIGN, or the next level for one --kind of action. Another
    person decides: exit code 5 while it waits."""
    from drumbeat.app.autonomy import ask_promotion, standing

    with opened(workspace, database) as app:
        if kind is not None:
            return _promote_level(app, _alone(kind, campaign), reason, despite, person)
        campaign = _named(campaign)
        now = standing(app, known_campaign(app, campaign))
        account = account_of(app, person)
        if now["lacking"] and not despite:
            listed = "; ".join(now["lacking"])
            text = f"not earned yet: {listed}. To propose it anyway: --despite"
            raise Failure(text, Exit.REFUSED)
        try:
            judged = ask_promotion(app, campaign, account, reason)
        except ValueError as error:
            raise Failure(str(error), Exit.REFUSED) from error
    return _outcome(judged, f"{campaign} goes from {now['phase']} to {now['next']}")


@autonomy_command.command("demote")
@click.argument("campaign", required=False)
@click.option("--kind", help="In place of a campaign: an action kind, such as ads.set_budget.")
@click.option(
    "--to",
    type=click.Choice([*_PHASES[:-1], *_LEVELS]),
    help="A phase, or with --kind a level. Default: one step down.",
)
@click.option("--reason", required=True, help="Kept with the decision.")
@person_option
@workspace_option
@database_option
def demote(
    campaign: str | None,
    kind: str | None,
    to: str | None,
    reason: str,
    person: str | None,
    workspace: Path,
    database: str | None,
) -> int:
    """Lower CAMPAIGN's phase, or the level of one --kind of action, at once."""
    from drumbeat.app import autonomy
    from drumbeat.core.governance.levels import below
    from drumbeat.core.governance.phase import Phase

    with opened(workspace, database) as app:
        if kind is not None:
            return _demote_level(app, _alone(kind, campaign), to, reason, person)
        campaign = _named(campaign)
        if to is not None and to not in _PHASES:
            raise Failure(f"--to {to} is a level; a campaign has a phase", Exit.INVALID)
        phase = Phase(autonomy.standing(app, known_campaign(app, campaign))["phase"])
        after = Phase(to) if to else below(phase)
        account = account_of(app, person)
        try:
            judged = autonomy.demote(app, campaign, after, account, reason)
        except ValueError as error:
            raise Failure(str(error), Exit.REFUSED) from error
    return _outcome(judged, f"{campaign} goes from {phase} to {after}")


def _promote_level(app: "App", kind: str, reason: str, despite: bool, person: str | None) -> int:
    from drumbeat.app.autonomy_levels import change_level, level_line

    account = account_of(app, person)
    try:
        line = level_line(app, kind)
        if line.ready.next is None:
            raise ValueError(f"{kind} is at {line.level}: there is no level above it")
        if line.ready.lacking and not despite:
            text = f"not earned yet: {line.ready.lacking}. To propose it anyway: --despite"
            raise Failure(text, Exit.REFUSED)
        judged = change_level(app, line, line.ready.next, account, reason)
    except ValueError as error:
        raise Failure(str(error), Exit.REFUSED) from error
    return _outcome(judged, f"{kind} goes from {line.level} to {line.ready.next}")


def _demote_level(app: "App", kind: str, to: str | None, reason: str, person: str | None) -> int:
    from drumbeat.app.autonomy_levels import change_level, level_line
    from drumbeat.core.governance.level import Level

    account = account_of(app, person)
    try:
        line = level_line(app, kind)
        after = Level(to) if to else line.level.below
        if after.rank >= line.level.rank:
            raise ValueError(f"{kind} is at {line.level}; {after} is not below it")
        judged = change_level(app, line, after, account, reason)
    except ValueError as error:
        raise Failure(str(error), Exit.REFUSED) from error
    return _outcome(judged, f"{kind} goes from {line.level} to {after}")


def _alone(kind: str, campaign: str | None) -> str:
    if campaign is not None:
        raise Failure("name a campaign or a --kind, not both", Exit.INVALID)
    return kind


def _named(campaign: str | None) -> str:
    if campaign is None:
        raise Failure("name a campaign, or an action with --kind", Exit.INVALID)
    return campaign


def _rung(line: "LevelLine") -> dict[str, Any]:
    return {
        "kind": line.kind,
        "channel": line.channel,
        "level": str(line.level),
        "declared": str(line.declared),
        "since": line.since.model_dump(mode="json") if line.since else None,
        "approved_by": line.approver or None,
        "approved_on": line.granted_on or None,
        "evidence": _evidence(line.found) if line.found else None,
        "next": str(line.ready.next) if line.ready.next else None,
        "lacking": line.ready.lacking,
    }


def _evidence(found: "Agreement") -> dict[str, Any]:
    figures = ("agreed", "cases", "low", "high", "measured", "outcome_low")
    return {name: getattr(found, name) for name in figures}


def _rung_row(one: dict[str, Any]) -> list[str]:
    """A rung on one line: since when and by whose word, and what speaks for the next."""
    since, found = one["since"], one["evidence"]
    who = f"approved by {one['approved_by']}" if one["approved_by"] else ""
    told = f"{since['at'][:10]}, {who or since['by']}" if since else "declared"
    shown = f"{found['agreed']} of {found['cases']}, at least {found['low']:.0%}" if found else "-"
    ahead = [one[field] or "-" for field in ("next", "lacking")]
    return [one["kind"], one["channel"], one["level"], told, shown, *ahead]


def _outcome(judged: Any, text: str) -> int:
    if judged.status in ("allowed", "approved"):
        say(f"{text}: in force now")
        return Exit.OK
    if judged.status == "waiting":
        say(f"{text}: {judged.proposal.id} waits for another person's approval")
        return Exit.NEEDS_APPROVAL
    why = "; ".join(f.text for f in judged.verdict.findings if f.weight > 0)
    raise Failure(why or f"it is {judged.status}", Exit.REFUSED)


def _tell(one: dict[str, Any]) -> None:
    since = one["since"]
    changed = f" (the file says {one['declared']}; {since['reason']})" if since else ""
    say(f"{one['campaign']}: {one['phase']}{changed}")
    if one["next"] is None:
        say("  there is no phase above")
    elif one["ready"]:
        say(f"  has earned {one['next']}: `drumbeat autonomy promote {one['campaign']}`")
    else:
        say(f"  for {one['next']} it lacks: {'; '.join(one['lacking'])}")


def _row(campaign: str, line: dict[str, Any]) -> list[str]:
    interval = f"{line['low']:.0%} to {line['high']:.0%}"
    kind, channel = line["kind"], line["channel"]
    answers = [str(line["agreed"]), str(line["cases"]), interval]
    return [campaign, kind, channel, *answers, _outcome_of(line)]


def _outcome_of(line: dict[str, Any]) -> str:
    """What changes of the kind brought: few measured ones have no bound yet."""
    from drumbeat.core.governance.autonomy import LEAST_OUTCOMES

    if line["outcome_low"] is not None:
        return f"at least {line['outcome_low']:+.0%}"
    measured = line["measured"]
    return f"{measured} of {LEAST_OUTCOMES} measured" if measured else "not measured"
