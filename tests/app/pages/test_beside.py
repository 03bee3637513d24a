"""An asset is compared with what went out in its place before."""

from typing import Any

import pytest

from drumbeat.app.pages.beside import changed_since
from drumbeat.core.campaign.assets import Assets
from tests.app.pages.world import LAUNCH, World

POST: dict[str, Any] = {
    "object": "post",
    "name": "post",
    "network": "mastodon",
    "text": "Fresh today",
    "topic": "brewing",
    "hook": "fact",
    "format": "image",
    "publish_at": "2026-11-30T08:00:00Z",
}


def made(*posts: dict[str, Any]) -> Assets:
    return Assets.model_validate({"campaign": "c", "cycle": "c-7", "plan": "p", "posts": posts})


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param({}, (), id="nothing"),
        pytest.param({"text": "Other", "hook": "story"}, ("text", "topic"), id="words"),
        pytest.param({"publish_at": "2026-12-07T08:00:00Z"}, (), id="the same hour a week later"),
        pytest.param({"publish_at": "2026-12-07T09:00:00Z"}, ("hour",), id="another hour"),
        pytest.param({"boost_minor": 500}, ("boost",), id="money"),
    ],
)
def test_what_is_other_is_named(change: dict[str, Any], named: tuple[str, ...]) -> None:
    now, before = made({**POST, **change}), made(POST)
    (target, thing), *_ = now.objects().items()
    assert changed_since(target, thing, now, before) == named


def test_where_nothing_stood_nothing_is_compared() -> None:
    now, before = made(POST, {**POST, "name": "second"}), made({**POST, "text": "Other"})
    *_, (target, thing) = now.objects().items()
    assert changed_since("post:other", thing, now, before) == ()
    assert target


def test_the_page_names_what_went_out_before(seen: World) -> None:
    assets, asked = seen.services.assets, seen.waiting(LAUNCH)[0].proposal
    assert assets is not None
    view = assets.asset(f"{asked.action.cycle}.0")
    assert view is not None
    assert view.approved_version.startswith("what went out for ")
    assert view.changed_since
