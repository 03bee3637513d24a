"""A freeze on the wall's clock: a workspace at work over a real mail server, stopped by a command.

`drumbeat up` runs in a process of its own and is in the middle of one send, with others queued
behind it and one scheduled for a moment that comes after the freeze. `drumbeat freeze --all` is
another process. What is asked afterwards: what left the house, and when.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from drumbeat.app.compose import App, open_app
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.core.governance.proposal import propose
from drumbeat.core.money import Money
from drumbeat.files.scaffold import init
from drumbeat.store import effects, holds, ledger, proposals, states
from drumbeat.store.effects import EffectStatus
from tests.connectors.smtp.mail_server import MailServer, free_port, mail_server
from tests.connectors.smtp.pieces import crowd, send, write_contacts
from tests.road.command import drumbeat, running

CAMPAIGN = "weekly-newsletter"
RUNNING, QUEUED, SCHEDULED = "running", ("queued-1", "queued-2"), "scheduled"
# Too many for any machine to be done with before the freeze: each takes the server a moment.
_READERS = 2_000
_A_MAIL_SECONDS = 0.02
_MOMENT = timedelta(seconds=2)
_NEVER = datetime.max.replace(tzinfo=UTC)
_MAIL = """    connector: simulated
    settings: {channel: email}
"""
_ASKED = """    risk: high
    phase: full
    approvals: {roles: [approver:brand, manager], count: 1}
    limits: {changes_per_day: 2}
    undo_hold: 30m
  email.cancel_send"""


@dataclass
class Seen:
    """``asked_at`` is when the server was asked to take each mail, ``frozen_at`` when the freeze
    could be read by others, ``command`` when its command began and had ended, ``attempts`` what
    was tried after it by the ledger's order, ``statuses`` what became of each send."""

    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    asked_at: list[datetime] = field(default_factory=list)
    frozen_at: datetime = _NEVER
    command: tuple[datetime, datetime] = (_NEVER, _NEVER)
    attempts: list[str] = field(default_factory=list)
    statuses: dict[str, EffectStatus] = field(default_factory=dict)

    @property
    def after(self) -> list[timedelta]:
        """How long after the freeze was in force the server was still asked, mail by mail."""
        return [at - self.frozen_at for at in self.asked_at if at > self.frozen_at]


def drill(folder: Path) -> Seen:
    """Let it run, freeze it, and wait until well after the scheduled moment."""
    seen = Seen()

    def asked(_: str) -> None:
        seen.asked_at.append(datetime.now(UTC))
        time.sleep(_A_MAIL_SECONDS)

    with mail_server(on_recipient=asked) as server:
        _workspace(folder, server)
        with _at_work(folder) as app:
            _until(lambda: len(server.taken) >= 10)
            _submit(app, SCHEDULED, not_before=app.clock.now() + _MOMENT)
            watching = Thread(target=_note_freeze, args=(app, seen))
            watching.start()
            began = datetime.now(UTC)
            done = drumbeat("freeze", "--all", "--reason", "a drill", "--as", "jon", "-C", folder)
            seen.command = began, datetime.now(UTC)
            assert done.code == 0, done.err
            watching.join()
            time.sleep(_MOMENT.total_seconds())
            _read(app, seen)
    return seen


def _workspace(folder: Path, server: MailServer) -> None:
    """The scaffold with a real mail account, on which a launcher may send by itself."""
    init(folder, datetime.now(UTC).date())
    settings = (
        f'host: 127.0.0.1, port: "{server.port}", security: none, contacts: contacts.csv, '
        "list_id: letters.northbean.example, unsubscribe_url: 'https://northbean.example/u'"
    )
    _edit(folder / "drumbeat.yaml", _MAIL, f"    connector: smtp\n    settings: {{{settings}}}\n")
    low = "    risk: low\n    phase: draft\n  email.cancel_send"
    _edit(folder / "policy" / "actions.yaml", _ASKED, low)
    campaign = folder / "campaigns" / f"{CAMPAIGN}.yaml"
    _edit(campaign, ", tighten: {email.schedule_send: ask}", "")
    write_contacts(folder, crowd(_READERS))


@contextmanager
def _at_work(folder: Path) -> Iterator[App]:
    app = open_app(folder)
    with app.database.write() as transaction:
        live = ConnectionMode.LIVE
        states.set_mode(transaction, "house-mail", live, "person:dana", app.clock.now())
    with running("up", "-C", folder, "--port", free_port(), until="Drumbeat runs at"):
        for name in (RUNNING, *QUEUED):
            _submit(app, name)
        yield app
    app.close()


def _submit(app: App, name: str, **more: Any) -> None:
    now = app.clock.now()
    address = {"from_address": "ana@northbean.example", "reply_to": "hello@northbean.example"}
    mail = send(now, **address)
    action = Action(
        kind="email.schedule_send",
        channel=Channel.EMAIL,
        connection="house-mail",
        campaign=CAMPAIGN,
        target=_target(name),
        before=None,
        after=mail.model_dump(mode="json"),
        spend_delta=Money.zero("EUR"),
        audience_size=_READERS,
    )
    launcher, until = Actor.agent("launcher"), now + timedelta(hours=2)
    asked = propose(action, launcher, "a drill", now=now, expires_at=until, **more)
    judged = app.gate.submit(asked)
    assert judged.status == "allowed", judged.verdict


def _note_freeze(app: App, seen: Seen) -> None:
    """To some milliseconds: as soon as it is committed, it is there to be read."""
    frozen = False
    while not frozen:
        with app.database.read() as connection:
            frozen = bool(holds.in_force(connection))
        time.sleep(0.005)
    seen.frozen_at = datetime.now(UTC)


def _read(app: App, seen: Seen) -> None:
    with app.database.read() as connection:
        entries = list(ledger.entries(connection))
        for asked in proposals.of_kind(connection, "email.schedule_send", seen.began):
            effect = effects.of_proposal(connection, asked.proposal.id)
            assert effect is not None
            seen.statuses[effect.target.rpartition("/")[2]] = effect.status
    (froze,) = [one for one in entries if one.kind == "froze"]
    attempts = [one for one in entries if one.kind == "attempted" and one.seq > froze.seq]
    seen.attempts = [str(one.body) for one in attempts]


def _target(name: str) -> str:
    return f"send:{CAMPAIGN}/{name}"


def _until(happened: Any) -> None:
    deadline = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < deadline, "it does not begin"
        time.sleep(0.02)


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} does not say {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")
