"""Tour: five stops on the running screens; each is a plain link, and progress stays in a cookie.

``?tour=2`` begins or goes on at the second stop, ``?tour=off`` leaves it to be taken up again,
``?tour=done`` ends it.
"""

from dataclasses import dataclass
from datetime import timedelta

COOKIE = "drumbeat-tour"
LASTS = timedelta(days=90)
OFF, DONE = "off", "done"


@dataclass(frozen=True)
class Stop:
    """``place`` is the id of what the stop is about on the page at ``path``; ``text`` says what to
    look at there, ``deed`` what to do."""

    path: str
    place: str
    icon: str
    title: str
    text: str
    deed: str


STOPS = (
    Stop(
        "/today",
        "attention",
        "sun",
        "See what needs you",
        "Today answers three questions: what needs attention, what changed, what is running. "
        "The most urgent stands first, with its deadline and who is told next.",
        "Look at the list on the left. Is it empty? Set the clock to an hour a second.",
    ),
    Stop(
        "/inbox",
        "queue",
        "inbox",
        "Decide something",
        "Every proposal says what would change, why you, why, what if you do nothing, and whether "
        "it can be undone.",
        "Press A to approve or R to reject, or use the buttons; J and K move.",
    ),
    Stop(
        "/changes",
        "feed",
        "history",
        "Take it back",
        "A decision waits a moment before it takes effect; until then it can be undone. "
        "Afterwards each change offers its way back, or says why there is none.",
        "Find your own name in the feed, and press Undo or Roll back.",
    ),
    Stop(
        "/campaigns",
        "list",
        "layers",
        "Look into a campaign",
        "A chart with the range that was expected, everything that happened as numbers on it, and "
        "this cycle stage by stage with the time it used of the time it was allowed.",
        "Open a campaign, and follow “Open trace” to see each step an agent took.",
    ),
    Stop(
        "/freeze",
        "freeze",
        "snowflake",
        "Stop everything",
        "Freezing works from every page, for everybody, within a second. Anybody may; "
        "letting things move again takes an operator and a reason.",
        "Give a reason and freeze, then unfreeze. Nothing here is real.",
    ),
)


@dataclass(frozen=True)
class Tour:
    """Where somebody is: ``number`` counts from 1; ``is_here`` on the page of the stop."""

    number: int
    stop: Stop
    is_here: bool

    @property
    def last(self) -> int:
        return len(STOPS)

    @property
    def link(self) -> str:
        return link_to(self.number)

    @property
    def back(self) -> str:
        return link_to(self.number - 1) if self.number > 1 else ""

    @property
    def onward(self) -> str:
        return link_to(self.number + 1) if self.number < len(STOPS) else f"/welcome?tour={DONE}"


def link_to(number: int) -> str:
    """The stop's page, at the thing it is about."""
    stop = STOPS[number - 1]
    return f"{stop.path}?tour={number}#{stop.place}"


def kept_of(cookie: str, asked: str) -> str:
    """What the cookie should say: ``2`` on the way, ``off2`` left there, ``done``, or nothing."""
    at = number_of(asked)
    if at:
        return str(at)
    if asked == OFF:
        return f"{OFF}{number_of(cookie) or 1}"
    if asked == DONE:
        return DONE
    return cookie if cookie == DONE or number_of(cookie.removeprefix(OFF)) else ""


def number_of(text: str) -> int:
    """The stop's number; 0 for anything else."""
    return int(text) if len(text) == 1 and text in "12345" else 0


def tour_of(kept: str, path: str) -> Tour | None:
    """The tour as it shows on a page; None for somebody who is not on it."""
    number = number_of(kept)
    if not number:
        return None
    stop = STOPS[number - 1]
    return Tour(number, stop, path == stop.path or path.startswith(f"{stop.path}/"))


@dataclass(frozen=True)
class Progress:
    """How far somebody came; ``number`` is 0 for who has not begun."""

    number: int
    is_done: bool

    @property
    def resume(self) -> str:
        return link_to(self.number or 1)

    @property
    def first(self) -> str:
        return link_to(1)


def progress_of(kept: str) -> Progress:
    """How far they came, by the cookie; the stop they left at counts as where they are."""
    return Progress(number_of(kept.removeprefix(OFF)), kept == DONE)
