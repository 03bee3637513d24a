"""Case: a cycle as a test case, so that what happened once can be asked of every later version.

``papers`` are what its stages made, ``expected`` what rules and gate said of it. Personal data is
masked, so a paper that held some has another fingerprint than the original.
"""

import json
from typing import Any

import sqlalchemy as sa

from drumbeat.core.untrusted.leak import nameless
from drumbeat.store import cycles, proposals

_PAPERS = ("brief", "plan", "assets")


def case_of(connection: sa.Connection, cycle_id: str) -> str | None:
    """The case as indented JSON; None for an unknown cycle."""
    row = cycles.load(connection, cycle_id)
    if row is None:
        return None
    documents = cycles.documents(connection, cycle_id)
    case = {
        "cycle": row.id,
        "campaign": row.campaign,
        "occurrence_at": row.occurrence_at.isoformat(),
        "papers": {kind: documents[kind] for kind in _PAPERS if kind in documents},
        "expected": {
            "findings": (documents.get("findings") or {}).get("findings", []),
            "verdicts": [
                {
                    "action": one.proposal.action.model_dump(mode="json"),
                    "why": one.proposal.why,
                    "verdict": one.verdict.model_dump(mode="json"),
                }
                for one in proposals.of_cycle(connection, cycle_id)
            ],
        },
    }
    return json.dumps(_nameless(case), indent=1, ensure_ascii=False) + "\n"


def _nameless(thing: Any) -> Any:
    match thing:
        case str():
            return nameless(thing)
        case dict():
            return {key: _nameless(value) for key, value in thing.items()}
        case list() | tuple():
            return [_nameless(value) for value in thing]
        case _:
            return thing
