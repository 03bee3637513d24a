"""Changes: the ledger as a feed, one entry with its proof, and the whole of it for export."""

import json
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from drumbeat.app.anchor import verified
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.lines import Lines, about_proposals
from drumbeat.app.pages.naming import source_title
from drumbeat.app.pages.shifts import shifts_of
from drumbeat.app.reports import CHANGES
from drumbeat.core.governance.entry import Entry, Intact
from drumbeat.store import ledger, proposals
from drumbeat.web.views.change import ChainProof, ChangeFilter, ChangeRow, ChangeView
from drumbeat.web.views.value import Page

KINDS = (
    *CHANGES, "experiment_registered", "experiment_stopped", "delegated", "commented",
    "guest_commented", "guest_erased", "shared", "unshared",
)  # fmt: skip
# A filter looks at so many entries at a time, and at so many in all before it asks to go on.
_BATCH, _BATCHES = 200, 10
_WINDOW = timedelta(days=14)


@dataclass(frozen=True)
class Changes:
    """The feed shows entries of ``KINDS``; ``change`` any entry, None for a number there is not;
    ``export`` the whole ledger, one JSON object a line, the oldest first."""

    ground: Ground

    def changes(self, wanted: ChangeFilter, *, after: str | None, limit: int) -> Page[ChangeRow]:
        """The newest first. The cursor is the number of the last entry looked at."""
        with self.ground.app.database.read() as connection:
            # Who or what an entry is about is known once it is worded: too dear for a count.
            is_worded = bool(wanted.actor_kind or wanted.text)
            campaign = wanted.campaign_id
            total = 0 if is_worded else ledger.count(connection, kinds=KINDS, campaign=campaign)
            before = int(after) if after and after.isdecimal() else None
            rows, cursor = self._matching(connection, wanted, before, limit)
        return Page(rows, cursor, total)

    def latest(self, connection: sa.Connection, limit: int) -> tuple[ChangeRow, ...]:
        return self.rows(connection, ledger.older(connection, None, kinds=KINDS, limit=limit))

    def rows(self, connection: sa.Connection, entries: list[Entry]) -> tuple[ChangeRow, ...]:
        """Entries as people read them, with what the proposals behind them say."""
        about = about_proposals(entries)
        approved = {one.subject for one in entries if one.kind == "approved"}
        held = proposals.agreed(connection, approved)
        lines = Lines(self.ground, proposals.bodies(connection, about), held)
        return tuple(lines.row(entry) for entry in entries)

    def change(self, change_id: str) -> ChangeView | None:
        ground = self.ground
        if not change_id.isdecimal():
            return None
        with ground.app.database.read() as connection:
            entry = ledger.one(connection, int(change_id))
            if entry is None:
                return None
            row = self.rows(connection, [entry])[0]
            judged = proposals.load(connection, entry.subject)
            given = proposals.approvals(connection, entry.subject, used=None)
            proof = self._proof(connection, entry)
            shifts = shifts_of(ground, connection, entry, _WINDOW)
        evidence = judged.proposal.evidence if judged else ()
        cited = (f"{one.text} ({source_title(one.source)})" for one in evidence)
        return ChangeView(
            row=row,
            proof=proof,
            shifts=shifts,
            approved_by=tuple(ground.name(one.account) for one in given),
            rests_on=tuple(dict.fromkeys(cited)),
            proposal_id=judged.proposal.id if judged else "",
            cycle_id=entry.cycle,
        )

    def export(self) -> str:
        with self.ground.app.database.read() as connection:
            lines = [one.model_dump(mode="json") for one in ledger.entries(connection)]
        return "".join(
            json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n" for line in lines
        )

    def _matching(
        self, connection: sa.Connection, wanted: ChangeFilter, before: int | None, limit: int
    ) -> tuple[tuple[ChangeRow, ...], str | None]:
        found: list[ChangeRow] = []
        size = _BATCH if wanted.actor_kind or wanted.text else limit
        for _ in range(_BATCHES):
            entries = ledger.older(
                connection, before, kinds=KINDS, campaign=wanted.campaign_id, limit=size
            )
            for row in self.rows(connection, entries):
                before = int(row.id)
                if _matches(row, wanted):
                    found.append(row)
                if len(found) == limit:
                    return tuple(found), str(before)
            if len(entries) < size:
                return tuple(found), None
        return tuple(found), str(before)

    def _proof(self, connection: sa.Connection, entry: Entry) -> ChainProof:
        """The whole chain is walked: a proof that skipped links would prove nothing."""
        found = verified(self.ground.app.home, connection)
        whole = isinstance(found, Intact)
        return ChainProof(entry.seq, entry.hash, entry.prev, whole, self.ground.now)


def _matches(row: ChangeRow, wanted: ChangeFilter) -> bool:
    if wanted.actor_kind and row.actor_kind != wanted.actor_kind:
        return False
    text = wanted.text.strip().casefold()
    said = (
        row.actor,
        row.campaign,
        row.field,
        row.why,
        str(row.before or ""),
        str(row.after or ""),
    )
    return not text or any(text in one.casefold() for one in said)
