"""In force: the lines of a campaign's file that a person asks about, as they are in force."""

from collections.abc import Iterable

from drumbeat.core.campaign.cadence import Cadence
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.guardrail_rule import GuardrailRule
from drumbeat.web.views.campaign import Setting


def settings_of(campaign: Campaign) -> tuple[Setting, ...]:
    """What the file declares, blank lines left out; a line for each guardrail comes last."""
    budget, audience = campaign.budget, campaign.audience
    tightened = ", ".join(f"{kind}: {rule}" for kind, rule in campaign.autonomy.tighten.items())
    lines = (
        ("Goal", f"{campaign.goal.metric.replace('_', ' ')} {campaign.goal.target}"),
        ("Cadence", cadence_text(campaign.cadence)),
        ("Audience", _names(audience.include)),
        ("Left out", _names(audience.exclude)),
        ("Budget", f"{budget.range}, never above {budget.cap}"),
        ("Offers", _names(campaign.offers)),
        ("Stricter than the matrix", tightened),
        ("Escalation", campaign.escalation),
        ("Rollback", campaign.rollback),
        ("Runbook", campaign.runbook),
    )
    told = tuple(Setting(name, text) for name, text in lines if text)
    rules = tuple(Setting("Guardrail", guardrail_text(rule)) for rule in campaign.guardrails)
    return (*told, *rules)


def _names(slugs: Iterable[str]) -> str:
    return ", ".join(slug.replace("-", " ") for slug in slugs)


def guardrail_text(rule: GuardrailRule) -> str:
    """``open rate below forecast by 20%, then escalate``."""
    side = "below" if rule.below is not None else "above"
    line = rule.below if rule.below is not None else rule.above
    by = f" by {rule.by:.0%}" if rule.by else ""
    return f"{rule.metric.replace('_', ' ')} {side} {line}{by}, then {rule.then}"


def cadence_text(cadence: Cadence) -> str:
    """``every week, Tue, 09:00, Europe/Berlin``: what the file says, in a line."""
    said = cadence.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    steps = (("every", "every {}"), ("review", "reviewed every {}"), ("event", "on {}"))
    kept = [text.format(said[key]) for key, text in steps if said.get(key)]
    days = [day.capitalize() for day in said.get("weekday") or ()]
    kept += [" and ".join(days), str(said.get("at") or ""), str(said.get("timezone") or "")]
    return ", ".join(one for one in kept if one)
