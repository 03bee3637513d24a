"""Calendar: week, month or list; a feed for calendar programs; a menu that moves an item."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Form, Query, Response

from drumbeat.web.ics import feed
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.verbs import Refused
from drumbeat.web.views.calendar import CalendarItem, CalendarReads, CalendarView
from drumbeat.web.visit import Here, Visit, wired
from drumbeat.web.weeks import Shape, Span, span_of

router = room()
# More tiles than this on one day are counted, not drawn; the list shows them all, page by page.
_TILES = {Shape.WEEK: 12, Shape.MONTH: 5, Shape.LIST: 0}
_ROWS = 100
Word = Annotated[str, Query(max_length=20)]
Short = Annotated[str, Form(max_length=200)]


@router.get("/calendar")
@needs(Right.SEE)
def calendar(
    here: Here,
    shape: Word = "week",
    day: Word = "",
    after: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """What goes out around ``day`` (ISO; today for anything else) as a week, a month or a list;
    ``after`` leaves out so many items of the list, which shows 100 a page."""
    return _page(here, shape, day, None, after)


@router.get("/calendar.ics")
@needs(Right.SEE)
def ics(here: Here) -> Response:
    """A month back, a quarter ahead."""
    today = _today(here)
    view = _reads(here).calendar(today - timedelta(days=31), today + timedelta(days=92))
    text = feed(view.items, here.shell.workspace, here.shell.now)
    return Response(text, media_type="text/calendar; charset=utf-8")


@router.post("/calendar/{item_id}/move")
@needs(Right.OPERATE)
def move(item_id: str, here: Here, to: Short = "", shape: Short = "week") -> Response:
    """``to`` is what a browser's date-and-time field sends, in the workspace's zone."""
    try:
        at = datetime.fromisoformat(to).replace(tzinfo=here.shell.zone)
    except ValueError:
        return _page(here, shape, "", Refused("Choose a day and a time to move it to.", 422))
    answer = here.services.verbs.move(item_id, at, here.person)
    if isinstance(answer, Refused):
        return _page(here, shape, at.date().isoformat(), answer)
    return here.go("/calendar", answer)


def _page(here: Visit, shape: str, day: str, refused: Refused | None, after: int = 0) -> Response:
    chosen = Shape(shape) if shape in set(Shape) else Shape.WEEK
    span = span_of(chosen, _day(day) or _today(here))
    view = _reads(here).calendar(span.first, span.last)
    return here.page(
        "calendar.html",
        status=refused.status if refused else 200,
        view=view,
        span=span,
        today=_today(here),
        by_day=_by_day(here, view, span),
        most=_TILES[chosen],
        agenda=_agenda(here, view, _day(day) or span.first, after),
        refused=refused,
    )


@dataclass(frozen=True)
class _Agenda:
    """One page of the list: its items by day, and where the next page begins."""

    days: dict[date, list[CalendarItem]]
    since: date
    next: int | None
    left: int


def _agenda(here: Visit, view: CalendarView, since: date, after: int) -> _Agenda:
    """The items from ``since`` on, without the first ``after`` of them."""
    days: dict[date, list[CalendarItem]] = {}
    dated = [(item.at.astimezone(here.shell.zone).date(), item) for item in view.items]
    left = [(day, item) for day, item in dated if day >= since][after:]
    for day, item in left[:_ROWS]:
        days.setdefault(day, []).append(item)
    if len(left) <= _ROWS:
        days |= {gap.day: [] for gap in view.gaps if gap.day >= since and gap.day not in days}
    more = max(0, len(left) - _ROWS)
    return _Agenda(dict(sorted(days.items())), since, after + _ROWS if more else None, more)


def _by_day(here: Visit, view: CalendarView, span: Span) -> dict[date, dict[str, list[object]]]:
    days: dict[date, dict[str, list[object]]] = {
        day: {"items": [], "gaps": [], "off": []} for day in span.days
    }
    for item in view.items:
        days[item.at.astimezone(here.shell.zone).date()]["items"].append(item)
    for name, gaps in (("gaps", view.gaps), ("off", view.days_off)):
        for gap in gaps:
            days[gap.day][name].append(gap)
    return days


def _reads(here: Visit) -> CalendarReads:
    port: CalendarReads = wired(here.services.calendar)
    return port


def _today(here: Visit) -> date:
    return here.shell.now.astimezone(here.shell.zone).date()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
