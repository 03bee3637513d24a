"""Menu: the pages people move between, with their icon and the letter after G."""

from dataclasses import dataclass

from drumbeat.web.services import Services


@dataclass(frozen=True)
class MenuItem:
    """``port`` names the service the page needs; without it the item is not shown."""

    path: str
    label: str
    icon: str
    letter: str
    port: str
    is_second: bool = False
    is_on_phone: bool = False
    is_here: bool = False


@dataclass(frozen=True)
class Menu:
    """The items that are there, in order: ``first`` on the side, ``second`` below them, ``phone``
    along the bottom of a small screen."""

    items: tuple[MenuItem, ...]

    @property
    def first(self) -> tuple[MenuItem, ...]:
        return tuple(item for item in self.items if not item.is_second)

    @property
    def second(self) -> tuple[MenuItem, ...]:
        return tuple(item for item in self.items if item.is_second)

    @property
    def phone(self) -> tuple[MenuItem, ...]:
        return tuple(item for item in self.items if item.is_on_phone)


_ITEMS = (
    MenuItem("/today", "Today", "sun", "t", "today", is_on_phone=True),
    MenuItem("/inbox", "Inbox", "inbox", "i", "decisions", is_on_phone=True),
    MenuItem("/campaigns", "Campaigns", "layers", "p", "campaigns", is_on_phone=True),
    MenuItem("/calendar", "Calendar", "calendar-days", "c", "calendar", is_on_phone=True),
    MenuItem("/experiments", "Experiments", "flask-conical", "e", "experiments"),
    MenuItem("/changes", "Changes", "history", "h", "changes"),
    MenuItem("/review", "Weekly review", "clipboard-check", "w", "review"),
    MenuItem("/autonomy", "Autonomy", "shield", "a", "autonomy", is_second=True),
    MenuItem("/connections", "Connections", "plug", "n", "connections", is_second=True),
    MenuItem("/settings", "Settings", "settings", "s", "today", is_second=True),
    MenuItem("/menu", "More", "menu", "m", "today", is_second=True, is_on_phone=True),
)


def menu_of(services: Services, path: str) -> Menu:
    """The menu of what is there, with the page of ``path`` marked."""
    there = (item for item in _ITEMS if getattr(services, item.port, None) is not None)
    return Menu(tuple(_marked(item, path) for item in there))


def _marked(item: MenuItem, path: str) -> MenuItem:
    is_here = path == item.path or path.startswith(f"{item.path}/")
    values = {**item.__dict__, "is_here": is_here}
    return MenuItem(**values)
