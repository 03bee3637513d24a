"""Page readings: how one of the brand's own pages answered when it was asked for."""

from pydantic import Field

from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment


class PageReading(Noun):
    """``address`` has no parameters. ``status`` is the last answer's, None where nothing answered
    or the page may not be visited; ``why`` then says so in words for people.

    ``title`` is other people's text: for people's eyes, never for an agent's prompt.
    """

    address: str
    read_at: Moment
    status: int | None = None
    why: str = ""
    # Where it ended, if somewhere else than asked for.
    moved_to: str = ""
    seconds: float = Field(default=0.0, ge=0.0)
    title: str = ""
    certificate_until: Moment | None = None

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 400
