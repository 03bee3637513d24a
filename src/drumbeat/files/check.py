"""Check: every mistake of a workspace, or of one file in it, and each campaign's checklist."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from drumbeat.core.campaign.checklist import Checklist, assess
from drumbeat.core.campaign.shelf import Shelf
from drumbeat.files.defaults import with_defaults
from drumbeat.files.folder import ROOT_FILE, Folder, workspace_root
from drumbeat.files.kinds import KINDS, Kind, kind_of
from drumbeat.files.problem import Gravity, Problem
from drumbeat.files.references import data as data_files
from drumbeat.files.references import policy
from drumbeat.files.references.campaign import campaign_mistakes
from drumbeat.files.references.matrix import matrix_mistakes
from drumbeat.files.references.workspace import workspace_mistakes
from drumbeat.files.shelve import shelf_of
from drumbeat.files.source import Source, from_text
from drumbeat.files.tree import Mistake
from drumbeat.files.validate import validate

if TYPE_CHECKING:
    from drumbeat.core.campaign.history import HistoryRow

_References = Callable[[Any, Shelf], Iterator[Mistake]]
_REFERENCES: dict[str, _References] = {
    "workspace": workspace_mistakes,
    "actions": matrix_mistakes,
    "escalation": policy.escalation_mistakes,
    "naming": policy.naming_mistakes,
    "lifecycle": policy.lifecycle_mistakes,
    "brand_voice": policy.voice_mistakes,
    "prohibited_claims": policy.claims_mistakes,
    "segments": data_files.segments_mistakes,
    "content": data_files.content_mistakes,
    "offers": data_files.offers_mistakes,
    "calendar": data_files.calendar_mistakes,
    "context": data_files.context_mistakes,
    "attribution": data_files.attribution_mistakes,
    "hypotheses": data_files.hypotheses_mistakes,
}


@dataclass(frozen=True)
class CheckResult:
    """What a check found. ``nouns`` holds what could be read, by path; ``digests`` the SHA-256 of
    each file's text; ``history`` the rows of data/history, when the whole workspace was read."""

    problems: tuple[Problem, ...]
    checklists: tuple[Checklist, ...] = ()
    nouns: dict[str, BaseModel] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    history: "tuple[HistoryRow, ...]" = ()
    # What the problems' paths are relative to; None where no workspace was found.
    root: Path | None = None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop the workspace from being used."""
        return tuple(p for p in self.problems if p.gravity is Gravity.ERROR)

    @property
    def is_ok(self) -> bool:
        """Whether the workspace may be used: no errors, every checklist complete."""
        return not self.errors and all(c.is_complete for c in self.checklists)


def check(path: Path | str) -> CheckResult:
    """Check a workspace folder, or one file of it against the others. Never raises for bad input.

    A single file outside any workspace is checked alone, by its place or its first key.
    """
    place = Path(path)
    root = workspace_root(place.absolute()) if place.exists() else None
    if not place.exists():
        return _refused(place, "does not exist")
    if place.is_dir():
        return _check_folder(place, root)
    if root is None:
        return _refused(place, f"is in no workspace: no {ROOT_FILE} beside or above it")
    relative = place.absolute().relative_to(root).as_posix()
    kind = kind_of(relative)
    if relative.startswith("data/history/"):
        return _check_export(root, relative)
    if kind is None:
        known = ", ".join(kind.pattern for kind in KINDS)
        return _refused(place, f"is no file Drumbeat reads; it reads {known}")
    folder = Folder(root)
    return _check_sources(folder, [(kind, folder.source(relative))], ())


def check_folder(root: Path, instead: Mapping[str, str] | None = None) -> CheckResult:
    """Check every file of the workspace at ``root``, some of them with another text ``instead``."""
    texts = (instead or {}).items()
    folder = Folder(root, {path: from_text(path, text) for path, text in texts})
    found = [(kind, source) for kind in KINDS for source in folder.of(kind.name)]
    # Only here, so that checking one file does not pay for it.
    from drumbeat.files.history.shelf import kept_history

    result = _check_sources(folder, found, folder.stray())
    rows, problems = kept_history(root, folder.files, shelf_of(folder).currency)
    listed = tuple(sorted((*result.problems, *problems)))
    return replace(result, problems=listed, history=rows)


def _check_export(root: Path, relative: str) -> CheckResult:
    from drumbeat.files.history.shelf import kept_history

    currency = shelf_of(Folder(root)).currency
    rows, problems = kept_history(root, frozenset({relative}), currency)
    return CheckResult(problems, history=rows, root=root)


def _check_folder(place: Path, root: Path | None) -> CheckResult:
    if root is None:
        hint = "drumbeat init FOLDER writes a workspace to start from"
        return _refused(place, f"is no workspace: there is no {ROOT_FILE} in it", hint)
    return check_folder(root)


def _check_sources(
    folder: Folder, found: list[tuple[Kind, Source]], stray: tuple[Problem, ...]
) -> CheckResult:
    shelf = shelf_of(folder)
    problems: list[Problem] = list(stray)
    checklists: list[Checklist] = []
    nouns: dict[str, BaseModel] = {}
    for kind, source in found:
        problems += source.problems
        if source.tree is None:
            continue
        data = with_defaults(source.data) if kind.name == "campaign" else source.data
        noun, mistakes = validate(kind.model(), data)
        told = dict.fromkeys((*mistakes, *_references(kind, source)(data, shelf)))
        problems += map(source.problem, told)
        if noun is not None:
            nouns[source.path] = noun
        if kind.name == "campaign" and isinstance(data, dict):
            checklists.append(assess(data, shelf))
    problems += _taken_twice(folder) if stray or len(found) > 1 else ()
    digests = {source.path: source.digest for _, source in found}
    listed = tuple(sorted(problems))
    return CheckResult(listed, tuple(checklists), nouns, digests, root=folder.root)


def _references(kind: Kind, source: Source) -> _References:
    if kind.name == "campaign":
        return partial(campaign_mistakes, file=source.path, written=source.data)
    return _REFERENCES.get(kind.name, lambda data, shelf: iter(()))


def _taken_twice(folder: Folder) -> Iterator[Problem]:
    """Hypotheses whose id another file has taken."""
    seen: dict[str, str] = {}
    for source in folder.of("hypotheses"):
        listed = source.data.get("hypotheses") if isinstance(source.data, dict) else None
        for index, block in enumerate(listed if isinstance(listed, list) else ()):
            name = block.get("id") if isinstance(block, dict) else None
            if isinstance(name, str) and seen.setdefault(name, source.path) != source.path:
                mistake = Mistake(("hypotheses", index, "id"), f"{name!r} is taken by {seen[name]}")
                yield source.problem(mistake)


def _refused(place: Path, message: str, hint: str = "") -> CheckResult:
    return CheckResult((Problem(str(place), 0, 0, message, hint=hint),))
