"""Diagnosis: which cause explains a change, by signatures over independent signals."""

from collections.abc import Iterable, Mapping

from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.noun import Noun
from drumbeat.core.operations.cause import SITE_WIDE, Cause
from drumbeat.core.operations.change import Change, Trend
from drumbeat.core.operations.signatures import SIGNATURES, Signature

# How many days are pooled at a look for a cause: one is soonest, more are surer and later.
SPANS = (1, 3, 7)
_CREEPING_DAYS = 7
_CREEPING = frozenset({Cause.CREATIVE_FATIGUE})
# A signature with the signals that fit it.
_Match = tuple[tuple[str, ...], Signature]

_NOT_OURS = SITE_WIDE | {Cause.PLATFORM_OUTAGE}
# What is over before anybody reaches the site: nothing that ails the site moves it.
_BEFORE_THE_SITE = frozenset(
    {
        *("sent", "delivered", "bounces", "bounce_rate", "opens", "open_rate"),
        *("complaints", "spam_complaint_rate", "unsubscribes", "unsubscribe_rate"),
        *("impressions", "reach", "frequency", "cost_per_mille"),
        *("engagements", "engagement_rate", "comments", "negative_comments"),
        *("negative_comment_share", "followers"),
    }
)
_TELLING = frozenset(
    name for one in SIGNATURES for names in (one.needs, one.supports, one.against) for name in names
)


class Diagnosis(Noun):
    """``cause`` with the evidence; ``second_signal`` is the first one that does not come from the
    main one's source. A business problem goes to ``owner`` instead of becoming a campaign change.
    """

    cause: Cause
    evidence: tuple[str, ...]
    signals: tuple[str, ...] = ()
    second_signal: str = ""
    would_change: str
    owner: FailureClass
    also_possible: tuple[Cause, ...] = ()

    @property
    def is_business_problem(self) -> bool:
        """Whether changing the campaign would treat a symptom."""
        return self.cause in _NOT_OURS


def recognize(changes: Mapping[str, Change]) -> Diagnosis | None:
    """The cause whose signature shows, whichever metric drew attention, if any did.

    For looking at what has not crossed a line yet. None where nothing shows, or where two causes
    explain it equally well: saying nothing is better than guessing.
    """
    held = _held(changes)
    leading, causes = _leading(held)
    return _named("", leading[0], held, changes) if len(causes) == 1 else None


def recognize_soonest(looks: Iterable[Mapping[str, Change]]) -> Diagnosis | None:
    """The cause that shows in the fewest days; ``looks``: the signals over each of ``SPANS``.

    Of a week only what creeps is named, and only while its first sign still shows in fewer days:
    the rest of what a week holds is over.
    """
    before: Mapping[str, Change] = {}
    for span, changes in zip(SPANS, looks, strict=False):
        found = recognize(changes)
        if found is not None and (span < _CREEPING_DAYS or _still_creeps(found, changes, before)):
            return found
        before = changes
    return None


def _still_creeps(
    found: Diagnosis, changes: Mapping[str, Change], before: Mapping[str, Change]
) -> bool:
    sign = found.signals[0]
    return found.cause in _CREEPING and _trend(sign, before) is _trend(sign, changes)


def diagnose(main: str, changes: Mapping[str, Change]) -> Diagnosis:
    """The one cause whose signature the signals show.

    ``main`` is the metric that drew attention. Where it may be chance the answer is noise; where
    no signature of what can move it holds with two sources, or two hold equally well, it is
    unknown and says so. A signal that was not read never counts for anything.
    """
    drawn = changes.get(main)
    if drawn is not None and drawn.trend is Trend.FLAT:
        return _noise(main, drawn)
    held = [match for match in _held(changes) if _moves(match[1].cause, main)]
    leading, causes = _leading(held)
    if len(causes) != 1:
        return _unknown(main, changes, causes)
    return _named(main, leading[0], held, changes)


def _moves(cause: Cause, metric: str) -> bool:
    """Whether a cause can be behind a change of this metric: mails do not bounce for want of
    stock."""
    return cause not in SITE_WIDE or metric not in _BEFORE_THE_SITE


def _held(changes: Mapping[str, Change]) -> list[_Match]:
    """The signatures that hold, each with two sources unless one is proof."""
    scored = ((_matched(one, changes), one) for one in SIGNATURES)
    enough = ((names, one) for names, one in scored if one.is_proof or _sources(names, changes) > 1)
    return [(names, one) for names, one in enough if names]


