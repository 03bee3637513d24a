"""Assets: what the builder made for one cycle, per channel, ready to become platform objects."""

from collections.abc import Iterator

from pydantic import Field

from drumbeat.core.campaign.objects import LineItem, Post, Send
from drumbeat.core.canonical import digest
from drumbeat.core.json_value import JsonValue
from drumbeat.core.noun import Noun


class DynamicBlock(Noun):
    """A place in a mail that reads differently per segment; ``fallback`` is for everyone else.

    The words are also inside the mail's HTML and text, in the grammar of ``merge.py``; here they
    stand apart so that people and rules can look at each.
    """

    name: str
    by_segment: dict[str, str]
    fallback: str = Field(min_length=1)


class Assets(Noun):
    """Everything made for ``campaign`` in ``cycle`` after the plan whose digest is ``plan``."""

    campaign: str
    cycle: str
    plan: str
    sends: tuple[Send, ...] = Field(default=(), max_length=2)
    line_items: tuple[LineItem, ...] = ()
    posts: tuple[Post, ...] = ()
    blocks: tuple[DynamicBlock, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: names exactly these assets."""
        return digest(self.model_dump(mode="json"))

    @property
    def is_empty(self) -> bool:
        return not (self.sends or self.line_items or self.posts)

    def objects(self) -> dict[str, Send | LineItem | Post]:
        """The platform objects by the target they are to live at."""
        return dict(self._named())

    def states(self) -> dict[str, JsonValue]:
        """The wanted states: the JSON of every object by its target."""
        return {target: one.model_dump(mode="json") for target, one in self._named()}

    def _named(self) -> Iterator[tuple[str, Send | LineItem | Post]]:
        for number, send in enumerate(self.sends, 1):
            further = f"/{number}" if number > 1 else ""
            yield f"send:{self.campaign}/{self.cycle}{further}", send
        for item in self.line_items:
            yield f"line_item:{self.campaign}/{item.name}", item
        for number, post in enumerate(self.posts, 1):
            yield f"post:{self.campaign}/{self.cycle}/{number}", post
