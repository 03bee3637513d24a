"""Dealing: which variant of a mail a contact gets, or none, by salted hash and nothing else."""

from collections.abc import Mapping

from drumbeat.core.campaign.objects import Send, Variant
from drumbeat.core.experiments.assignment import arm_of
from drumbeat.core.experiments.holdout import Treatment

_HOLDOUT = "holdout:"


def variant_for(
    send: Send, contact: str, campaign: str, *, is_pressed: bool = False
) -> Variant | None:
    """The contact's variant, the same every time; None for those who are kept from all mail, and
    for those whose variant another mail of the same deal brings.

    ``is_pressed``: they had a mail that pressed them lately, and read this one without.
    A campaign keeps its hold-out over all its mails; a test deals each mail, or keeps its deal (see
    ``Experiment.salt_for``).
    """
    found = _dealt(send, contact, campaign, is_pressed=is_pressed)
    return found if found is not None and send.serves(found.name) else None


def _dealt(send: Send, contact: str, campaign: str, *, is_pressed: bool) -> Variant | None:
    match arm_of(contact, holdout_salt(campaign), treatments(send)):
        case Treatment.NOTHING:
            return None
        case Treatment.BUSINESS_AS_USUAL:
            return next(one for one in send.variants if one.name == send.usual)
        case _ if is_pressed and send.calm:
            return next(one for one in send.variants if one.name == send.calm)
        case _:
            name = arm_of(contact, salt_of(send), arm_shares(send))
            return next(one for one in send.arms if one.name == name)


def holdout_salt(campaign: str) -> str:
    """What deals people to the agent, to business as usual, or to nothing (see ``Holdout``)."""
    return f"{_HOLDOUT}{campaign}"


def salt_of(send: Send) -> str:
    """What deals the agent's people to its variants: the test's salt, else the mail's own name."""
    return send.salt or send.name


def treatments(send: Send) -> Mapping[str, float]:
    """The share of the audience that gets the agent's mail, the usual one, or none."""
    usual = sum(one.share for one in send.variants if one.name == send.usual)
    as_usual = usual * (1 - send.hold_out)
    shares = {
        Treatment.AGENT.value: 1 - send.hold_out - as_usual,
        Treatment.BUSINESS_AS_USUAL.value: as_usual,
        Treatment.NOTHING.value: send.hold_out,
    }
    return {name: share for name, share in shares.items() if share > 0}


def arm_shares(send: Send) -> Mapping[str, float]:
    """How the agent's variants share its people, in their order."""
    whole = sum(one.share for one in send.arms)
    return {one.name: one.share / whole for one in send.arms}
