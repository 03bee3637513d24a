"""Tools: what stood open to whoever took a step of a trace, beside what the step used of it."""

from collections.abc import Iterable

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import kind_title
from drumbeat.core.campaign.model_call import ModelCall
from drumbeat.core.governance.entry import Entry
from drumbeat.core.governance.matrix import Row
from drumbeat.web.views.campaign import Tools

_AGENT = "agent:"


def tools_read(entry: Entry) -> Tools | None:
    """The data an agent was offered with a batch of reads, as it was granted then."""
    if entry.kind != "read":
        return None
    told = (_named(entry.body.get(one)) for one in ("scopes", "left"))
    return Tools("Data it was offered", *told)


def tools_proposed(ground: Ground, entry: Entry, agent: str) -> Tools | None:
    """The kinds of change an agent may propose; the ledger keeps which one it took, while what
    stood open is read off the matrix in force."""
    rules, kind = ground.app.gate.door.rules, str(entry.body.get("action", ""))
    declared = rules.declared_kinds.get(agent)
    if declared is None or not kind:
        return None
    rows = ((one, rules.matrix.row(one)) for one in sorted(declared - {kind}))
    left = tuple(
        kind_title(one) for one, row in rows if isinstance(row, Row) and agent in row.agents
    )
    return Tools(f"Changes {agent} may propose, by today’s matrix", (kind_title(kind),), left)


def tools_called(call: ModelCall) -> Tools:
    """The tools a model was offered with a question, and those it called."""
    left = (one for one in call.offered if one not in call.used)
    return Tools("Tools the model was offered", call.used, tuple(left))


def proposers_of(entries: Iterable[Entry]) -> dict[str, str]:
    """The agent behind each proposal that these entries judge."""
    judged = (one for one in entries if one.kind == "judged" and one.actor.startswith(_AGENT))
    return {one.subject: one.actor.removeprefix(_AGENT) for one in judged}


def _named(scopes: object) -> tuple[str, ...]:
    found = scopes if isinstance(scopes, list) else []
    return tuple(str(one).replace("_", " ") for one in found)
