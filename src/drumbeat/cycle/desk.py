"""Desk: what a stage works with: the gate, the files, the agents and the cycle's documents."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel

from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.sight import Reader, Sight
from drumbeat.core.governance.entry import Entry
from drumbeat.cycle.library import Library
from drumbeat.cycle.signals import DailySignals
from drumbeat.cycle.team import Team
from drumbeat.gate import reads
from drumbeat.gate.gate import Gate
from drumbeat.store import cycles, ledger
from drumbeat.store.cycles import CycleRow
from drumbeat.store.database import Database

Document = TypeVar("Document", bound=BaseModel)


class MissingDocument(LookupError):
    """A stage asked for what no earlier stage has made."""


@dataclass(frozen=True)
class Office:
    """What all desks share: one for the whole process."""

    gate: Gate
    library: Library
    team: Team
    signals: DailySignals
    desks: "Desks"
    # What is calm is looked at every so many hours, and what is hot four times as often, every
    # hour at most; a simulation of months can afford more than one.
    calm_hours: int = 1

    @property
    def hot_hours(self) -> int:
        """What has just gone out is looked at every so many hours."""
        return max(1, self.calm_hours // 4)

    @property
    def database(self) -> Database:
        return self.gate.door.database

    @property
    def now(self) -> datetime:
        return self.gate.door.now


@dataclass(frozen=True)
class Desk:
    """One cycle on the table, as it was loaded."""

    office: Office
    campaign: Campaign
    cycle: CycleRow
    # Their JSON by kind: most stages ask for few of them.
    documents: Mapping[str, str]
    # Batches of reads that are not written down yet.
    _batches: list[Sight] = field(default_factory=list, compare=False)

    @property
    def gate(self) -> Gate:
        return self.office.gate

    @property
    def now(self) -> datetime:
        return self.office.now

    def document(self, kind: str, of: type[Document]) -> Document:
        """A document an earlier stage made. Raises MissingDocument."""
        if kind not in self.documents:
            raise MissingDocument(f"{self.cycle.id} has no {kind}")
        found = _read(of, self.documents[kind])
        assert isinstance(found, of)
        return found

    def kept(self, kind: str, of: type[Document]) -> Document | None:
        """The same; None where no stage has made one."""
        return self.document(kind, of) if kind in self.documents else None

    def reading(self, role: Reader, *needs: str) -> Sight:
        """Begin one batch of an agent's reads about this cycle. Raises ReadDenied for a need.

        It is written down by ``tell_reads``, or by ``accountable`` where nothing moves on.
        """
        seen = reads.sight(self.gate.door, role, self.campaign.campaign)
        self._batches.append(seen)
        reads.require(seen, needs)
        return seen

    def tell_reads(self, transaction: sa.Connection) -> None:
        """Write down every batch, in the transaction that moves on with what was read."""
        for seen in self._batches:
            reads.close(self.gate.door, transaction, seen, self.campaign.campaign, self.cycle.id)

    @contextmanager
    def accountable(self) -> Iterator[None]:
        """Whatever fails in here moves nothing on; what was read is written down all the same."""
        try:
            yield
        except Exception:
            with self.office.database.write() as transaction:
                self.tell_reads(transaction)
            raise

    def note_in(self, transaction: sa.Connection, kind: str, actor: str, **body: Any) -> Entry:
        """One ledger line about this cycle, inside the caller's transaction."""
        return ledger.append(
            transaction,
            kind,
            at=self.now,
            actor=actor,
            subject=self.cycle.id,
            campaign=self.campaign.campaign,
            cycle=self.cycle.id,
            number=self.cycle.number,
            **body,
        )


# Nobody changes a document: the same text is read once, however many desks it lies on.
@lru_cache(maxsize=256)
def _read(of: type[BaseModel], text: str) -> BaseModel:
    return of.model_validate_json(text)


def desk_for(office: Office, cycle: CycleRow) -> Desk:
    """The cycle with its campaign's file and its documents."""
    with office.database.read() as connection:
        documents = cycles.texts(connection, cycle.id)
    return Desk(office, office.library.campaigns[cycle.campaign], cycle, documents)


class Desks:
    """Desks of live cycles, kept between looks: documents change only when a stage moves on.

    Each look gets its own batches of reads; those of a look that was lost go with it.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Desk] = {}

    def of(self, office: Office, cycle: CycleRow) -> Desk:
        kept = self._kept.get(cycle.id)
        if kept is None or kept.cycle != cycle:
            kept = self._kept[cycle.id] = desk_for(office, cycle)
        return replace(kept, _batches=[])
