"""Words backtest: replays exported mails or posts, and holds each choice of words against others.

A mail or post went out once, with one theme, style, hook or hour. What another would have brought
is not in the history; what mails or posts with the other word brought later is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.core.campaign.lesson import LessonElement
from drumbeat.core.campaign.tally import Tally, rank
from drumbeat.core.canonical import name
from drumbeat.core.governance.decision import Decision
from drumbeat.core.governance.shadow import (
    Pair,
    ShadowCase,
    ShadowScore,
    judge,
    outcome_of_labels,
    scores,
)
from drumbeat.core.noun import Noun

# So many mails or posts are looked back on before the first choice is judged.
FIRST_LOOK = 8
# What is sent within this time after a choice tells who was right.
FOLLOWED = timedelta(days=90)
AGENT, RULES = "agent", "rules"
_ELEMENTS = {
    HistoryKind.EMAIL: {
        "theme": LessonElement.THEME,
        "angle": LessonElement.ANGLE,
        "style": LessonElement.SUBJECT_STYLE,
        "send_hour": LessonElement.SEND_HOUR,
    },
    HistoryKind.SOCIAL: {
        "topic": LessonElement.TOPIC,
        "hook": LessonElement.HOOK,
        "format": LessonElement.FORMAT,
        "post_hour": LessonElement.SEND_HOUR,
    },
}
# What a kind is judged by, the most telling first.
_RATES = {
    HistoryKind.EMAIL: (("clicks", "delivered"), ("clicks", "sent"), ("opens", "delivered")),
    HistoryKind.SOCIAL: (
        ("engagements", "impressions"),
        ("clicks", "impressions"),
        ("engagements", "reach"),
    ),
}
UNKNOWABLE = (
    "What would have happened with other words is not in a history: nobody sent them that day.",
    "A verdict holds the next 90 days' mails or posts with the one word against those with the "
    "other, at least three a side; days, audiences and everything else they differ in is in it.",
    "What was tested against each other within one mail, budgets, audiences and frequency are not "
    "judged from such an export.",
)


class WordsBacktest(Noun):
    """What a replay of mails or posts found: choices of the agent's ranking, and of the plain rule
    that repeats what did best, beside what people chose; ``skipped`` says of each label that was
    not judged why."""

    kind: HistoryKind
    first: date
    last: date
    campaigns: int
    occasions: int
    measured_by: str
    agent_beside_people: tuple[ShadowScore, ...]
    rules_beside_people: tuple[ShadowScore, ...]
    cases: tuple[ShadowCase, ...]
    skipped: dict[str, str]
    unknowable: tuple[str, ...] = UNKNOWABLE


@dataclass(frozen=True)
class _Sent:
    """One mail or post: its label's value, its hits and trials."""

    at: date
    value: str
    hits: float
    trials: float


def backtest_words(
    rows: Sequence[HistoryRow],
    kind: HistoryKind,
    progress: Callable[[float], None] | None = None,
) -> WordsBacktest:
    """Replay every campaign and label. Raises ValueError for rows that tell nothing: without days,
    without counts, or without any label."""
    if kind not in _ELEMENTS:
        raise ValueError(f"a history of {kind} holds no words to judge")
    dated = [row for row in rows if row.at is not None]
    if len(dated) < len(rows) or not rows:
        raise ValueError("the history has rows without a date; a replay goes day by day")
    over, under = _rate(kind, rows)
    made: dict[str, list[ShadowCase]] = {AGENT: [], RULES: []}
    skipped: dict[str, str] = {}
    names = sorted({row.campaign for row in rows})
    for number, campaign in enumerate(names, 1):
        mine = [row for row in dated if row.campaign == campaign]
        for label, element in _ELEMENTS[kind].items():
            sent = _sent(mine, label, over, under, by_mail=kind is HistoryKind.EMAIL)
            if why := _too_little(sent):
                skipped[f"{campaign}/{label}"] = why
                continue
            for decider in (AGENT, RULES):
                made[decider] += _cases(campaign, label, element, sent, decider, (over, under))
        if progress is not None:
            progress(number / len(names))
    days = [row.at for row in dated if row.at is not None]
    return WordsBacktest(
        kind=kind,
        first=min(days),
        last=max(days),
        campaigns=len(names),
        occasions=len({(r.campaign, r.at) for r in dated}) if kind is HistoryKind.EMAIL
        else len(dated),
        measured_by=f"{over} of {under}",
        agent_beside_people=scores(made[AGENT]),
        rules_beside_people=scores(made[RULES]),
        cases=tuple(made[AGENT]),
        skipped=skipped,
    )  # fmt: skip


