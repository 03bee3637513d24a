"""Compliance: every rule looks at plan and assets; what blocks is repaired or told to its owner."""

from datetime import timedelta

from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.finding import ReviewFinding, blocking
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.facts import ComplianceFacts
from drumbeat.core.compliance.rule_set import check_files
from drumbeat.core.operations.sla_policy import SlaStage
from drumbeat.cycle import rebuilding, trouble
from drumbeat.cycle.compliance_facts import known_facts
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.documents import ReviewFindings
from drumbeat.cycle.library import by_id
from drumbeat.cycle.names import DOCUMENT as NAMES
from drumbeat.cycle.names import names_of
from drumbeat.cycle.page_facts import page_facts
from drumbeat.cycle.step import Next, Note, Step
from drumbeat.gate import pages

_LINKS = "E16"


def run(desk: Desk) -> Step:
    """Next with the findings when none blocks; else Wait, past the cycle's moment Done.

    More blocking ones than ``tolerated`` are told to the owner. What somebody asked to have built
    again is built before it is reviewed. Raises ReadDenied.
    """
    if step := rebuilding.again(desk):
        return step
    found = desk.office.team.reviewer.review(gather(desk, reading(desk)))
    if isinstance(found, Refusal):
        return trouble.refused(desk, found)
    blocked = blocking(found)
    if blocked:
        text = _told(blocked[0])
        if len(blocked) <= tolerated(desk):
            return trouble.wait(desk, text)
        return trouble.stuck(desk, "legal", "reviewer", text)
    return submit(desk, found)


def _told(found: ReviewFinding) -> str:
    mend = f" To mend it: {found.fix}." if found.fix else ""
    return f"{found.subject}: {found.text}{mend}"


def reading(desk: Desk) -> Sight:
    """Begin a batch of the reviewer's reads. Raises ReadDenied for what it cannot work without."""
    return desk.reading(desk.office.team.reviewer.role, DataScope.BRIEF, DataScope.BRAND)


def tolerated(desk: Desk) -> int:
    """How many errors the promise about this stage lets pass before somebody is called; they
    keep the stage waiting all the same, and its clock runs on."""
    rules = desk.gate.door.rules.campaigns.get(desk.campaign.campaign)
    promised = (one.policy for one in rules.promises) if rules else ()
    return next((one.max_errors for one in promised if one.stage is SlaStage.QA), 0)


def gather(desk: Desk, sight: Sight, page_age: timedelta | None = pages.FRESH) -> ComplianceCase:
    """The cycle's papers, the policies in force, and what is known beside them. ``page_age`` is
    how old a page's answer may be; None: no page is asked for, the last answers do."""
    facts = known_facts(desk, desk.document("plan", Plan), sight, page_age)
    return _case(desk, sight, facts)


def _case(desk: Desk, sight: Sight, facts: ComplianceFacts) -> ComplianceCase:
    library = desk.office.library
    files = library.files
    return ComplianceCase(
        brief=desk.document("brief", Brief),
        plan=desk.document("plan", Plan),
        assets=desk.document("assets", Assets),
        brand=files.workspace.brand,
        offers=by_id(sight.records(DataScope.OFFERS, library.offers.values())),
        claims=files.prohibited_claims,
        naming=files.naming,
        vouched=sight.show(DataScope.CONTENT, library.vouched, frozenset()),
        now=desk.now,
        facts=facts,
    )


def preflight(desk: Desk) -> ReviewFinding | None:
    """What has become of the links since the review, where somebody reads our pages: days may lie
    between that and the launch."""
    if not pages.are_read(desk.gate.door):
        return None
    sight = reading(desk)
    known, readers = page_facts(desk, sight, pages.JUST_NOW)
    case = _case(desk, sight, ComplianceFacts(reachable=readers, **known))
    found = (one for rule in check_files() if rule.card.id == _LINKS for one in rule(case))
    return next(found, None)


def submit(desk: Desk, found: tuple[ReviewFinding, ...]) -> Next:
    """Keep the findings, and the names the cycle bears, for the reviews of other cycles."""
    body = {
        "findings": [f"{one.rule}: {one.text}" for one in found],
        "rules": len(desk.office.team.reviewer.rules),
    }
    told = Note("reviewed", "agent:reviewer", body)
    names = names_of(desk.document("assets", Assets))
    return Next({"findings": ReviewFindings(findings=found), NAMES: names}, told)
