"""Rewording: a person changes the words of a launch that waits; it is reviewed, and asked anew.

The pack people were asked about is replaced, never altered: what anybody had approved of it does
not count for the new one, and whoever changed it is not the one to approve it.
"""

from collections.abc import Mapping
from dataclasses import replace

from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.finding import blocking
from drumbeat.core.campaign.rewording import BadWording, Reworded, reword
from drumbeat.core.noun import Noun
from drumbeat.cycle import compliance
from drumbeat.cycle.desk import Desk, Office, desk_for
from drumbeat.cycle.documents import ReviewFindings
from drumbeat.gate.answer import NotAnswered
from drumbeat.gate.edit import Edit, editor, put_aside
from drumbeat.gate.facts import PACK_KIND
from drumbeat.gate.reads import ReadDenied
from drumbeat.store import cycles, dues, ledger, proposals
from drumbeat.store.cycles import CycleStatus
from drumbeat.store.proposals import Status

DOCUMENT = "rewording"
_ANSWERED = NotAnswered("it has been answered already")


class Rewording(Noun):
    """Who changed the words of a cycle's launch last, and the proposal that it replaced."""

    editor: str
    account: str
    replaces: str
    reason: str


def reword_launch(
    office: Office,
    proposal_id: str,
    account_id: str,
    texts: Mapping[str, str],
    reason: str,
    code: str = "other",
) -> Reworded | NotAnswered:
    """Put other words into the launch of a waiting proposal; the cycle asks again by itself."""
    with office.database.read() as connection:
        judged = proposals.load(connection, proposal_id)
        row = cycles.load(connection, judged.proposal.action.cycle) if judged else None
    if judged is None or judged.proposal.action.kind != PACK_KIND:
        return NotAnswered("there is no such launch", is_missing=True)
    account = editor(office.gate.door, judged, account_id, reason)
    if isinstance(account, NotAnswered):
        return account
    if row is None or row.status is not CycleStatus.OPEN:
        return _ANSWERED
    desk = desk_for(office, row)
    try:
        made = reword(desk.document("assets", Assets), texts)
    except BadWording as error:
        return NotAnswered(str(error))
    if not made.changes:
        return NotAnswered("nothing was changed; approve it as it is, or change a text")
    words = {**desk.documents, "assets": made.assets.model_dump_json()}
    changed = replace(desk, documents=words)
    with changed.accountable():
        reviewed = _reviewed(changed)
    if isinstance(reviewed, NotAnswered):
        return reviewed
    edit = Edit(account, reason, code, words=made.changes)
    return _kept(changed, proposal_id, edit, made, reviewed)


def of(desk: Desk) -> Rewording | None:
    """Who changed the words of this cycle's launch, if anybody did."""
    return desk.kept(DOCUMENT, Rewording)


def _reviewed(desk: Desk) -> ReviewFindings | NotAnswered:
    """What the rules say of the new words: a person's go through the same ones."""
    try:
        found = desk.office.team.reviewer.review(compliance.gather(desk, compliance.reading(desk)))
    except ReadDenied as denied:
        return NotAnswered(str(denied))
    if isinstance(found, Refusal):
        return NotAnswered(found.why)
    if wrong := blocking(found):
        return NotAnswered(f"the review does not let it through: {wrong[0].text}")
    return ReviewFindings(findings=found)


def _kept(
    desk: Desk, proposal_id: str, edit: Edit, made: Reworded, reviewed: ReviewFindings
) -> Reworded | NotAnswered:
    now, editor = desk.now, edit.account
    who = Rewording(
        editor=editor.person, account=editor.id, replaces=proposal_id, reason=edit.reason
    )
    with desk.office.database.write() as transaction:
        ledger.serialize(transaction)
        # Somebody may have answered while it was reviewed.
        asked = proposals.load(transaction, proposal_id)
        if asked is None or asked.status is not Status.WAITING:
            return _ANSWERED
        desk.tell_reads(transaction)
        put_aside(desk.gate.door, transaction, asked, edit)
        for kind, document in (("assets", made.assets), ("findings", reviewed), (DOCUMENT, who)):
            body = document.model_dump(mode="json")
            cycles.write(transaction, desk.cycle.id, kind, body, now)
        # Without a seal the stage gathers, seals and asks once more.
        cycles.drop(transaction, desk.cycle.id, "pack")
        dues.wake_cycle(transaction, desk.cycle.id, now)
    return made
