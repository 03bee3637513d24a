"""Kinds of files: where each lives in a workspace, and the noun that reads it."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import import_module

from pydantic import BaseModel

CORE = "drumbeat.core.campaign"


@dataclass(frozen=True)
class Kind:
    """One kind of file. The noun is named, not imported, so that a check loads only what it reads.

    Without a required file the workspace cannot be used; without another it simply has none.
    """

    name: str
    pattern: str
    noun: str
    is_required: bool = False

    @property
    def is_single(self) -> bool:
        """Whether a workspace has one such file at most."""
        return "*" not in self.pattern

    def model(self) -> type[BaseModel]:
        """The pydantic class that reads the file."""
        module, _, name = self.noun.partition(":")
        found: type[BaseModel] = getattr(import_module(module), name)
        return found


KINDS = (
    Kind("workspace", "drumbeat.yaml", f"{CORE}.workspace:Workspace", is_required=True),
    Kind("campaign", "campaigns/*.yaml", f"{CORE}.campaign:Campaign"),
    Kind("hypotheses", "hypotheses/*.yaml", f"{CORE}.hypothesis_file:HypothesesFile"),
    Kind("actions", "policy/actions.yaml", "drumbeat.core.governance.matrix:ActionMatrix", True),
    Kind(
        "examples",
        "policy/examples.yaml",
        "drumbeat.core.governance.policy_examples:PolicyExamples",
    ),
    Kind("brand_voice", "policy/brand_voice.yaml", f"{CORE}.brand:BrandVoice", True),
    Kind("prohibited_claims", "policy/prohibited_claims.yaml", f"{CORE}.brand:ProhibitedClaims"),
    Kind("naming", "policy/naming.yaml", f"{CORE}.naming:Naming", True),
    Kind("lifecycle", "policy/lifecycle.yaml", f"{CORE}.lifecycle:Lifecycle"),
    Kind("escalation", "policy/escalation.yaml", f"{CORE}.escalation_policy:EscalationFile", True),
    Kind("sla", "policy/sla.yaml", "drumbeat.core.operations.sla_policy:SlaFile"),
    Kind("segments", "data/segments.yaml", f"{CORE}.audience:SegmentsFile", True),
    Kind("content", "data/content.yaml", f"{CORE}.content:ContentFile", True),
    Kind("offers", "data/offers.yaml", f"{CORE}.offer:OffersFile"),
    Kind("calendar", "data/calendar.yaml", f"{CORE}.calendar:CalendarFile"),
    Kind("context", "data/context.yaml", f"{CORE}.context:ContextFile"),
    Kind("attribution", "data/attribution.yaml", f"{CORE}.attribution:Attribution"),
)
BY_NAME = {kind.name: kind for kind in KINDS}


def kind_of(path: str) -> Kind | None:
    """The kind of the file at a path relative to the workspace, or None."""
    return next((kind for kind in KINDS if fnmatchcase(path, kind.pattern)), None)
