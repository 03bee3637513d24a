"""Monday: the week as a letter to each person: what needs them, what changed and why, what held."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from drumbeat.app.compose import App
from drumbeat.app.pages.changes import KINDS, Changes
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import title_of
from drumbeat.app.reached import reached
from drumbeat.app.weekly import WEEK, weekly
from drumbeat.core.canonical import name
from drumbeat.gate.invite import Letter, can_answer, decision_link
from drumbeat.gate.notify import Post, post
from drumbeat.store import ledger, proposals, settings
from drumbeat.store.proposals import Judged
from drumbeat.web.format import show, visible
from drumbeat.web.views.change import ChangeRow

# Early enough to be read over the first coffee of the week.
_HOUR = 7
_LAST = "monday:last"
_MOST_ASKS, _MOST_LINES, _MOST_FIGURES = 8, 12, 12
_FOLDER = Path(__file__).parent / "letters"


def look(app: App, transaction: sa.Connection) -> datetime:
    """Send this week's letters, once its Monday morning has come; returns when to look again.

    A workspace that has never been looked at begins with the next Monday; one that was down on
    Monday morning sends late, once.
    """
    ground = Ground(app)
    this = _monday(ground, app.clock.now())
    kept = settings.get(transaction, _LAST)
    if kept is not None and kept < this.date().isoformat():
        send(app, transaction, this.date().isoformat())
    if kept is None or kept < this.date().isoformat():
        settings.put(transaction, _LAST, this.date().isoformat())
    local = (this + timedelta(days=7, hours=12)).astimezone(ground.zone)
    return local.replace(hour=_HOUR, minute=0)


def send(app: App, transaction: sa.Connection, occasion: str) -> tuple[str, ...]:
    """Write a letter for everybody a mail reaches; who they are. Repeating an occasion writes
    nothing again."""
    week = _Week.of(app, transaction)
    told = []
    for person, via in reached(app):
        letter = Letter(name("monday", occasion, person.id, via), person.id, app.clock.now())
        content = week.content(transaction, person.name, letter)
        made = Post(
            id=letter.id,
            person=person.id,
            via=via,
            about=f"monday/{occasion}",
            subject=content["subject"],
            text=_drawn("monday.txt", content),
            html=_drawn("monday.html", content),
        )
        if post(app.gate.door, transaction, made):
            told.append(person.id)
    if told:
        ledger.append(
            transaction,
            "digest_sent",
            at=app.clock.now(),
            actor="system:monday",
            subject=occasion,
            people=told,
        )
    return tuple(told)


def _monday(ground: Ground, now: datetime) -> datetime:
    """The last Monday morning that has come, in the workspace's zone."""
    local = now.astimezone(ground.zone)
    this = local.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    this -= timedelta(days=local.weekday())
    return this if this <= local else this - timedelta(days=7)


@dataclass(frozen=True)
class _Week:
    """What all the letters of a week share."""

    app: App
    waiting: list[Judged]
    changed: list[ChangeRow]
    held: Counter[tuple[str, str]]
    warnings: tuple[str, ...]
    figures: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, app: App, connection: sa.Connection) -> "_Week":
        since = app.clock.now() - WEEK
        entries = [e for e in ledger.entries(connection, kinds=KINDS) if e.at >= since]
        rows = Changes(Ground(app)).rows(connection, entries)
        report = weekly(app)
        return cls(
            app=app,
            waiting=proposals.waiting(connection),
            changed=[row for row in rows if row.field and not row.is_held][::-1],
            held=Counter((row.campaign, row.why) for row in rows if row.is_held),
            warnings=report.warnings,
            figures=report.tables[0].rows,
        )

    def content(self, connection: sa.Connection, to: str, letter: Letter) -> dict[str, Any]:
        """Everything a letter says to one person."""
        door, ground = self.app.gate.door, Ground(self.app)
        mine = [one for one in self.waiting if can_answer(door, connection, letter.person, one)]
        brand = self.app.files.workspace.brand.name
        many = f"{len(mine)} decisions wait" if len(mine) != 1 else "one decision waits"
        needs = f"{many} for you" if mine else "nothing waits for you"
        site = door.rules.site
        return {
            "subject": f"{brand}: {needs}; {len(self.changed)} changes last week",
            "to": to.split(" ")[0],
            "brand": brand,
            "window": f"{(letter.at - WEEK).astimezone(ground.zone):%b %-d} to "
            f"{letter.at.astimezone(ground.zone):%b %-d}",
            "lead": f"{needs[:1].upper()}{needs[1:]}. {len(self.changed)} things changed last "
            f"week, and {self.held.total()} times an agent looked and left everything as it was.",
            "asks": [self._ask(ground, judged, letter, site) for judged in mine[:_MOST_ASKS]],
            "more": max(0, len(mine) - _MOST_ASKS),
            "next_up": "Agents write when something does.",
            "changed": self._lines(ground),
            "held": [
                {"campaign": campaign or brand, "why": why, "times": times}
                for (campaign, why), times in self.held.most_common(_MOST_LINES)
            ],
            "warnings": self.warnings,
            "figures": self.figures[:_MOST_FIGURES],
            "site": site,
        }

    def _lines(self, ground: Ground) -> list[dict[str, str]]:
        """The newest changes; the same thing told twice in a minute is one line."""
        lines = {tuple(one.items()): one for one in (_line(ground, row) for row in self.changed)}
        return list(lines.values())[:_MOST_LINES]

    def _ask(self, ground: Ground, judged: Judged, letter: Letter, site: str) -> dict[str, str]:
        asked = judged.proposal
        action = asked.action
        due = judged.decide_by.astimezone(ground.zone) if judged.decide_by else None
        return {
            "title": title_of(
                action.model_dump(), ground.title(action.campaign), ground.zone, ground.title
            ),
            "due": f"{due:%A %H:%M}" if due else "",
            "why": asked.why,
            "if_nothing": asked.if_nothing,
            "url": decision_link(self.app.gate.door, letter, judged).url if site else "",
        }


def _line(ground: Ground, row: ChangeRow) -> dict[str, str]:
    return {
        "when": f"{row.at.astimezone(ground.zone):%a %H:%M}",
        "campaign": row.campaign or ground.app.files.workspace.brand.name,
        "what": row.field if row.before is row.after is None else _shift(row),
        "who": row.actor,
        "why": row.why,
    }


def _shift(row: ChangeRow) -> str:
    before = f"{show(row.before)} → " if row.before is not None else ""
    return f"{row.field}: {before}{show(row.after)}"


def _drawn(template: str, content: dict[str, Any]) -> str:
    """The letter with everything escaped, and hidden characters shown."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=template.endswith(".html"),
        undefined=StrictUndefined,
        finalize=visible if template.endswith(".html") else _one_line,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(content)


def _one_line(value: Any) -> Any:
    """What others wrote cannot begin a line of its own in a plain letter."""
    return " ".join(str(visible(value)).split()) if isinstance(value, str) else value
