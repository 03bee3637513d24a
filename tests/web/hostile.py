"""Hostile text: what strangers may write into names, captions, comments and reasons."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from drumbeat.testing.web_content.planning import ITEMS
from drumbeat.testing.web_world import WebWorld
from drumbeat.web.views.asset import AssetView, Comment, PostPreview
from drumbeat.web.views.campaign import Setting
from drumbeat.web.views.change import ActorKind, ChangeRow
from drumbeat.web.views.cycle import CycleView
from drumbeat.web.views.experiment import ExperimentView
from drumbeat.web.views.review import Stumble
from drumbeat.web.views.saved import SavedView
from drumbeat.web.views.trouble import TroubleLine, TroubleView
from drumbeat.web.views.value import Page

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


def bundled(texts: tuple[str, ...], size: int = 5) -> tuple[str, ...]:
    """Each text once, several in one name: where one ends its element, the others follow it out.

    Ours stay alone, since some act only where they begin a value.
    """
    rest = texts[len(OURS) :]
    return (*OURS, *(" ".join(rest[n : n + size]) for n in range(0, len(rest), size)))


def fill(world: WebWorld, texts: tuple[str, ...]) -> None:
    """Use the texts as everything a stranger can name: campaigns, actions, owners, reasons."""
    model, change = world.campaigns["brew-tips"], world.changes[0]
    world.campaigns = {
        f"h{n}": replace(model, id=f"h{n}", name=text, last_action=text, metric=text[:80])
        for n, text in enumerate(texts)
    }
    world.changes = [_change(change, n, text) for n, text in enumerate(texts)]
    world.items = tuple(
        replace(ITEMS[0], id=f"i{n}", title=text, campaign=text) for n, text in enumerate(texts)
    )
    trouble = world.troubles["esc-spend-pace"]
    world.troubles |= {
        f"t{n}": replace(trouble, row=replace(trouble.row, id=f"t{n}", title=text, campaign=text))
        for n, text in enumerate(texts)
    }
    world.stumbles = tuple(Stumble(text, text, "e-0", text) for text in texts)
    world.views = [SavedView(text[:60], "channel=ads") for text in texts[:12]]
    world.minutes["2026-W47"] = "\n".join(texts)
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


def fill_pages(world: WebWorld, texts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts as captions, comments, stories, steps and promises, fifty a page; the paths of
    the pages that show them."""
    paths: list[str] = []
    for number, start in enumerate(range(0, len(texts), 50)):
        chunk, name = texts[start : start + 50], f"many{number}"
        world.assets[name] = _asset(world, name, chunk)
        world.troubles[name] = _trouble(world, name, chunk)
        world.cycles[name] = _cycle(world, name, chunk)
        world.experiments[name] = _experiment(world, name, chunk)
        kinds = ("assets", "escalations", "cycles", "experiments")
        paths += [f"/{kind}/{name}" for kind in kinds]
    return tuple(paths)


def _asset(world: WebWorld, name: str, texts: tuple[str, ...]) -> AssetView:
    model = world.assets["post-v60"]
    post = model.variants[0].previews[0]
    assert isinstance(post, PostPreview)
    shown = tuple(replace(post, text=one, account=one[:60]) for one in texts)
    variant = replace(model.variants[0], previews=shown)
    comments = tuple(Comment(one[:60], world.now, one, "v1") for one in texts)
    return replace(model, id=name, title=texts[0], variants=(variant,), comments=Page(comments))


def _trouble(world: WebWorld, name: str, texts: tuple[str, ...]) -> TroubleView:
    model = world.troubles["esc-spend-pace"]
    lines = tuple(TroubleLine(world.now, one[:60], ActorKind.PERSON, one) for one in texts)
    row = replace(model.row, id=name, title=texts[0], campaign=texts[0])
    return replace(model, row=row, story=lines, outcome=texts[0])


def _cycle(world: WebWorld, name: str, texts: tuple[str, ...]) -> CycleView:
    model = world.cycles["brand-search-2026-w48"]
    step = model.trace[0].rows[0]
    rows = tuple(replace(step, text=one, given=one, gave=one) for one in texts)
    stages = tuple(replace(model.stages[0], text=one) for one in texts)
    group = replace(model.trace[0], rows=rows)
    return replace(model, id=name, campaign=texts[0], stages=stages, trace=(group,))


def _experiment(world: WebWorld, name: str, texts: tuple[str, ...]) -> ExperimentView:
    model = world.experiments["H-07"]
    promised = tuple(Setting(one[:60], one) for one in texts)
    row = replace(model.row, id=name, name=texts[0], campaign=texts[0])
    return replace(model, row=row, registered=promised, sentence=texts[0], lesson=texts[0])


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
