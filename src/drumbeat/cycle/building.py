"""Building: the plan becomes assets: mails, ads and posts with their variants."""

from drumbeat.agents.builder import BuildingCase
from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.plan import Plan
from drumbeat.cycle import trouble
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.planning import live_items
from drumbeat.cycle.step import Next, Note, Step


def run(desk: Desk) -> Step:
    assets = desk.office.team.builder.build(gather(desk))
    if isinstance(assets, Refusal):
        return trouble.refused(desk, assets)
    return submit(assets)


def gather(desk: Desk) -> BuildingCase:
    """The plan and the records it names."""
    library = desk.office.library
    return BuildingCase(
        brief=desk.document("brief", Brief),
        plan=desk.document("plan", Plan),
        segments=library.segments,
        content=library.content,
        offers=library.offers,
        brand=library.files.workspace.brand,
        voice=library.files.brand_voice,
        naming=library.files.naming,
        naming_choice=desk.campaign.naming,
        live=live_items(desk),
    )


def submit(assets: Assets) -> Next:
    body = {
        "assets": assets.digest,
        "sends": len(assets.sends),
        "line_items": len(assets.line_items),
        "posts": len(assets.posts),
        "subjects": [variant.subject for send in assets.sends for variant in send.variants],
    }
    return Next({"assets": assets}, Note("built", "agent:builder", body))