def _rate(kind: HistoryKind, rows: Sequence[HistoryRow]) -> tuple[str, str]:
    for over, under in _RATES[kind]:
        if any(over in row.measures and row.measures.get(under) for row in rows):
            return over, under
    wanted = " or ".join(f"{over} and {under}" for over, under in _RATES[kind])
    raise ValueError(f"the history counts too little: it takes {wanted} (--map COLUMN=…)")


def _sent(
    rows: Sequence[HistoryRow], label: str, over: str, under: str, *, by_mail: bool
) -> list[_Sent]:
    """The mails (all rows of a day together) or posts with one value of the label, in order."""
    grouped: dict[tuple[date, int], list[HistoryRow]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.at is not None and row.measures.get(under) and over in row.measures:
            grouped[row.at, 0 if by_mail else number].append(row)
    found = []
    for (day, _), group in sorted(grouped.items(), key=lambda pair: pair[0]):
        values = {row.dimensions.get(label, "") for row in group}
        if len(values) == 1 and (value := next(iter(values))):
            hits, trials = (float(sum(row.measures[n] for row in group)) for n in (over, under))
            found.append(_Sent(day, value, hits, trials))
    return found


def _too_little(sent: Sequence[_Sent]) -> str:
    if not sent:
        return "no mail or post has one value of it"
    if len({one.value for one in sent}) < 2:
        return f"always {sent[0].value}: nothing was chosen"
    if len(sent) <= FIRST_LOOK:
        return f"{len(sent)} of them; {FIRST_LOOK} are looked back on before any is judged"
    return ""


def _cases(
    campaign: str,
    label: str,
    element: LessonElement,
    sent: Sequence[_Sent],
    decider: str,
    rate: tuple[str, str],
) -> Iterator[ShadowCase]:
    for number in range(FIRST_LOOK, len(sent)):
        past, now = sent[:number], sent[number]
        choice = _choice(past, element, decider, rate)
        after = [one for one in sent[number + 1 :] if one.at <= now.at + FOLLOWED]
        sides = [
            [(one.hits, one.trials) for one in after if one.value == value]
            for value in (choice, now.value)
        ]
        words = f"{label} {choice} against {now.value}"
        outcome = outcome_of_labels(sides[0], sides[1], words) if choice != now.value else None
        pair = Pair(
            _decision(campaign, label, now, f"agent:{decider}", choice, number),
            _decision(campaign, label, now, "person:unnamed", now.value, number),
        )
        yield judge(pair, None, outcome)


def _choice(
    past: Sequence[_Sent], element: LessonElement, decider: str, rate: tuple[str, str]
) -> str:
    """The agent ranks by rates shrunk to the average; the rule repeats what did best."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in past:
        sums[one.value][0] += one.hits
        sums[one.value][1] += one.trials
    if decider == RULES:
        return max(past, key=lambda one: one.hits / one.trials).value
    tallies = [
        Tally(element, value, *rate, hits, trials, "history")
        for value, (hits, trials) in sorted(sums.items())
    ]
    return rank(sums, tallies, (), element)[0].subject


def _decision(campaign: str, label: str, now: _Sent, by: str, value: str, number: int) -> Decision:
    return Decision(
        id=name("dec", campaign, label, now.at.isoformat(), by, number),
        at=datetime.combine(now.at, time(12), UTC),
        by=by,
        campaign=campaign,
        kind=label,
        channel="words",
        target=f"{campaign}/{now.at}/{number}",
        sets={label: value},
        source="replay" if by.startswith("agent") else "history",
    )
