"""Service figures: how fast the work goes, how much people must do, read off ledger entries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from drumbeat.core.governance.entry import Entry
from drumbeat.stats.proportions import wilson

_OVERRIDES = ("rejected", "edited", "rolled_back")


@dataclass(frozen=True)
class Share:
    """``hits`` of ``of``, with Wilson's 95 % interval; of 0, nothing is known."""

    hits: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.hits, self.of)

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None


@dataclass(frozen=True)
class Spans:
    """Durations in seconds: how many, the median, and the longest; None where there is none."""

    count: int
    median: float | None
    longest: float | None


@dataclass(frozen=True)
class Kpis:
    """One window's figures. ``sla`` is None while no clock has been judged."""

    time_to_plan: Spans
    time_to_launch: Spans
    action_latency: Spans
    anomaly_detection: Spans
    approval_cycle: Spans
    fully_automated: Share
    needing_a_person: Share
    escalation: Share
    policy_violation: Share
    # Overrides of agents in a context in which a person had overridden them before.
    repeat_override: Share
    sla: Share | None
    launches: int
    escalations: int


def spans(seconds: Sequence[float]) -> Spans:
    """A summary of durations in seconds."""
    return Spans(
        len(seconds), median(seconds) if seconds else None, max(seconds) if seconds else None
    )


def kpis(
    entries: Iterable[Entry], sla: Share | None = None, detection: Sequence[float] = ()
) -> Kpis:
    """The figures of the entries given: those of one window, oldest first.

    ``detection`` are the seconds from each anomaly to the moment somebody was alerted. Work whose
    start lies before the window is left out of the durations.
    """
    found = tuple(entries)
    launched = {entry.cycle for entry in found if entry.kind == "launched"}
    touched = {entry.cycle for entry in found if _is_persons(entry)}
    troubled = {entry.cycle for entry in found if entry.kind == "escalated"}
    verdicts = _verdicts(found)
    return Kpis(
        time_to_plan=_spans(found, _opened, _of_kind("planned"), _cycle),
        time_to_launch=_spans(found, _opened, _of_kind("launched"), _cycle),
        action_latency=_spans(found, _was_let, _of_kind("applied"), _subject),
        anomaly_detection=spans(detection),
        approval_cycle=_spans(found, _was_asked, _was_answered, _subject),
        fully_automated=Share(len(launched - touched), len(launched)),
        needing_a_person=Share(verdicts.count("ask"), len(verdicts)),
        escalation=Share(len(launched & troubled), len(launched)),
        policy_violation=Share(verdicts.count("deny"), len(verdicts)),
        repeat_override=_repeated(found),
        sla=sla,
        launches=len(launched),
        escalations=sum(entry.kind == "escalated" for entry in found),
    )


def burden_shift(now: Kpis, before: Kpis) -> str:
    """A warning when more is launched but escalations grow faster: the work has only moved.

    Empty when there is nothing to warn of, or no launch before to compare with.
    """
    if now.launches <= before.launches or not before.launches:
        return ""
    if now.escalations * before.launches <= before.escalations * now.launches:
        return ""
    return (
        f"launches rose from {before.launches} to {now.launches}, but escalations from "
        f"{before.escalations} to {now.escalations}: people carry what agents gained"
    )


def _repeated(entries: Sequence[Entry]) -> Share:
    """How many overrides said again what an earlier one had said: same kind, same context."""
    seen: set[str] = set()
    total = again = 0
    for entry in entries:
        context = str(entry.body.get("context", ""))
        if entry.kind in _OVERRIDES and context:
            total += 1
            again += context in seen
            seen.add(context)
    return Share(again, total)


def _verdicts(entries: Sequence[Entry]) -> list[str]:
    """What the gate said of each of the agents' proposals; its last word."""
    said = {
        entry.subject: str(entry.body.get("verdict", ""))
        for entry in entries
        if entry.kind == "judged" and entry.actor.startswith("agent:")
    }
    return list(said.values())


def _spans(
    entries: Sequence[Entry],
    starts: Callable[[Entry], bool],
    ends: Callable[[Entry], bool],
    key: Callable[[Entry], str],
) -> Spans:
    """From the first start to the first end after it, for each key."""
    begun: dict[str, Entry] = {}
    took: dict[str, float] = {}
    for entry in entries:
        of = key(entry)
        if of in begun and of not in took and ends(entry):
            took[of] = (entry.at - begun[of].at).total_seconds()
        if starts(entry):
            begun.setdefault(of, entry)
    return spans(list(took.values()))


def _of_kind(kind: str) -> Callable[[Entry], bool]:
    return lambda entry: entry.kind == kind


def _opened(entry: Entry) -> bool:
    return entry.kind == "cycle_opened"


def _was_let(entry: Entry) -> bool:
    """Nothing stood in its way any more: allowed at once, or approved by enough people."""
    judged = entry.kind == "judged" and entry.body.get("verdict") == "allow"
    return judged or (entry.kind == "approved" and bool(entry.body.get("complete")))


def _was_asked(entry: Entry) -> bool:
    return entry.kind == "judged" and entry.body.get("verdict") == "ask"


def _was_answered(entry: Entry) -> bool:
    return entry.kind == "rejected" or (
        entry.kind == "approved" and bool(entry.body.get("complete"))
    )


def _is_persons(entry: Entry) -> bool:
    return entry.actor.startswith("person:")


def _cycle(entry: Entry) -> str:
    return entry.cycle


def _subject(entry: Entry) -> str:
    return entry.subject
