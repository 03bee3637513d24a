"""Minutes letter: what a weekly review agreed, as a mail to everybody a mail reaches."""

from datetime import date
from html import escape

import sqlalchemy as sa

from drumbeat.app.compose import App
from drumbeat.app.pages.minutes import Minutes
from drumbeat.app.reached import reached
from drumbeat.core.canonical import name
from drumbeat.gate.notify import Post, post
from drumbeat.store import ledger
from drumbeat.web.format import visible


def send_minutes(
    app: App, transaction: sa.Connection, first: date, made: Minutes
) -> tuple[str, ...]:
    """Write the letters for the week that begins on ``first``; whom they reach. The same minutes
    are sent once to each; changed ones are sent anew."""
    text, brand = str(visible(made.text)), app.files.workspace.brand.name
    everybody, told = list(reached(app)), []
    for person, via in everybody:
        letter = Post(
            id=name("minutes", first.isoformat(), made.text, person.id, via),
            person=person.id,
            via=via,
            about=f"minutes/{first:%G-W%V}",
            subject=f"{brand}: minutes of the week of {first:%B} {first.day}",
            text=f"{text}\n",
            html=_page(text),
        )
        if post(app.gate.door, transaction, letter):
            told.append(person.id)
    if told:
        ledger.append(
            transaction,
            "minutes_sent",
            at=made.at,
            actor=f"person:{made.by}",
            subject=f"{first:%G-W%V}",
            people=told,
        )
    return tuple(dict.fromkeys(person.id for person, _ in everybody))


def _page(text: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Minutes</title>'
        '<body style="font-family:sans-serif;white-space:pre-wrap">'
        f"{escape(text)}</body></html>"
    )
