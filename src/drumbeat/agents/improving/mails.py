"""Mails: a subject style that won clearly becomes the next cycle's."""

from collections.abc import Iterator

from drumbeat.agents.improving.case import ImprovementCase, SentMail
from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.core.campaign.lesson import Effect, ratio_effect
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.proposal import Evidence
from drumbeat.core.money import Money

SUBJECT_STYLE = "subject_style"


def suggestions(case: ImprovementCase) -> Iterator[Suggestion]:
    """One for each mail whose variants differ beyond doubt."""
    for mail in case.mails:
        if mail.target in case.under_test or len(mail.send.variants) != 2:
            continue
        found = _winner(mail)
        if found is not None and case.settings.get(SUBJECT_STYLE) != found[0]:
            yield _suggest(case, mail, *found)


def _winner(mail: SentMail) -> tuple[str, Effect] | None:
    """The style that did better, if its 95 % interval leaves no doubt."""
    first, second = mail.send.variants
    counts = [mail.variants.get(one.name, {}) for one in (first, second)]
    hits = [round(one.get("clicks", 0.0)) for one in counts]
    trials = [round(one.get("delivered", 0.0)) for one in counts]
    for better, other in ((0, 1), (1, 0)):
        effect = ratio_effect(hits[better], trials[better], hits[other], trials[other])
        if effect is not None and effect.low > 0:
            return mail.send.variants[better].style, effect
    return None


def _suggest(case: ImprovementCase, mail: SentMail, style: str, effect: Effect) -> Suggestion:
    text = f"{style}: {effect.mean:+.0%} clicks ({effect.low:+.0%} to {effect.high:+.0%})"
    return Suggestion(
        actions=(
            Action(
                kind="campaign.set",
                channel=Channel.WORKSPACE,
                connection="workspace",
                campaign=case.campaign,
                target=f"setting:{case.campaign}/{SUBJECT_STYLE}",
                before=case.settings.get(SUBJECT_STYLE),
                after=style,
                spend_delta=Money.zero(case.context.currency),
                cycle=case.cycle,
            ),
        ),
        variable="subject",
        why=f"{style} subjects were clicked more",
        evidence=(Evidence(text=text, source=mail.target),),
        confidence=Confidence(
            effect=effect.mean,
            standard_error=max(1e-9, (effect.high - effect.low) / 3.92),
            sample_size=effect.sample_size,
            signals=("click_rate",),
        ),
        gain=effect.shrunk,
        if_nothing="half of the readers go on getting the weaker subject",
    )
