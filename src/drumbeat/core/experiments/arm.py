"""Arms: the sides of a test, the share of the units each gets, and what sets it apart."""

from enum import StrEnum

from pydantic import Field, model_validator

from drumbeat.core.campaign.hypothesis_file import ArmSpec
from drumbeat.core.campaign.text import Line, Plain, Slug
from drumbeat.core.noun import Noun


class Role(StrEnum):
    """What an arm is compared as."""

    CONTROL = "control"
    TREATMENT = "treatment"


class Arm(Noun):
    """One side: ``share`` of the test's units get it; ``targets`` are the objects it consists of
    on the platform (ads, sends), which nothing else may change while the test runs."""

    id: Slug
    role: Role
    description: Line
    share: float = Field(default=0.5, gt=0, lt=1)
    settings: dict[Slug, Plain] = Field(default_factory=dict)
    targets: tuple[Line, ...] = ()

    @classmethod
    def of(cls, spec: ArmSpec, role: Role, share: float = 0.5) -> "Arm":
        """The arm as the hypothesis library describes it."""
        return cls(
            id=spec.id,
            role=role,
            description=spec.description,
            share=share,
            settings=spec.settings,
        )


class Arms(Noun):
    """A control and a treatment that share all units of the test between them."""

    control: Arm
    treatment: Arm

    @model_validator(mode="after")
    def _two_sides(self) -> "Arms":
        if (self.control.role, self.treatment.role) != (Role.CONTROL, Role.TREATMENT):
            raise ValueError("one arm must be the control and the other the treatment")
        if self.control.id == self.treatment.id:
            raise ValueError(f"both arms are named {self.control.id}")
        if abs(self.control.share + self.treatment.share - 1) > 1e-9:
            raise ValueError(
                f"the shares {self.control.share} and {self.treatment.share} do not add up to 1"
            )
        return self

    @property
    def shares(self) -> dict[str, float]:
        """The designed split by arm id, control first."""
        return {arm.id: arm.share for arm in (self.control, self.treatment)}

    @property
    def targets(self) -> frozenset[str]:
        """Every object of the platform that the test consists of."""
        return frozenset(self.control.targets + self.treatment.targets)
