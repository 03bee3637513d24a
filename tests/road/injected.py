"""A week of the demo into which other people's words are carried, and all that must not move."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from drumbeat.agents.builder import Builder
from drumbeat.agents.reviewer import Reviewer
from drumbeat.app.approver import ScriptedApprover
from drumbeat.app.compose import App, open_app
from drumbeat.app.demo import START, prepare
from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.connectors.simulated.market.event import Event
from drumbeat.connectors.simulated.market.webhook import calls
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.compliance.rule_set import rule_set
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.permit import Permit
from drumbeat.core.governance.receipt import Receipt
from drumbeat.cycle.work import CampaignWork
from drumbeat.engine.clock import VirtualClock
from drumbeat.engine.inline import Inline
from drumbeat.gate.receive import Received
from drumbeat.store import objects
from drumbeat.store.platform_tables import connection
from drumbeat.store.proposals import Judged
from drumbeat.store.tables import approval, budget, hold, setting
from drumbeat.store.trouble_tables import sla_clock
from drumbeat.testing.obedient import ObedientWriter, obedient_rule
from tests.road.record import Record

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "untrusted" / "corpus.jsonl"
KEY = b"a key that only tests know"
SEED = 7
SECRET = b"simulated-market-7"
DAYS = 7


def texts(*kinds: str) -> list[str]:
    """The corpus, or those rows of it; each one only once."""
    rows = (json.loads(line) for line in CORPUS.read_text("utf-8").splitlines())
    return list(dict.fromkeys(row["text"] for row in rows if row["kind"] in kinds or not kinds))


def one_line(text: str) -> str:
    """As a field of a file can hold it: on one line, of characters YAML knows, and no number."""
    known = "".join(c if c.isprintable() or c in "\u200b\u202e\u2066" else " " for c in text)
    return f"note {' '.join(known.split())}"


# Carriers in files: each writes the words where people and imports put words.


def briefs(folder: Path, words: list[str]) -> None:
    """The campaigns' names: what a brief is called."""
    files = sorted((folder / "campaigns").glob("*.yaml"))
    for number, file in enumerate(files):
        data = yaml.safe_load(file.read_text("utf-8"))
        data["name"] = " / ".join(map(one_line, words[number :: len(files)]))
        _write(file, data)


def csv_cells(folder: Path, words: list[str]) -> None:
    """Every text column of every export."""
    for name in ("email", "ads", "social"):
        file = folder / "data" / "history" / f"{name}.csv"
        with file.open(encoding="utf-8", newline="") as read:
            rows = list(csv.DictReader(read))
        with file.open("a", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[-1]))
            writer.writerows(_row(rows[-1], text) for text in words)


def context_notes(folder: Path, words: list[str]) -> None:
    """What people noted of the moment."""
    at = (START - timedelta(days=2)).isoformat()

    def note(data: Any) -> None:
        data["releases"] = [{"at": at, "what": one_line(text)} for text in words]
        data["sales_cycle"]["note"] = one_line(words[0])
        for flag, text in zip(data["fatigue"], words[1:], strict=False):
            flag["evidence"] = one_line(text)
        for season, text in zip(data["seasons"], words[3:], strict=False):
            season["name"] = one_line(text)

    _edit(folder / "data" / "context.yaml", note)


def landing_pages(folder: Path, words: list[str]) -> None:
    """The inventory's words, as they were taken from pages."""

    def fill(data: Any) -> None:
        pieces = data["content"]
        for number, piece in enumerate(pieces):
            share = [one_line(text)[:300] for text in words[number :: len(pieces)]]
            piece["summary"] = " ".join(share[:3])
            piece["points"] = share[3:9]

    _edit(folder / "data" / "content.yaml", fill)


FILES: Mapping[str, Callable[[Path, list[str]], None]] = {
    "briefs": briefs,
    "csv cells": csv_cells,
    "context notes": context_notes,
    "landing pages": landing_pages,
}
LIVE = frozenset({"comments", "replies", "platform errors"})


def _edit(file: Path, change: Callable[[Any], None]) -> None:
    data = yaml.safe_load(file.read_text("utf-8"))
    change(data)
    _write(file, data)


def _write(file: Path, data: Any) -> None:
    file.write_text(yaml.safe_dump(data, allow_unicode=True, width=10**9), encoding="utf-8")


def _row(like: dict[str, str], text: str) -> dict[str, str]:
    """A row of small numbers whose texts are all the same words."""
    return {
        name: value if _is_figure(value) or name == "date" else text for name, value in like.items()
    }


def _is_figure(value: str) -> bool:
    return value.replace(".", "").replace("-", "").isdigit()


class Approver(ScriptedApprover):
    """Answers everything soon, whatever it is called; ``knows`` says what it agrees to."""

    knows: Callable[[Judged], bool] = staticmethod(lambda judged: True)

    def _luck(self, name: str, what: str) -> int:
        return 1

    def _answer(self, judged: Judged) -> None:
        if self.knows(judged):
            super()._answer(judged)
        self._answered.add(judged.proposal.id)


