"""Whatever is done to the chain afterwards is found, given a head that was noted elsewhere."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drumbeat.app import verify_ledger
from drumbeat.core.governance.entry import GENESIS, Broken, Entry, Intact, linked, verify

COUNT = 120
POSITIONS = 50
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def entry(seq: int, prev: str, text: str = "as it was") -> Entry:
    return linked(
        Entry(
            seq=seq,
            at=AT + timedelta(minutes=seq),
            kind="noted",
            actor="person:jon",
            campaign="weekly",
            cycle="",
            subject="s",
            body={"text": text, "number": seq},
            prev=prev,
        )
    )


def chain(texts: list[str]) -> list[Entry]:
    made: list[Entry] = []
    for seq, text in enumerate(texts, 1):
        made.append(entry(seq, made[-1].hash if made else GENESIS, text))
    return made


WHOLE = chain(["as it was"] * COUNT)
HEAD = (COUNT, WHOLE[-1].hash)


def modify(kept: list[Entry], at: int) -> list[Entry]:
    """The content changes, the hash stays."""
    kept[at] = kept[at].model_copy(update={"body": {"text": "as I like it", "number": at + 1}})
    return kept


def delete(kept: list[Entry], at: int) -> list[Entry]:
    return kept[:at] + kept[at + 1 :]


def reorder(kept: list[Entry], at: int) -> list[Entry]:
    other = (at + 1) % len(kept)
    kept[at], kept[other] = kept[other], kept[at]
    return kept


def insert(kept: list[Entry], at: int) -> list[Entry]:
    """A well-made entry that follows the one before it."""
    prev = kept[at - 1].hash if at else GENESIS
    return [*kept[:at], entry(at + 1, prev, "slipped in"), *kept[at:]]


def truncate(kept: list[Entry], at: int) -> list[Entry]:
    return kept[:at]


def rewrite(kept: list[Entry], at: int) -> list[Entry]:
    """Somebody who knows how: from here on every hash is computed anew, and fits."""
    return chain(["as it was"] * at + ["as I like it"] * (len(kept) - at))


TAMPERING = (modify, delete, reorder, insert, truncate, rewrite)


def stand_alone(folder: Path, kept: list[Entry]) -> str:
    """What the script says that ships with every export."""
    file = folder / "export.jsonl"
    lines = (json.dumps(one.model_dump(mode="json")) for one in kept)
    file.write_text("\n".join(lines), encoding="utf-8")
    return verify_ledger.verify(str(file), f"{HEAD[0]}:{HEAD[1]}")


def test_the_whole_chain_is_intact(tmp_path: Path) -> None:
    assert verify(WHOLE, HEAD) == Intact(COUNT, HEAD[1])
    assert stand_alone(tmp_path, WHOLE) == ""


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda one: one.__name__)
def test_tampering_is_found_wherever_it_is_done(
    tmp_path: Path, tamper: Callable[[list[Entry], int], list[Entry]]
) -> None:
    positions = random.Random(tamper.__name__).sample(range(COUNT), POSITIONS)
    for at in positions:
        changed = tamper(list(WHOLE), at)
        assert isinstance(verify(changed, HEAD), Broken), at
        assert stand_alone(tmp_path, changed) != "", at
