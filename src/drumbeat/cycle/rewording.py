"""Rewording: a person changes the words of a launch that waits; it is reviewed, and asked anew.

The pack people were asked about is replaced, never altered: what anybody had approved of it does
not count for the new one, and whoever changed it is not the one to approve it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.finding import blocking
from drumbeat.core.campaign.rewording import BadWording, Reworded, reword
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Ask
from drumbeat.core.noun import Noun
from drumbeat.cycle import compliance
from drumbeat.cycle.desk import Desk, Office, desk_for
from drumbeat.cycle.documents import ReviewFindings
from drumbeat.gate import record
from drumbeat.gate.facts import PACK_KIND
from drumbeat.gate.reads import ReadDenied
from drumbeat.store import cycles, dues, ledger, proposals
from drumbeat.store.cycles import CycleStatus
from drumbeat.store.proposals import Judged, Status

DOCUMENT = "rewording"


class Rewording(Noun):
    """Who changed the words of a cycle's launch last, and the proposal that it replaced."""

    editor: str
    account: str
    replaces: str
    reason: str


@dataclass(frozen=True)
class NotReworded:
    """Nothing was changed, and why."""

    why: str


def reword_launch(
    office: Office, proposal_id: str, account_id: str, texts: Mapping[str, str], reason: str
) -> Reworded | NotReworded:
    """Put other words into the launch of a waiting proposal; the cycle asks again by itself."""
    with office.database.read() as connection:
        judged = proposals.load(connection, proposal_id)
        row = cycles.load(connection, judged.proposal.action.cycle) if judged else None
    if judged is None or judged.proposal.action.kind != PACK_KIND:
        return NotReworded("there is no such launch")
    account = office.gate.door.rules.accounts.get(account_id)
    if account is None or not _may(office, judged, account):
        return NotReworded("only people who may approve or propose a launch can change its words")
    if row is None or row.status is not CycleStatus.OPEN or judged.status is not Status.WAITING:
        return NotReworded("it has been answered already")
    desk = desk_for(office, row)
    try:
        made = reword(desk.document("assets", Assets), texts)
    except BadWording as error:
        return NotReworded(str(error))
    if not made.changes:
        return NotReworded("nothing was changed; approve it as it is, or change a text")
    words = {**desk.documents, "assets": made.assets.model_dump(mode="json")}
    changed = replace(desk, documents=words, _read={})
    with changed.accountable():
        reviewed = _reviewed(changed)
    if isinstance(reviewed, NotReworded):
        return reviewed
    return _kept(changed, judged.proposal, account, made, reviewed, reason)


def of(desk: Desk) -> Rewording | None:
    """Who changed the words of this cycle's launch, if anybody did."""
    return desk.document(DOCUMENT, Rewording) if DOCUMENT in desk.documents else None


def _may(office: Office, judged: Judged, account: Account) -> bool:
    if account.is_agent or not account.is_active:
        return False
    row = office.gate.door.rules.matrix.row(PACK_KIND)
    asked = set(judged.verdict.need.roles) if isinstance(judged.verdict, Ask) else set()
    return bool(account.roles & (asked | (row.proposers if isinstance(row, Row) else set())))


def _reviewed(desk: Desk) -> ReviewFindings | NotReworded:
    """What the rules say of the new words: a person's go through the same ones."""
    try:
        found = desk.office.team.reviewer.review(compliance.gather(desk, compliance.reading(desk)))
    except ReadDenied as denied:
        return NotReworded(str(denied))
    if isinstance(found, Refusal):
        return NotReworded(found.why)
    if wrong := blocking(found):
        return NotReworded(f"the review does not let it through: {wrong[0].text}")
    return ReviewFindings(findings=found)


def _kept(
    desk: Desk,
    asked: Proposal,
    account: Account,
    made: Reworded,
    reviewed: ReviewFindings,
    reason: str,
) -> Reworded | NotReworded:
    by, now = f"person:{account.id}", desk.now
    who = Rewording(editor=account.person, account=account.id, replaces=asked.id, reason=reason)
    changes = [list(one) for one in made.changes]
    with desk.office.database.write() as transaction:
        ledger.serialize(transaction)
        if not proposals.settle(
            transaction, asked.id, Status.REPLACED, at=now, by=by, reason=reason
        ):
            return NotReworded("it has been answered already")
        desk.tell_reads(transaction)
        record.about(transaction, "edited", asked, at=now, actor=by, reason=reason, words=changes)
        for kind, document in (("assets", made.assets), ("findings", reviewed), (DOCUMENT, who)):
            body = document.model_dump(mode="json")
            cycles.write(transaction, desk.cycle.id, kind, body, now)
        # Without a seal the stage gathers, seals and asks once more.
        cycles.drop(transaction, desk.cycle.id, "pack")
        dues.wake_cycle(transaction, desk.cycle.id, now)
    return made