class Grumpy:
    """A platform that refuses each change three times, in words of somebody's choosing."""

    def __init__(self, inner: Any, words: list[str]) -> None:
        self._inner, self._words = inner, words
        self.said = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def apply(self, action: Action, permit: Permit) -> Receipt:
        if permit.attempt <= 3:
            share = self._words[self.said % 48 :: 48]
            self.said += 1
            raise ConnectorError(ErrorKind.RETRY_AFTER, " / ".join(share))
        receipt: Receipt = self._inner.apply(action, permit)
        return receipt


# Carrier, what it is about, and the connection whose platform tells of it.
_TOLD = (("comments", "post:", "social-accounts"), ("replies", "send:", "house-mail"))


@dataclass
class Mailman:
    """Hands comments and replies in at the door, signed as the platform signs them, as soon as
    there is something to comment on."""

    app: App
    carriers: frozenset[str]
    words: list[str]
    done: set[str] = field(default_factory=set)

    def __call__(self, now: datetime) -> datetime | None:
        waiting = [one for one in _TOLD if one[0] in self.carriers - self.done]
        for carrier, about, over in waiting:
            under = self._live(about)
            if under:
                self.done.add(carrier)
                self._hand_in(over, under[0], carrier, now)
        return now + timedelta(hours=6) if self.carriers - self.done else None

    def _live(self, prefix: str) -> list[str]:
        with self.app.database.read() as reading:
            live = objects.alive(reading, self.app.clock.now())
        return [one.target for one in live if one.target.startswith(prefix)]

    def _hand_in(self, over: str, under: str, carrier: str, now: datetime) -> None:
        told = [
            Event(f"{carrier}-{n}", "commented", now, under, author=f"user-{n}", text=text)
            for n, text in enumerate(self.words)
        ]
        for call in calls(told, SECRET, now):
            answer = self.app.gate.receive(over, call.body, call.headers)
            assert isinstance(answer, Received), answer
            assert answer.new


@dataclass(frozen=True)
class Week:
    """What a week left behind."""

    folder: Path
    writer: ObedientWriter
    standing: Mapping[str, Any]


def live_through(
    folder: Path,
    words: list[str],
    carriers: Iterable[str],
    knows: Callable[[Judged], bool] | None = None,
    days: int = DAYS,
) -> Week:
    """``days`` with the words in the carriers, an obedient model, and people who answer."""
    carried = frozenset(carriers)
    prepare(folder, SEED)
    for name in sorted(carried & FILES.keys()):
        FILES[name](folder, words)
    app, writer = _opened(folder)
    if "platform errors" in carried:
        platforms = app.gate.door.platforms
        app.gate.door.platforms = {
            name: replace(one, connector=Grumpy(one.connector, words))  # type: ignore[arg-type]
            for name, one in platforms.items()
        }
    approver = Approver(app.gate, SEED)
    mailman = Mailman(app, carried & LIVE - {"platform errors"}, words)
    if knows is not None:
        approver.knows = knows

    def idle(now: datetime) -> datetime | None:
        times = [at for at in (approver(now), mailman(now)) if at is not None]
        return min(times, default=None)

    app.work.start()
    Inline(app.work, app.clock, idle=idle, strict=True).run_until(START + timedelta(days=days))  # type: ignore[arg-type]
    week = Week(folder, writer, standing(app))
    app.close()
    return week


def _opened(folder: Path) -> tuple[App, ObedientWriter]:
    app = open_app(folder, clock=VirtualClock(START), durable=False, key=KEY, calm_hours=4)
    writer = ObedientWriter()
    team = replace(
        app.office.team,
        builder=Builder(writer=writer),
        reviewer=Reviewer(rules=(*rule_set(), obedient_rule)),
    )
    office = replace(app.office, team=team)
    vars(app).update(office=office, work=CampaignWork(office))
    return app, writer


def standing(app: App) -> Mapping[str, Any]:
    """What no text may move: plans, effects, approvals, caps, promises, modes and memory."""
    record = Record(app.home)
    plans, lessons = record.documents("plan"), record.documents("lessons")
    # Among changes due at the same moment, the order is that of their names.
    orders = sorted(((order.target, order.after) for order in record.orders()), key=repr)
    packs = {
        one["brief"]["campaign"]: Assets.model_validate(one["assets"]).digest
        for one in record.documents("pack")
    }
    record.close()
    with app.database.read() as reading:

        def rows(table: sa.Table, *columns: str) -> list[tuple[Any, ...]]:
            query = sa.select(*(table.c[name] for name in columns))
            return sorted((tuple(row) for row in reading.execute(query)), key=repr)

        clocks = rows(sla_clock, "policy", "stage", "subject", "started_at", "due_at")
        return {
            "plans": plans,
            "effects": orders,
            "assets": packs,
            "approvals": len(rows(approval, "id")),
            "caps": rows(budget, "scope", "committed_minor"),
            "promises": clocks,
            "modes": rows(connection, "id", "mode") + rows(hold, "mode", "scope_kind", "scope_of"),
            "memory": [lessons, *_memory(rows(setting, "name", "value"))],
            "policy": app.gate.door.rules.version,
        }


def _memory(settings: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What is remembered beside lessons, but for the watch's own looks."""
    return [row for row in settings if not str(row[0]).startswith(("watch:", "hold:"))]
