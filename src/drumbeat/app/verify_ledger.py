#!/usr/bin/env python3
"""Verify an exported Drumbeat ledger. Standard library only.

    python3 verify_ledger.py EXPORT.jsonl [SEQ:HASH]

Each line is one entry: SHA-256 over the canonical JSON (sorted keys, no spaces, UTF-8) of its
other fields must be its ``hash``, and ``prev`` the hash of the entry before. SEQ:HASH is a head
noted elsewhere: with it, a cut-off tail or a rewritten chain is found too.
"""

import hashlib
import json
import sys


def hash_of(entry: dict[str, object]) -> str:
    """What the entry's hash must be: SHA-256 over everything else in it."""
    content = {name: value for name, value in entry.items() if name != "hash"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def read(line: str) -> dict[str, object]:
    """The entry of a line; empty for a line that holds none."""
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def trouble(entry: dict[str, object], prev: str, number: int) -> str:
    """Why the entry is not the ``number``-th after ``prev``; empty when it is."""
    if entry.get("seq") != number:
        return f"expected entry {number}, found {entry.get('seq')}"
    if entry.get("prev") != prev:
        return "it does not follow the entry before it"
    if entry.get("hash") != hash_of(entry):
        return "its content does not match its hash"
    return ""


def verify(path: str, anchor: str = "") -> str:
    """What is wrong with the export; empty when nothing is."""
    prev, number, heads = "0" * 64, 0, {}
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            entry = read(line)
            wrong = trouble(entry, prev, number) if entry else "it is not a JSON object"
            if wrong:
                return f"broken at entry {number}: {wrong}"
            prev = heads[number] = str(entry["hash"])
    if anchor:
        seq, _, noted = anchor.partition(":")
        if not seq.isdecimal() or heads.get(int(seq)) != noted:
            return f"broken: entry {seq} is not the one that was noted"
    return ""


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    found = verify(*sys.argv[1:])
    print(found or "intact")
    sys.exit(1 if found else 0)
