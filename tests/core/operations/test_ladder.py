"""Ladders, quiet hours and promises: policies unrolled into what will happen."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from drumbeat.core.campaign.guardrail_rule import Severity
from drumbeat.core.campaign.quiet_hours import QuietHours
from drumbeat.core.operations.escalation import AlertKind, Manner
from drumbeat.core.operations.grouping import deliver, digest_text
from drumbeat.core.operations.incident import runbook_for, runbooks
from drumbeat.core.operations.ladder import StepKind, due_at, to_people_at_once, unroll
from drumbeat.core.operations.sla_policy import SlaFile

HOUR = timedelta(hours=1)
TIERS = (("agent:builder", HOUR * 0), ("owner", HOUR / 4), ("role:manager", HOUR * 4))
NIGHT = QuietHours.model_validate({"from": "20:00", "to": "07:00", "timezone": "Europe/Berlin"})


def kinds(severity: Severity, repeat: int) -> list[str]:
    return [step.kind for step in unroll(TIERS, repeat=repeat, severity=severity).steps]


def test_a_warning_is_given_up_after_the_last_repeat() -> None:
    assert kinds(Severity.WARNING, 2) == ["repair", "tell", "tell", "again", "again", "give_up"]


def test_a_critical_failure_ends_in_a_freeze() -> None:
    assert kinds(Severity.CRITICAL, 0) == ["repair", "tell", "tell", "freeze"]


def test_nothing_is_told_more_than_nine_times_again() -> None:
    assert kinds(Severity.WARNING, 50).count("again") == 9


def test_no_step_approves_anything() -> None:
    assert set(StepKind) == {"repair", "tell", "again", "freeze", "give_up"}


def test_waits_are_counted_from_the_step_before() -> None:
    ladder = unroll(TIERS, repeat=1, severity=Severity.CRITICAL)
    assert [step.wait for step in ladder.steps[:4]] == [
        HOUR * 0, HOUR / 4, HOUR * 3.75, HOUR / 4,
    ]  # fmt: skip


def test_to_people_at_once_leaves_the_agent_out() -> None:
    ladder = to_people_at_once(unroll(TIERS, repeat=1, severity=Severity.WARNING))
    assert [(s.to, s.wait) for s in ladder.steps[:2]] == [
        ("owner", HOUR * 0), ("role:manager", HOUR * 3.75),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        pytest.param("2026-06-10T12:00", "2026-06-10T12:00", id="by-day"),
        pytest.param("2026-06-10T18:00", "2026-06-11T05:00", id="evening"),
        pytest.param("2026-06-10T01:00", "2026-06-10T05:00", id="after-midnight"),
        pytest.param("2026-06-10T05:00", "2026-06-10T05:00", id="the-end-itself"),
        pytest.param("2026-03-28T22:00", "2026-03-29T05:00", id="night-of-the-change"),
    ],
)
def test_quiet_hours_put_off_to_their_end(at: str, ends: str) -> None:
    moment, expected = (datetime.fromisoformat(t).replace(tzinfo=UTC) for t in (at, ends))
    assert NIGHT.ends_after(moment) == expected


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    lunch = QuietHours.model_validate({"from": "12:00", "to": "13:00", "timezone": "UTC"})
    never = QuietHours.model_validate({"from": "12:00", "to": "12:00", "timezone": "UTC"})
    noon = datetime(2026, 6, 10, 12, tzinfo=UTC)
    assert (lunch.ends_after(noon), never.ends_after(noon)) == (noon + HOUR, noon)


def test_quiet_hours_never_put_off_the_first_person_or_anything_critical() -> None:
    evening = datetime(2026, 6, 10, 18, tzinfo=UTC)
    morning = datetime(2026, 6, 11, 5, tzinfo=UTC)
    warning = unroll(TIERS[1:], repeat=1, severity=Severity.WARNING, quiet=NIGHT)
    critical = unroll(TIERS[1:], repeat=1, severity=Severity.CRITICAL, quiet=NIGHT)
    assert due_at(warning, 0, evening) == evening + HOUR / 4
    assert due_at(warning, 1, evening) == morning
    assert due_at(critical, 1, evening) == evening + HOUR * 3.75
    assert due_at(warning, 99, evening) is None


NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("manner", "severity", "told", "at_once", "minutes"),
    [
        pytest.param(Manner.NEWS, "warning", [], True, 0, id="first"),
        pytest.param(Manner.NEWS, "warning", [1], True, 0, id="second"),
        pytest.param(Manner.NEWS, "warning", [4, 1], False, 4, id="third-goes-into-the-digest"),
        pytest.param(Manner.NEWS, "warning", [12, 11], True, 0, id="long-ago-does-not-count"),
        pytest.param(Manner.NEWS, "critical", [3, 2, 1], True, 0, id="critical-has-more"),
        pytest.param(Manner.LATE, "warning", [5, 4, 3, 2, 1], True, 0, id="breach-has-most"),
        pytest.param(Manner.LATE, "warning", [9] * 8, False, 0, id="a-flood-of-breaches"),
        pytest.param(Manner.MEMBER, "critical", [2], False, 3, id="member"),
        pytest.param(Manner.FLAPPING, "warning", [], False, 5, id="flapping"),
    ],
)
def test_at_once_or_by_digest(
    manner: Manner, severity: str, told: list[int], at_once: bool, minutes: int
) -> None:
    how = deliver(manner, severity, [NOW - n * MINUTE for n in told], NOW)
    assert (how.at_once, how.at) == (at_once, NOW + minutes * MINUTE)


def test_a_digest_says_how_many_there_are() -> None:
    assert digest_text(["a", "b"]) == "2 more: a; b"
    assert digest_text(list("abcdefg")) == "7 more: a; b; c; d; e; and 2 others in the inbox"


@pytest.mark.parametrize("kind", AlertKind)
@pytest.mark.parametrize("failure", ["copy", "legal", "budget", "data", "platform", "security"])
def test_every_failure_has_a_runbook(kind: AlertKind, failure: str) -> None:
    assert runbook_for(kind, failure) in runbooks()


def test_a_policy_names_only_calendars_that_are_there() -> None:
    policy = {
        "id": "p", "stage": "qa", "target": "2h", "failure": "legal", "calendar": "office",
        "start": ["assets_locked"], "stop": ["checked"],
    }  # fmt: skip
    with pytest.raises(ValidationError, match="no calendar 'office'"):
        SlaFile.model_validate({"version": 1, "policies": [policy]})
    with pytest.raises(ValidationError, match="longer than nothing"):
        SlaFile.model_validate({"version": 1, "policies": [{**policy, "target": "0s"}]})
