"""Sources: every address a plan's citations may name, so that each can be looked up."""

from collections.abc import Iterable

from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.dossier import Dossier


def known_sources(
    brief: Brief,
    dossier: Dossier,
    *,
    segments: Iterable[str] = (),
    offers: Iterable[str] = (),
    content: Iterable[str] = (),
    hypotheses: Iterable[str] = (),
    overrides: Iterable[str] = (),
) -> frozenset[str]:
    """The records of the workspace's files by id, the campaign file, the figures of the dossier,
    the ledger entries behind lessons and ``overrides``, and the markers of the moment."""
    found = {brief.source} | dossier.sources | set(overrides)
    found |= {f"data/segments.yaml#{name}" for name in segments}
    found |= {f"data/offers.yaml#{name}" for name in offers}
    found |= {f"data/content.yaml#{name}" for name in content}
    found |= {f"hypotheses#{name}" for name in hypotheses}
    found |= {f"ledger#{entry}" for lesson in brief.lessons for entry in lesson.entries}
    return frozenset(found | {signal.citation.source for signal in brief.signals})
