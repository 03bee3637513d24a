"""Naming: changes and their targets in the words of the people who decide about them."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from drumbeat.app.pages.words import moment
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.money import Money
from drumbeat.web.format import show
from drumbeat.web.views.decision import Look

_LOOKS = {
    "campaign.launch": Look.START,
    "campaign.create": Look.START,
    "ads.set_budget": Look.MONEY,
    "ads.set_placements": Look.MONEY,
    "ads.set_bid": Look.MONEY,
    "budget.allocate": Look.MONEY,
    "budget.move": Look.MONEY,
    "social.boost_post": Look.MONEY,
    "social.stop_boost": Look.MONEY,
    "ads.pause": Look.ALARM,
    "email.cancel_send": Look.ALARM,
    "social.delete_post": Look.ALARM,
}
_BY_FAMILY = {
    "email": Look.MAIL,
    "ads": Look.AD,
    "social": Look.POST,
    "experiment": Look.TEST,
}

_NETWORKS = {"linkedin": "LinkedIn", "tiktok": "TikTok", "x": "X"}


def look_of(kind: str) -> Look:
    """The sign a kind of action goes by: its own, else its family's, else a rule's."""
    return _LOOKS.get(kind) or _BY_FAMILY.get(kind.partition(".")[0], Look.RULE)


def kind_title(kind: str) -> str:
    """What an action kind does, in words."""
    known = KINDS.get(kind)
    return known.title if known else kind.replace("_", " ").replace(".", ": ")


def title_of(
    action: dict[str, Any], campaign: str, zone: ZoneInfo, titles: Callable[[str], str] = str
) -> str:
    """One line for a change. ``action`` is its JSON, ``campaign`` the campaign's name; ``titles``
    names others by their ids."""
    if action["kind"] == budget_move.KIND:
        return _moved(action, titles)
    state = action["after"] if isinstance(action["after"], dict) else {}
    if action["kind"] == "campaign.launch":
        starts = moment(str(state.get("starts_at", "")), zone)
        when = f"{starts:%a %b} {starts.day}" if not isinstance(starts, str) else "the next cycle"
        return f"Launch {campaign}, {when}"
    about = thing(action, zone)
    return f"{kind_title(action['kind'])}: {about}" if about else kind_title(action["kind"])


def _moved(action: dict[str, Any], titles: Callable[[str], str]) -> str:
    """Who gives, who gets, and how much."""
    made = Action.model_validate(action)
    giver, taker = budget_move.sides(made)
    money = Money(minor=budget_move.amount(made), currency=made.spend_delta.currency)
    # Campaigns of one title are told apart by their ids.
    named = str if titles(giver) == titles(taker) else titles
    return f"Move {money} a day from {named(giver)} to {named(taker)}"


def thing(action: dict[str, Any], zone: ZoneInfo) -> str:
    """What a change is about: a line item's name, a post's network and time, a setting's name."""
    states = (action.get("after"), action.get("before"))
    state = next((one for one in states if isinstance(one, dict)), {})
    if state.get("object") == "post":
        return f"{network_title(state['network'])}, {show(moment(state['publish_at'], zone))}"
    if state.get("object") == "send":
        return f"{_subject(state)}, {show(moment(state['send_at'], zone))}"
    if action["target"].startswith("experiment:"):
        # A test's id says nothing; its claim does, where the change carries it.
        claim = state.get("hypothesis")
        return str(claim.get("change", "")).rstrip(".") if isinstance(claim, dict) else ""
    if action["kind"] == "campaign.create":
        return str(state.get("name") or state.get("campaign") or action["target"])
    file, _, rule = action["target"].partition("#")
    if rule and file.endswith(".yaml"):
        return f"{rule} in {file}"
    name = target_name(action["target"])
    return f"{name}: {state['value']}" if "value" in state else name


def network_title(name: str) -> str:
    """A network's name as it writes itself."""
    return _NETWORKS.get(name) or name.capitalize()


def _subject(send: dict[str, Any]) -> str:
    """What readers know a mail by; its name in links where it has no subject."""
    variants = send.get("variants") or [{}]
    subject = str(variants[0].get("subject") or "")
    # A subject that is a quotation brings its own marks.
    quoted = subject if subject.startswith("“") else f"“{subject}”"
    return quoted if subject else str(send["name"])


def source_title(source: str) -> str:
    """Where a piece of evidence comes from, without the ids that only machines need."""
    kind, _, path = source.partition(":")
    name = path.rpartition("/")[2].replace("-", " ")
    if kind in ("post", "line_item", "send"):
        return f"{kind.replace('_', ' ')} {name}" if not name.startswith("cyc ") else "this mail"
    if kind == "experiment":
        return "the test itself"
    number = source.removeprefix("ledger#")
    return f"ledger entry {number}" if number != source else source


def target_name(target: str) -> str:
    """A target's own part of its name; of a rule, what it rules."""
    if target.startswith("level:"):
        kind, _, channel = target.removeprefix("level:").partition("@")
        return f"{kind_title(kind)} on {channel}"
    file, _, entry = target.partition("#")
    if entry and file.endswith(".yaml"):
        return kind_title(entry) if entry in KINDS else entry.rpartition("/")[2]
    return target.partition(":")[2].rpartition("/")[2].replace("_", " ") or target
