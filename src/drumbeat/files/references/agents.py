"""What permissions refer to: agents that exist, and no more than the workspace grants them."""

from collections.abc import Iterator, Mapping
from typing import Any

from drumbeat.core.campaign.data_scope import permits
from drumbeat.core.campaign.recipient import AGENTS
from drumbeat.files.suggest import did_you_mean
from drumbeat.files.tree import Mistake, entries, texts


def permission_mistakes(
    data: Any, granted: Mapping[str, tuple[str, ...]] | None = None
) -> Iterator[Mistake]:
    """Agents nobody knows, and scopes a campaign takes that the workspace does not grant.

    ``granted`` empty or None: the workspace says nothing, so there is nothing to exceed.
    """
    for path, _ in entries(data, "data_permissions"):
        agent = str(path[-1])
        if agent not in AGENTS:
            hint = did_you_mean(agent, AGENTS)
            yield Mistake(path, f"no agent is named {agent!r}", hint, is_key=True)
        for place, scope in texts(data, *path) if granted else ():
            if not permits((granted or {}).get(agent, ()), scope):
                yield Mistake(place, f"drumbeat.yaml does not let {agent} read {scope}")
