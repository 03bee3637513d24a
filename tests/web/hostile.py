"""Hostile text: what strangers may write into names, captions, comments and reasons."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from drumbeat.testing.web_world import WebWorld
from drumbeat.web.views.change import ChangeRow

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "untrusted" / "corpus.jsonl"
OURS = (
    '<script>document.title="owned"</script>',
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</textarea></title><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }} {% raw %} ${7*7}",
    "<details open ontoggle=alert(1)>",
    '<a href="javascript:alert(1)" hx-get="/freeze" hx-trigger="load">x</a>',
    "<style>body{display:none}</style>",
    "\u202egnp.exe \u2066x\u2069 \u200bhidden\u200b \U000e0041tag",
    "Z" + "\u0300\u0301\u0302\u0303" * 40,
    "W" * 600,
    "\u0000\u0007 bell",
    "مرحبا " * 30,
)


def corpus() -> tuple[str, ...]:
    """Ours and the shared ones; skips where those are not there."""
    if not CORPUS.exists():
        pytest.skip(f"the corpus of hostile texts is not at {CORPUS}")
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    return (*OURS, *(json.loads(line)["text"] for line in lines))


def fill(world: WebWorld, texts: tuple[str, ...]) -> None:
    """Use the texts as everything a stranger can name: campaigns, actions, owners, reasons."""
    model, change = world.campaigns["brew-tips"], world.changes[0]
    world.campaigns = {
        f"h{n}": replace(model, id=f"h{n}", name=text, last_action=text, metric=text[:80])
        for n, text in enumerate(texts)
    }
    world.changes = [_change(change, n, text) for n, text in enumerate(texts)]
    decision = world.decisions["prop-raise-retargeting"]
    world.decisions = {
        f"p{n}": replace(
            decision,
            item=replace(decision.item, id=f"p{n}", title=text, campaign=text, campaign_id=f"h{n}"),
            why=text,
            rule=text,
            if_nothing=text,
            diff=(replace(decision.diff[0], field=text, before=text, after=text + "!"),),
        )
        for n, text in enumerate(texts)
    }


def _change(model: ChangeRow, number: int, text: str) -> ChangeRow:
    return replace(
        model,
        id=f"e-{number}",
        actor=text,
        campaign=text,
        field=text,
        before=text,
        after=text,
        why=text,
    )
