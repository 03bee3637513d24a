"""House: a real workspace served to a real browser, where people sign in with their accounts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from drumbeat.app.compose import App, open_app
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.identity import keep_password
from drumbeat.app.pages.services import services_for, web_settings
from drumbeat.files.scaffold import init
from drumbeat.web.application import create_app
from drumbeat.web.passwords import hash_password
from tests.web.serving import serving

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
    with serving(page) as port:
        yield House(app, f"http://localhost:{port}")
    app.close()
