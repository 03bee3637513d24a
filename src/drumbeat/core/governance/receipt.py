"""Receipt: what a platform said after a change was asked of it."""

from enum import StrEnum

from drumbeat.core.json_value import JsonValue
from drumbeat.core.noun import Noun


class Outcome(StrEnum):
    """Done and Refused are definite. Pending: the platform reviews it. Unknown: the answer was
    lost, so it is read back before anything else happens."""

    DONE = "done"
    PENDING = "pending"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Receipt(Noun):
    """``ref`` is the platform's own name for what was made; ``detail`` is for people.
    ``in_doubt`` counts the people of whom nobody can say whether it reached them."""

    outcome: Outcome
    ref: str = ""
    detail: str = ""
    state: JsonValue = None
    in_doubt: int = 0
