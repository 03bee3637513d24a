"""Actor: who did or wants something: an agent, a person, or the system's own clockwork."""

from enum import StrEnum

from drumbeat.core.noun import Noun


class ActorKind(StrEnum):
    """Who acts: an agent, a person, or the system's own clockwork."""

    AGENT = "agent"
    PERSON = "person"
    SYSTEM = "system"


class Actor(Noun):
    """``kind`` and ``id``: ``agent:planner``, ``person:ana``, ``system:clock``."""

    kind: ActorKind
    id: str

    @classmethod
    def agent(cls, role: str) -> "Actor":
        return cls(kind=ActorKind.AGENT, id=role)

    @classmethod
    def person(cls, person_id: str) -> "Actor":
        return cls(kind=ActorKind.PERSON, id=person_id)

    @classmethod
    def system(cls, part: str) -> "Actor":
        return cls(kind=ActorKind.SYSTEM, id=part)

    @property
    def is_person(self) -> bool:
        return self.kind is ActorKind.PERSON

    @property
    def is_agent(self) -> bool:
        return self.kind is ActorKind.AGENT

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"