def _leading(held: list[_Match]) -> tuple[list[_Match], tuple[Cause, ...]]:
    """The signatures that explain the most signals, and the causes they stand for."""
    best = max((len(names) for names, _ in held), default=0)
    leading = [(names, one) for names, one in held if len(names) == best]
    return leading, tuple(dict.fromkeys(one.cause for _, one in leading))


def _matched(signature: Signature, changes: Mapping[str, Change]) -> tuple[str, ...]:
    """The signals that fit; none at all unless everything the signature needs does."""
    if any(_trend(name, changes) is not trend for name, trend in signature.needs.items()):
        return ()
    if any(_trend(name, changes) is trend for name, trend in signature.against.items()):
        return ()
    if any(abs(changes[name].relative or 0.0) < size for name, size in signature.least.items()):
        return ()
    fitting = (n for n, trend in signature.supports.items() if _trend(n, changes) is trend)
    return (*signature.needs, *fitting)


def _trend(name: str, changes: Mapping[str, Change]) -> Trend:
    return changes[name].trend if name in changes else Trend.UNKNOWN


def _sources(names: tuple[str, ...], changes: Mapping[str, Change]) -> int:
    return len({changes[name].source for name in names})


def _named(
    main: str, found: _Match, held: list[_Match], changes: Mapping[str, Change]
) -> Diagnosis:
    names, signature = found
    first = changes[main].source if main in changes else changes[names[0]].source
    second = next((name for name in names if changes[name].source != first), "")
    others = dict.fromkeys(one.cause for _, one in held if one.cause is not signature.cause)
    return Diagnosis(
        cause=signature.cause,
        evidence=tuple(_told(name, changes[name]) for name in names),
        signals=names,
        second_signal=second,
        would_change=signature.would_change,
        owner=signature.owner,
        also_possible=tuple(others),
    )


def expected_otherwise(found: Diagnosis) -> Diagnosis:
    """Instead of noise, where a line is crossed by more than chance while the days are as usual:
    it is the usual days that are not what was expected."""
    return Diagnosis(
        cause=Cause.UNKNOWN,
        evidence=(*found.evidence, "the usual days are not what was expected"),
        would_change="a line drawn from these days is crossed as well",
        owner=found.owner,
    )


def _noise(main: str, drawn: Change) -> Diagnosis:
    return Diagnosis(
        cause=Cause.NOISE,
        evidence=(_told(main, drawn),),
        signals=(main,),
        would_change="the change lasts, or grows beyond what chance explains",
        owner=FailureClass.DATA,
    )


def _unknown(main: str, changes: Mapping[str, Change], possible: tuple[Cause, ...]) -> Diagnosis:
    moved = (
        name
        for name, one in changes.items()
        if one.trend in (Trend.UP, Trend.DOWN) and (name == main or name in _TELLING)
    )
    unread = _decisive(main, changes)
    ask = f"readings of {', '.join(unread)}" if unread else "one more independent signal"
    return Diagnosis(
        cause=Cause.UNKNOWN,
        evidence=tuple(_told(name, changes[name]) for name in moved),
        would_change=ask.replace("_", " "),
        owner=FailureClass.DATA,
        also_possible=possible,
    )


def _decisive(main: str, changes: Mapping[str, Change]) -> list[str]:
    """The signals that could not be read and would complete a signature that fits so far."""
    wanted: set[str] = set()
    for one in SIGNATURES:
        unread = {n for n in one.needs if n in changes and _trend(n, changes) is Trend.UNKNOWN}
        read = [name for name in one.needs if name not in unread]
        fits = all(_trend(name, changes) is one.needs[name] for name in read)
        if read and fits and _moves(one.cause, main):
            wanted |= unread
    # What drew attention was measured; it only has no usual day to stand beside.
    return sorted(wanted - {main})


def _told(name: str, change: Change) -> str:
    words = name.replace("_", " ")
    if change.relative is None:
        return f"{words} could not be read ({change.source})"
    if change.trend is Trend.FLAT:
        return f"{words} as usual ({change.relative:+.0%}, {change.source})"
    return f"{words} {change.relative:+.0%} ({change.source})"
