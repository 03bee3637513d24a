"""Small worlds: the demo's workspace with one campaign alone, and enough to tell something by."""

import re
from pathlib import Path

from drumbeat.app.demo import Demo, open_demo, prepare

CAMPAIGN = "retargeting-evergreen"
NEWS = "weekly-newsletter"
POSTS = "social-calendar"
_TENFOLD = {
    "EUR 60-160/day": "EUR 600-1600/day",
    "EUR 4,200/month": "EUR 99,000/month",
    "EUR 360 ": "EUR 3600 ",
}


def ads_world(home: Path, *, scenario: str = "", hypotheses: str = "") -> Demo:
    """The ads on ten times their money; ``scenario`` is YAML in place of the demo's incidents,
    ``hypotheses`` what may be tested."""
    alone(home, CAMPAIGN, scenario, 7)
    rewrite(home / f"campaigns/{CAMPAIGN}.yaml", _TENFOLD, hypotheses=f"[{hypotheses}]")
    return open_demo(home, 7)


def news_world(
    home: Path, claim: str, *, scenario: str = "", seed: int = 7, segments: str = ""
) -> Demo:
    """The newsletter, with one claim to test: H-90, in YAML; ``segments`` are further ones."""
    alone(home, NEWS, scenario, seed)
    rewrite(home / f"campaigns/{NEWS}.yaml", {}, hypotheses="[H-90]")
    library = home / "hypotheses/newsletter.yaml"
    library.write_text(library.read_text(encoding="utf-8") + claim, encoding="utf-8")
    people = home / "data/segments.yaml"
    people.write_text(people.read_text(encoding="utf-8") + segments, encoding="utf-8")
    return open_demo(home, seed)


def social_world(home: Path, claim: str, *, scenario: str = "", seed: int = 7) -> Demo:
    """The posts, with one claim to test: H-90, in YAML."""
    alone(home, POSTS, scenario, seed)
    rewrite(home / f"campaigns/{POSTS}.yaml", {}, hypotheses="[H-90]")
    library = home / "hypotheses/social.yaml"
    library.write_text(library.read_text(encoding="utf-8") + claim, encoding="utf-8")
    return open_demo(home, seed)


def alone(home: Path, campaign: str, scenario: str, seed: int) -> None:
    """The demo's workspace with one campaign, its market without incidents."""
    prepare(home, seed)
    for other in (home / "campaigns").glob("*.yaml"):
        if other.stem != campaign:
            other.unlink()
    market = home / "scenarios/demo.yaml"
    quiet = market.read_text(encoding="utf-8").partition("incidents:")[0]
    market.write_text(f"{quiet}{scenario}\n", encoding="utf-8")


def rewrite(path: Path, texts: dict[str, str], **fields: str) -> None:
    """Change a campaign's file: texts by others, and top-level fields of one line."""
    content = path.read_text(encoding="utf-8")
    for old, new in texts.items():
        assert old in content, old
        content = content.replace(old, new)
    for name, value in fields.items():
        content = re.sub(rf"(?m)^{name}:.*$", f"{name}: {value}", content)
    path.write_text(content, encoding="utf-8")
