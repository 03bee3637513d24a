"""House: a real workspace served to a real browser, where people sign in with their accounts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import uvicorn

from drumbeat.app.compose import App, open_app
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.identity import keep_password
from drumbeat.app.pages.services import services_for, web_settings
from drumbeat.files.scaffold import init
from drumbeat.web.application import create_app
from drumbeat.web.passwords import hash_password

PASSWORD = "seven slow spoons of sugar"


@dataclass(frozen=True)
class House:
    """``site`` is its address, by name: passkeys are made for names."""

    app: App
    site: str


@contextmanager
def open_house(folder: Path, *accounts: str) -> Iterator[House]:
    """A fresh workspace in which these people have a password, served on this machine."""
    init(folder, date(2026, 9, 7))
    app = open_app(folder, durable=False)
    kept = hash_password(PASSWORD)
    for account in accounts:
        keep_password(Ground(app), account, kept)
    page = create_app(services_for(app, dict), web_settings(app))
    config = uvicorn.Config(
        page, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=0
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield House(app, f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}")
    server.should_exit = True
    thread.join(5)
    app.close()
