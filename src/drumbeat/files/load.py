"""Loading: a workspace that passed its check, as nouns."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from drumbeat.core.campaign.attribution import Attribution
from drumbeat.core.campaign.audience import SegmentsFile
from drumbeat.core.campaign.brand import BrandVoice, ProhibitedClaims
from drumbeat.core.campaign.calendar import CalendarFile
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.checklist import Checklist
from drumbeat.core.campaign.content import ContentFile
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.escalation_policy import EscalationFile
from drumbeat.core.campaign.history import HistoryRow
from drumbeat.core.campaign.hypothesis_file import HypothesesFile, HypothesisSpec
from drumbeat.core.campaign.lifecycle import Lifecycle
from drumbeat.core.campaign.naming import Naming
from drumbeat.core.campaign.offer import OffersFile
from drumbeat.core.campaign.workspace import Workspace
from drumbeat.core.canonical import digest
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.core.operations.sla_policy import SlaFile
from drumbeat.files.check import CheckResult, check_folder
from drumbeat.files.folder import ROOT_FILE
from drumbeat.files.problem import Problem, as_text

Noun = TypeVar("Noun", bound=BaseModel)


class WorkspaceInvalid(Exception):
    """The workspace cannot be used. ``result`` holds every problem and each checklist."""

    def __init__(self, result: CheckResult) -> None:
        lacking = [str(checklist) for checklist in result.checklists if not checklist.is_complete]
        super().__init__("\n".join([*map(as_text, result.errors), *lacking]))
        self.result = result

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, in file order."""
        return self.result.problems


# What is put into plans and words, and governs nobody.
_MATERIAL = (
    "data/content.yaml",
    "data/offers.yaml",
    "data/segments.yaml",
    "policy/brand_voice.yaml",
    "policy/naming.yaml",
)


@dataclass(frozen=True)
class LoadedWorkspace:
    """A whole workspace, checked.

    ``attribution`` None, or its default without a click window: nothing may be optimized.
    ``history`` holds the rows of data/history; ``digests`` the SHA-256 of each YAML file.
    """

    root: Path
    workspace: Workspace
    campaigns: dict[str, Campaign]
    hypotheses: dict[str, HypothesisSpec]
    # The file that holds each, relative to the root.
    hypotheses_in: dict[str, str]
    actions: ActionMatrix
    brand_voice: BrandVoice
    prohibited_claims: ProhibitedClaims
    naming: Naming
    lifecycle: Lifecycle | None
    escalation: EscalationFile
    sla: SlaFile | None
    segments: SegmentsFile
    content: ContentFile
    offers: OffersFile
    calendar: CalendarFile
    context: ContextFile
    attribution: Attribution | None
    runbooks: dict[str, str]
    history: tuple[HistoryRow, ...]
    digests: dict[str, str]
    checklists: tuple[Checklist, ...]
    warnings: tuple[Problem, ...]

    @property
    def digest(self) -> str:
        """Names this version of all files together."""
        return digest(self.digests)

    @property
    def material(self) -> str:
        """Names this version of what is put into plans and words: inventory, offers, segments,
        voice and names."""
        return digest({path: self.digests.get(path, "") for path in _MATERIAL})

    def with_material_of(self, fresh: "LoadedWorkspace") -> "LoadedWorkspace":
        """The same rules, with the material as the files have it now."""
        return replace(
            self,
            content=fresh.content,
            offers=fresh.offers,
            segments=fresh.segments,
            brand_voice=fresh.brand_voice,
            naming=fresh.naming,
            digests={**self.digests, **{p: d for p, d in fresh.digests.items() if p in _MATERIAL}},
        )


def load(path: Path | str) -> LoadedWorkspace:
    """Read the workspace in a folder. Raises WorkspaceInvalid with every problem found."""
    root = Path(path)
    if not (root / ROOT_FILE).is_file():
        problem = Problem(str(root), 0, 0, f"is no workspace: there is no {ROOT_FILE} in it")
        raise WorkspaceInvalid(CheckResult((problem,)))
    result = check_folder(root)
    if not result.is_ok:
        raise WorkspaceInvalid(result)
    return _assembled(root, result)


def _assembled(root: Path, result: CheckResult) -> LoadedWorkspace:
    nouns = result.nouns.values()
    campaigns = {noun.campaign: noun for noun in nouns if isinstance(noun, Campaign)}
    libraries = [noun for noun in nouns if isinstance(noun, HypothesesFile)]
    return LoadedWorkspace(
        root=root,
        workspace=_one(nouns, Workspace),
        campaigns=campaigns,
        hypotheses={spec.id: spec for library in libraries for spec in library.hypotheses},
        hypotheses_in={
            spec.id: path
            for path, noun in result.nouns.items()
            if isinstance(noun, HypothesesFile)
            for spec in noun.hypotheses
        },
        actions=_one(nouns, ActionMatrix),
        brand_voice=_one(nouns, BrandVoice),
        prohibited_claims=_maybe(nouns, ProhibitedClaims) or ProhibitedClaims(version=1),
        naming=_one(nouns, Naming),
        lifecycle=_maybe(nouns, Lifecycle),
        escalation=_one(nouns, EscalationFile),
        sla=_maybe(nouns, SlaFile),
        segments=_one(nouns, SegmentsFile),
        content=_one(nouns, ContentFile),
        offers=_maybe(nouns, OffersFile) or OffersFile(version=1),
        calendar=_maybe(nouns, CalendarFile) or CalendarFile(version=1),
        context=_maybe(nouns, ContextFile) or ContextFile(version=1),
        attribution=_maybe(nouns, Attribution),
        runbooks=_runbooks(root, {campaign.runbook for campaign in campaigns.values()}),
        history=result.history,
        digests=result.digests,
        checklists=result.checklists,
        warnings=result.problems,
    )


def _one(nouns: Iterable[BaseModel], kind: type[Noun]) -> Noun:
    found = _maybe(nouns, kind)
    assert found is not None, f"a check without errors found no {kind.__name__}"
    return found


def _maybe(nouns: Iterable[BaseModel], kind: type[Noun]) -> Noun | None:
    return next((noun for noun in nouns if isinstance(noun, kind)), None)


def _runbooks(root: Path, named: set[str]) -> dict[str, str]:
    pages = {page.relative_to(root).as_posix() for page in (root / "runbooks").glob("**/*.md")}
    return {
        name: (root / name).read_text(encoding="utf-8", errors="replace")
        for name in sorted(named | pages)
    }
