"""Ledger entry: one link of the append-only chain, and the check that the chain is whole."""

from collections.abc import Iterable
from dataclasses import dataclass

from drumbeat.core.canonical import digest
from drumbeat.core.json_value import JsonValue
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

GENESIS = "0" * 64


class Entry(Noun):
    """What happened: ``kind`` in the past tense, by ``actor``, about ``subject``.

    ``hash`` is SHA-256 over the canonical JSON of every other field, ``prev`` among them.
    """

    seq: int
    at: Moment
    kind: str
    actor: str
    campaign: str
    cycle: str
    subject: str
    body: dict[str, JsonValue]
    prev: str
    hash: str = ""


@dataclass(frozen=True)
class Intact:
    """The chain holds: ``count`` entries up to ``head``."""

    count: int
    head: str


@dataclass(frozen=True)
class Broken:
    """The first entry that does not fit, and why."""

    seq: int
    why: str


def linked(entry: Entry) -> Entry:
    """The entry with its hash."""
    return entry.model_copy(update={"hash": hash_of(entry)})


def hash_of(entry: Entry) -> str:
    """SHA-256, in 64 hex digits, over the canonical JSON of all of the entry but its hash."""
    return digest(entry.model_dump(mode="json", exclude={"hash"}))


def verify(entries: Iterable[Entry], anchor: tuple[int, str] | None = None) -> Intact | Broken:
    """Walk the chain. ``anchor`` is a (seq, hash) kept outside the database: without one, a
    cut-off tail or a rewritten chain cannot be seen."""
    prev, count, anchored = GENESIS, 0, anchor is None
    for entry in entries:
        why = _misfit(entry, prev, count + 1)
        if why:
            return Broken(entry.seq, why)
        if anchor and entry.seq == anchor[0]:
            if entry.hash != anchor[1]:
                return Broken(entry.seq, "differs from the anchored head")
            anchored = True
        prev, count = entry.hash, count + 1
    if not anchored:
        return Broken(count + 1, "the chain ends before the anchored head")
    return Intact(count, prev)


def _misfit(entry: Entry, prev: str, seq: int) -> str | None:
    if entry.seq != seq:
        return f"expected entry {seq} here"
    if entry.prev != prev:
        return "does not follow the entry before it"
    if entry.hash != hash_of(entry):
        return "its content does not match its hash"
    return None
