"""Rebuilding: a cycle that its review keeps waiting takes up what somebody mended meanwhile.

The plan stays; what rests on the inventory, the offers, the segments, the voice or the naming is
made again from those files as they are now, and reviewed as if it were new. Nobody has approved
anything of it yet: what passed its review is changed by editing its words instead.
"""

from dataclasses import replace

from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.governance.person import Account
from drumbeat.core.noun import Noun
from drumbeat.cycle import building, trouble
from drumbeat.cycle.desk import Desk, Office
from drumbeat.cycle.step import Step, Wait
from drumbeat.files.load import WorkspaceInvalid
from drumbeat.gate.answer import NotAnswered
from drumbeat.gate.door import Door
from drumbeat.store import cycles, dues, ledger
from drumbeat.store.cycles import CycleStatus

DOCUMENT = "rebuild"
_STAGE = "compliance"
_ROLES = frozenset({"operator", "manager"})


class Rebuild(Noun):
    """Who asked for it, and the version of the material it was built from since; empty until
    then."""

    account: str
    reason: str
    built_from: str = ""


def ask(office: Office, cycle_id: str, account_id: str, reason: str) -> Rebuild | NotAnswered:
    """Have the builder make the cycle's assets again before the next review of them."""
    door = office.gate.door
    why = reason.strip()
    if not why:
        return NotAnswered("say what was mended, so that others know why it is built again")
    with office.database.write() as transaction:
        ledger.serialize(transaction)
        row = cycles.load(transaction, cycle_id)
        if row is None or row.campaign not in office.library.campaigns:
            return NotAnswered(f"there is no cycle {cycle_id}", is_missing=True)
        if not _may(door, door.rules.person(account_id), row.campaign):
            return NotAnswered("its owner, an operator or a manager may ask for that")
        if row.status is not CycleStatus.OPEN or row.stage != _STAGE:
            return NotAnswered(f"only what waits at its review is built again; it is {_place(row)}")
        asked = Rebuild(account=account_id, reason=why)
        cycles.write(transaction, cycle_id, DOCUMENT, asked.model_dump(mode="json"), office.now)
        desk = Desk(office, office.library.campaigns[row.campaign], row, {})
        desk.note_in(transaction, "rebuild_asked", f"person:{account_id}", reason=why)
        dues.wake_cycle(transaction, cycle_id, office.now)
    return asked


def again(desk: Desk) -> Step | None:
    """The step that builds what somebody asked to have built again; None where nobody did, or
    where that is done and can be reviewed."""
    asked = desk.kept(DOCUMENT, Rebuild)
    library = desk.office.library
    if asked is None or asked.built_from == library.files.material:
        return None
    try:
        library.take_up_material()
    except WorkspaceInvalid as error:
        return trouble.wait(desk, f"the files have mistakes: {str(error).splitlines()[0]}")
    if asked.built_from:
        return None  # another worker built it: what is reviewed is read from the same files
    case = building.gather(desk, building.reading(desk))
    assets, calls = desk.office.team.builder.build_and_tell(case)
    if isinstance(assets, Refusal):
        return replace(trouble.refused(desk, assets), calls=calls)
    made = building.submit(assets, case)
    documents = {**made.documents, DOCUMENT: _from(asked, library.files.material)}
    same = assets.digest == desk.document("assets", Assets).digest
    told = "built again, word for word the same" if same else "built again"
    return Wait(desk.now, f"{told}; its review is next", documents, made.note, calls)


def _from(asked: Rebuild, material: str) -> Rebuild:
    return asked.model_copy(update={"built_from": material})


def _may(door: Door, account: Account | None, campaign: str) -> bool:
    if account is None:
        return False
    own = door.rules.campaigns.get(campaign)
    return bool(account.roles & _ROLES) or (own is not None and own.owner == account.id)


def _place(row: cycles.CycleRow) -> str:
    return f"in {row.stage}" if row.status is CycleStatus.OPEN else str(row.status)
