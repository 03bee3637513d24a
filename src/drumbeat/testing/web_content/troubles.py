"""What goes wrong at the roaster: one failure that is open, with its story and its ladder."""

from drumbeat.testing.web_content.people import before, within
from drumbeat.web.views.change import ActorKind
from drumbeat.web.views.trouble import TroubleLine, TroubleRow, TroubleView

TROUBLES = (
    TroubleView(
        row=TroubleRow(
            id="esc-spend-pace",
            title="Spend runs 19% ahead of its pace",
            campaign_id="brand-search",
            campaign="Brand search",
            failure="budget",
            is_critical=False,
            owner="Jon Keller",
            state="open",
            opened_at=before(35),
            next_at=within(55),
            next_to="manager",
            joined=1,
        ),
        steps=("performance at once", "approver for budget after 1 h", "manager after 4 h"),
        done=1,
        story=(
            TroubleLine(before(35), "monitor", ActorKind.AGENT, "noticed it: 119% of the pace"),
            TroubleLine(before(34), "Drumbeat", ActorKind.SYSTEM, "told Jon Keller in the inbox"),
        ),
        runbook=(
            "Look at the second signal in the finding.",
            "If it harms people or money now, freeze the campaign.",
        ),
        own_runbook="runbooks/ads.md",
        cycle_id="brand-search-2026-w48",
    ),
)
