"""Compliance: every rule looks at plan and assets; what blocks is repaired or told to its owner."""

from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.finding import ReviewFinding, blocking
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.cycle import trouble
from drumbeat.cycle.compliance_facts import known_facts
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.documents import ReviewFindings
from drumbeat.cycle.step import Next, Note, Step


def run(desk: Desk) -> Step:
    found = desk.office.team.reviewer.review(gather(desk))
    if isinstance(found, Refusal):
        return trouble.refused(desk, found)
    blocked = blocking(found)
    if blocked:
        first = blocked[0]
        return trouble.stuck(desk, "legal", "reviewer", f"{first.subject}: {first.text}")
    return submit(desk, found)


def gather(desk: Desk) -> ComplianceCase:
    """The cycle's papers, the policies in force, and what is known beside them."""
    library = desk.office.library
    files = library.files
    plan = desk.document("plan", Plan)
    return ComplianceCase(
        brief=desk.document("brief", Brief),
        plan=plan,
        assets=desk.document("assets", Assets),
        brand=files.workspace.brand,
        offers=library.offers,
        claims=files.prohibited_claims,
        naming=files.naming,
        vouched=library.vouched,
        now=desk.now,
        facts=known_facts(desk, plan),
    )


def submit(desk: Desk, found: tuple[ReviewFinding, ...]) -> Next:
    body = {
        "findings": [f"{one.rule}: {one.text}" for one in found],
        "rules": len(desk.office.team.reviewer.rules),
    }
    told = Note("reviewed", "agent:reviewer", body)
    return Next({"findings": ReviewFindings(findings=found)}, told)
