"""Edit: what of a waiting proposal a person may change, amounts or a launch's words, as a form; and
what becomes of it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import network_title
from drumbeat.app.pages.previews import mail
from drumbeat.app.pages.words import label, sentence
from drumbeat.core.campaign.exposure import UnreadableState, exposure
from drumbeat.core.campaign.pack import LaunchPack
from drumbeat.core.campaign.rewording import EVERY_MAIL, BadWording, Wording, reword, words_of
from drumbeat.core.campaign.workspace import Brand
from drumbeat.core.governance.action import Action
from drumbeat.core.money import Money
from drumbeat.cycle.rewording import reword_launch
from drumbeat.gate.answer import NotAnswered
from drumbeat.gate.facts import PACK_KIND
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.decision import EditField
from drumbeat.web.views.shell import Person

# What fits into one line of a form, in characters.
_A_LINE = 60
_BODY = "The body of the mail"
# Amounts of money a person may set; everything else is for the agent to propose anew.
_AMOUNTS = ("daily_budget_minor", "boost_minor", "target_cpa_minor")


def fields_of(judged: Judged, pack: LaunchPack | None) -> tuple[EditField, ...]:
    """The texts to start from: the amounts that change, or every text of the launch."""
    if judged.status is not Status.WAITING:
        return ()
    if pack is None:
        return _amounts(judged.proposal.action)
    return tuple(map(_field, words_of(pack.assets)))


def mail_with(pack: LaunchPack, values: Mapping[str, str], brand: Brand) -> str | Refused:
    """The first mail that these words change, for its first reader."""
    try:
        made = reword(pack.assets, values).assets
    except BadWording as error:
        return Refused(sentence(str(error)), 422)
    mails = [
        (send, new, new != old)
        for send, was in zip(made.sends, pack.assets.sends, strict=True)
        for new, old in zip(send.variants, was.variants, strict=True)
    ]
    if not mails:
        return Refused("This launch sends no mail.", 404)
    send, variant, _ = next((one for one in mails if one[2]), mails[0])
    shown = mail("", send, variant, brand)
    return shown.html[shown.profiles[0].id]


def edited(
    ground: Ground,
    judged: Judged,
    person: Person,
    values: Mapping[str, str],
    reason: str,
    code: str = "",
) -> Answer:
    """Put what was changed in the old one's place; what the rules do not let through is told, and
    replaces nothing."""
    change = _reworded if judged.proposal.action.kind == PACK_KIND else _resized
    return change(ground, judged, person, values, (reason.strip(), code or "other"))


def _reworded(
    ground: Ground,
    judged: Judged,
    person: Person,
    values: Mapping[str, str],
    why: tuple[str, str],
) -> Answer:
    made = reword_launch(ground.app.office, judged.proposal.id, person.id, values, *why)
    if isinstance(made, NotAnswered):
        return _refused(made)
    texts = "1 text" if len(made.changes) == 1 else f"{len(made.changes)} texts"
    return Done(f"Changed {texts}: the new launch is asked for anew, of somebody else")


def _resized(
    ground: Ground,
    judged: Judged,
    person: Person,
    values: Mapping[str, str],
    why: tuple[str, str],
) -> Answer:
    asked = judged.proposal
    names = {field.name for field in _amounts(asked.action)}
    if not values or not set(values) <= names:
        return Refused("This proposal has no such value to edit.", 422)
    try:
        action = _with(asked.action, values, ground)
    except (InvalidOperation, UnreadableState, ValueError):
        return Refused("An amount is a number such as 120 or 99.50.", 422)
    made = ground.app.gate.edit(asked.id, person.id, action, *why)
    if isinstance(made, NotAnswered):
        return _refused(made)
    if made.status is Status.WAITING:
        return Done("Changed: somebody else has to approve it now")
    return Done("Changed, and on its way: the rules let this one through")


def _field(one: Wording) -> EditField:
    label = f"{one.part[:1].upper()}{one.part[1:]}"
    if not one.is_body:
        return EditField(one.name, f"{label} of {_whole(one.of)}", one.text, is_long=one.is_long)
    is_tall = len(one.text) > _A_LINE
    whose = "" if one.of == EVERY_MAIL else f", in {one.of}"
    return EditField(one.name, f"{label}{whose}", one.text, is_long=is_tall, group=_BODY)


def _whole(name: str) -> str:
    """What a text is of; a post's network as it writes itself."""
    post, on, network = name.rpartition(" on ")
    return f"{post}{on}{network_title(network)}" if post.startswith("post ") else name


def _amounts(action: Action) -> tuple[EditField, ...]:
    before, after = _state(action.before), _state(action.after)
    changed = (f for f in _AMOUNTS if after.get(f) != before.get(f) and f in after)
    currency = action.spend_delta.currency
    return tuple(
        EditField(f, label(f), _major(after[f], currency), f"{currency}, such as 120 or 99.50")
        for f in changed
    )


def _with(action: Action, values: Mapping[str, str], ground: Ground) -> Action:
    """The action with these amounts. Raises InvalidOperation or ValueError for no amount."""
    currency = action.spend_delta.currency
    after = {**_state(action.after), **{f: _minor(v, currency) for f, v in values.items()}}
    spends = exposure(after, ground.now, currency)
    released = exposure(action.before, ground.now, currency)
    return action.revised(after=after, spend_delta=spends - released)


def _minor(text: str, currency: str) -> int:
    amount = Decimal(text.strip().removeprefix(currency).strip().replace(",", ""))
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{text} is no amount")
    return Money.of(amount, currency).minor


def _major(minor: int, currency: str) -> str:
    return f"{Money(minor=minor, currency=currency).major}"


def _state(state: Any) -> dict[str, Any]:
    return state if isinstance(state, dict) else {}


def _refused(made: NotAnswered) -> Refused:
    return Refused(sentence(made.why), 404 if made.is_missing else 422)
