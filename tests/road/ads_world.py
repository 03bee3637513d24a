"""Ads world: the demo's workspace with its ads alone, and money enough to tell something by."""

import re
from pathlib import Path

from drumbeat.app.demo import Demo, open_demo, prepare

CAMPAIGN = "retargeting-evergreen"
_TENFOLD = {
    "EUR 60-160/day": "EUR 600-1600/day",
    "EUR 4,200/month": "EUR 99,000/month",
    "EUR 360 ": "EUR 3600 ",
}


def ads_world(home: Path, *, scenario: str = "", hypotheses: str = "") -> Demo:
    """The campaign on ten times its money; ``scenario`` is YAML in place of the demo's incidents,
    ``hypotheses`` what may be tested."""
    prepare(home, 7)
    for other in ("weekly-newsletter", "social-calendar"):
        (home / f"campaigns/{other}.yaml").unlink()
    rewrite(home / f"campaigns/{CAMPAIGN}.yaml", _TENFOLD, hypotheses=f"[{hypotheses}]")
    market = home / "scenarios/demo.yaml"
    quiet = market.read_text(encoding="utf-8").partition("incidents:")[0]
    market.write_text(f"{quiet}{scenario}\n", encoding="utf-8")
    return open_demo(home, 7)


def rewrite(path: Path, texts: dict[str, str], **fields: str) -> None:
    """Change a campaign's file: texts by others, and top-level fields of one line."""
    content = path.read_text(encoding="utf-8")
    for old, new in texts.items():
        assert old in content, old
        content = content.replace(old, new)
    for name, value in fields.items():
        content = re.sub(rf"(?m)^{name}:.*$", f"{name}: {value}", content)
    path.write_text(content, encoding="utf-8")
