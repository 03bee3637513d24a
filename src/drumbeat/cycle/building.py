"""Building: the plan becomes assets: mails, ads and posts with their variants."""

from dataclasses import replace

from drumbeat.agents.builder import BuildingCase
from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.campaign.rewording import words_of
from drumbeat.core.campaign.sight import Sight
from drumbeat.cycle import trouble
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.library import by_id
from drumbeat.cycle.planning import live_items
from drumbeat.cycle.step import Next, Note, Step
from drumbeat.gate import reads


def run(desk: Desk) -> Step:
    """Next with the assets. What the builder lacks is told to its owner: then Wait, past the
    cycle's moment Done. Raises ReadDenied."""
    builder = desk.office.team.builder
    case = gather(desk, reading(desk))
    assets, calls = builder.build_and_tell(case)
    if isinstance(assets, Refusal):
        return replace(trouble.refused(desk, assets), calls=calls)
    return replace(submit(assets, case), calls=calls)


def reading(desk: Desk) -> Sight:
    """Begin a batch of the builder's reads. Raises ReadDenied for what it cannot work without."""
    return desk.reading(desk.office.team.builder.role, DataScope.BRIEF, DataScope.BRAND)


def gather(desk: Desk, sight: Sight) -> BuildingCase:
    """The plan and the records it names."""
    library = desk.office.library
    with desk.office.database.read() as connection:
        said = reads.wordings_taught(desk.gate.door, connection, sight, desk.campaign.campaign)
    return BuildingCase(
        brief=desk.document("brief", Brief),
        plan=desk.document("plan", Plan),
        segments=by_id(sight.records(DataScope.SEGMENTS, library.segments.values())),
        content=by_id(sight.records(DataScope.CONTENT, library.content.values())),
        offers=by_id(sight.records(DataScope.OFFERS, library.offers.values())),
        brand=library.files.workspace.brand,
        voice=library.files.brand_voice,
        naming=library.files.naming,
        naming_choice=desk.campaign.naming,
        live=live_items(desk),
        instead=said,
    )


def submit(assets: Assets, case: BuildingCase) -> Next:
    """Keep the assets; the ledger is told of them, and of the wordings taken over from people."""
    said = {one.text for one in words_of(assets)} & set(case.instead.values())
    body = {
        "assets": assets.digest,
        "sends": len(assets.sends),
        "line_items": len(assets.line_items),
        "posts": len(assets.posts),
        "subjects": [variant.subject for send in assets.sends for variant in send.variants],
    }
    told = {"as_people_said": sorted(said)} if said else {}
    return Next({"assets": assets}, Note("built", "agent:builder", {**body, **told}))
