"""An approved change of a rule is written to its file, to the letter, and in force at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path, PurePath
from typing import Any

import pytest

from drumbeat.app import promotions
from drumbeat.app.compose import App, open_app
from drumbeat.app.rule_change import RuleRefused, propose_rule, rule_now, with_fields
from drumbeat.app.rule_watch import RuleWatch
from drumbeat.app.weekly import weekly
from drumbeat.connectors.rule_files import RULE_FILES, RuleFiles
from drumbeat.core.campaign.lesson import Effect
from drumbeat.core.experiments.registered import Ended, Registered, Shown
from drumbeat.core.experiments.rule import Answer
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.core.governance.matrix import Row
from drumbeat.engine.clock import SystemClock, VirtualClock
from drumbeat.files.scaffold import init
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.hold import scope_named
from drumbeat.gate.rollback import CannotUndo, Undo
from drumbeat.store import experiments, ledger, proposals
from drumbeat.store.proposals import Judged, Status
from tests.core.experiments.samples import a_hypothesis, an_experiment

MATRIX, PAUSE = "policy/actions.yaml", "policy/actions.yaml#ads.pause"
ANA, DANA = Actor.person("ana"), "dana"
SLA = "policy/sla.yaml#policies/approve-email"
PROMISE = {
    "id": "approve-email",
    "stage": "approve",
    "channel": "email",
    "target": "16h",
    "failure": "copy",
    "start": ["asked"],
    "stop": ["answered", "cycle_over"],
}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    init(tmp_path, date(2026, 9, 7), "demo")
    clock = VirtualClock(SystemClock().now().replace(microsecond=0))
    opened = open_app(tmp_path, clock=clock, durable=False)
    yield opened
    opened.close()


def text(app: App, path: str = MATRIX) -> str:
    return (app.home / path).read_text(encoding="utf-8")


def wish(app: App, target: str = PAUSE, **fields: Any) -> Judged:
    """ana's wish for other fields of a rule."""
    return propose_rule(app, target, with_fields(rule_now(app, target), fields), ANA, "a test")


def approve(app: App, asked: Judged, by: str = DANA) -> Answered | NotAnswered:
    """Approved, and the hold is over."""
    made = asked.proposal
    answer = app.gate.approve(made.id, by, made.fingerprint, is_fresh=True)
    pass_time(app, minutes=2)
    return answer


def pass_time(app: App, **span: float) -> None:
    assert isinstance(app.clock, VirtualClock)
    app.clock.advance(timedelta(**span))
    app.gate.pump()


def entries(app: App, *kinds: str) -> list[Any]:
    with app.database.read() as connection:
        return list(ledger.entries(connection, kinds=kinds))


def row(app: App, kind: str = "ads.pause") -> Row:
    found = app.gate.door.rules.matrix.row(kind)
    assert isinstance(found, Row)
    return found


def test_an_approved_row_is_written_and_in_force_at_once(app: App) -> None:
    before, version = text(app), app.gate.door.rules.version
    asked = wish(app, min_confidence=0.9, cooldown="96h", approvals={"roles": ["manager"]})
    assert asked.status is Status.WAITING
    assert (text(app), row(app).min_confidence) == (before, 0.8)
    assert isinstance(approve(app, asked, by="ana"), NotAnswered), "the proposer"
    assert isinstance(approve(app, asked), Answered)
    assert row(app).min_confidence == 0.9
    assert row(app).approvals.roles == ("manager",)
    assert app.files.actions is app.gate.door.rules.matrix
    assert app.gate.door.rules.version != version
    was, now = set(before.splitlines()), set(text(app).splitlines())
    assert now - was == {
        "    approvals: {roles: [manager]}",
        "    min_confidence: 0.9",
        "    cooldown: 96h",
    }
    [applied] = [one for one in entries(app, "applied") if one.subject == asked.proposal.id]
    assert applied.body["change"]["digest"][1] == asked.proposal.action.after["digest"]  # type: ignore[index,call-overload]


def test_of_two_managers_one_approves_what_the_other_wants(app: App) -> None:
    """The scaffold has two: with one, nobody could approve a manager's own change."""
    fields = with_fields(rule_now(app, PAUSE), {"cooldown": "96h"})
    asked = propose_rule(app, PAUSE, fields, Actor.person(DANA), "a test")
    assert isinstance(approve(app, asked), NotAnswered)
    assert isinstance(approve(app, asked, by="sara"), Answered)
    assert row(app).cooldown == timedelta(hours=96)


@pytest.mark.parametrize(
    ("target", "wanted", "kind"),
    [
        pytest.param(SLA, PROMISE, "policy.change", id="a promise"),
        pytest.param("policy/sla.yaml#conditions/opens-held", None, "policy.change", id="one less"),
        pytest.param(
            "policy/actions.yaml#ads.set_bid", "forbidden", "policy.change", id="forbidden"
        ),
    ],
)
def test_promises_and_words_go_the_same_road(app: App, target: str, wanted: Any, kind: str) -> None:
    asked = propose_rule(app, target, wanted, ANA, "a test")
    assert asked.proposal.action.kind == kind
    assert isinstance(approve(app, asked), Answered)
    assert rule_now(app, target) == wanted
    assert app.files.sla is not None
    assert app.files.actions.row("ads.set_bid") == "forbidden" or wanted != "forbidden"
    assert bool(app.files.sla.policies) is (target == SLA)


def test_a_claim_of_the_library_changes_for_planning_too(app: App) -> None:
    target = "hypotheses/ads.yaml#H-06"
    asked = wish(app, target, min_weeks=7)
    assert asked.proposal.action.kind == "hypothesis.change"
    assert isinstance(approve(app, asked), Answered)
    assert app.office.library.files.hypotheses["H-06"].min_weeks == 7
    assert "# yaml-language-server" in text(app, "hypotheses/ads.yaml")


def test_a_readout_is_proposed_as_a_change_of_its_claim_and_asked_once(app: App) -> None:
    """The optimizer asks before the review; a no to it stands, and a yes is written."""
    effect = Effect(low=-0.16, mean=-0.12, high=-0.08, sample_size=9000)
    at = app.clock.now() - timedelta(days=2)
    for claim, answer in (("H-06", Answer.SHIP), ("H-07", Answer.ROLL_BACK)):
        made = an_experiment(hypothesis=a_hypothesis(id=claim))
        shown = Shown(at=at, answer=answer, reason="read", effect=effect, units=9000)
        ended = Ended(at=at, by="agent:optimizer", reason="it was read to its end",
                      answer=answer, shown=shown)  # fmt: skip
        with app.database.write() as transaction:
            experiments.add(transaction, made)
            experiments.save(transaction, Registered(experiment=made, ended=ended))
    won, lost = sorted(review(app), key=lambda one: one.proposal.action.target)
    assert str(won.proposal.by) == "agent:optimizer"
    [diff] = [one for one in weekly(app).diffs if won.proposal.id in one]
    assert "+status: confirmed" in diff
    assert "-expected: -15%" in diff
    assert review(app) == [], "it waits already"
    app.gate.reject(lost.proposal.id, DANA, "one more season", "timing")
    assert isinstance(approve(app, won), Answered)
    assert app.files.hypotheses["H-06"].status == "confirmed"
    assert "-12% (-16% to -8%) over 9,000 units" in app.files.hypotheses["H-06"].evidence
    assert app.files.hypotheses["H-07"].status == "open"
    assert review(app) == [], "what was answered is not asked again"


def review(app: App) -> list[Judged]:
    """What agents ask for on a Monday of the library."""
    with app.database.write() as transaction:
        ledger.serialize(transaction)
        found = promotions.ask(app, transaction)
    return [one for one in found if one.proposal.action.kind == "hypothesis.change"]


def test_it_waits_for_the_review_as_a_diff(app: App) -> None:
    asked = wish(app, cooldown="96h")
    [diff] = [one for one in weekly(app).diffs if asked.proposal.id in one]
    assert diff.splitlines()[1:] == ["+cooldown: 96h"]


@pytest.mark.parametrize(
    ("target", "wanted", "why"),
    [
        pytest.param(PAUSE, {"agents": [], "risk": "high", "phase": "full"}, "approver", id="row"),
        pytest.param(SLA, {**PROMISE, "target": "soon"}, "target", id="promise"),
        pytest.param(SLA, {**PROMISE, "calendar": "moon"}, "calendar", id="reference"),
        pytest.param("policy/actions.yaml#ads.fly", "forbidden", "ads.fly", id="unknown kind"),
        pytest.param("drumbeat.yaml#people", {}, "names no rule", id="another file"),
    ],
)
def test_what_would_not_pass_the_check_is_not_even_asked(
    app: App, target: str, wanted: Any, why: str
) -> None:
    with pytest.raises(RuleRefused, match=why):
        propose_rule(app, target, wanted, ANA, "a test")
    assert entries(app, "judged") == []


def by_hand(app: App, old: str = "", new: str = "\n# a note\n") -> str:
    """Somebody edits the matrix themselves."""
    mine = text(app).replace(old, new, 1) if old else text(app) + new
    (app.home / MATRIX).write_text(mine, encoding="utf-8")
    return mine


def reason(app: App, asked: Judged) -> str:
    with app.database.read() as connection:
        judged = proposals.load(connection, asked.proposal.id)
    assert judged is not None
    assert judged.status is Status.EXPIRED
    return judged.reason


def test_nothing_is_written_once_somebody_edited_the_rule(app: App) -> None:
    asked = wish(app, cooldown="96h")
    mine = by_hand(app, "    min_confidence: 0.8\n    signals: 2\n", "    signals: 2\n")
    answer = approve(app, asked)
    assert isinstance(answer, NotAnswered)
    assert "changed since" in answer.why
    assert text(app) == mine


def test_nor_when_it_was_edited_after_the_approval(app: App) -> None:
    asked = wish(app, cooldown="96h")
    made = asked.proposal
    app.gate.approve(made.id, DANA, made.fingerprint, is_fresh=True)
    mine = by_hand(app, "    min_confidence: 0.8\n    signals: 2\n", "    signals: 2\n")
    pass_time(app, minutes=2)
    assert text(app) == mine
    assert [one.subject for one in entries(app, "overtaken")] == [made.id]


def test_an_edit_by_hand_beside_it_is_not_put_in_force_unseen(app: App) -> None:
    asked, mine = wish(app, cooldown="96h"), by_hand(app)
    approve(app, asked)
    assert text(app) == mine
    [refused] = entries(app, "refused")
    assert "edited by hand" in refused.body["detail"]
    with pytest.raises(RuleRefused, match="restart Drumbeat"):
        wish(app, cooldown="72h")


@pytest.mark.parametrize("is_held", [False, True], ids=["one after the other", "within one hold"])
def test_two_waiting_changes_of_one_file_go_through_both(app: App, is_held: bool) -> None:
    """Other rows may change meanwhile: approvals of rules are bound to the rule that changes."""
    first, second = (
        wish(app, cooldown="96h"),
        wish(app, "policy/actions.yaml#ads.set_bid", signals=3),
    )
    promise = propose_rule(app, SLA, PROMISE, ANA, "a test")
    if is_held:
        made = first.proposal
        app.gate.approve(made.id, DANA, made.fingerprint, is_fresh=True)
    else:
        approve(app, first)
    assert isinstance(approve(app, second), Answered)
    assert isinstance(approve(app, promise), Answered)
    assert (row(app).cooldown, row(app, "ads.set_bid").signals) == (timedelta(hours=96), 3)
    assert rule_now(app, SLA) == PROMISE
    assert entries(app, "overtaken", "blocked", "refused", "voided") == []


def test_a_change_of_the_same_rule_expires_at_once_and_says_why(app: App) -> None:
    first, second = wish(app, cooldown="96h"), wish(app, signals=3)
    approve(app, first)
    assert f"{PAUSE} has changed since" in reason(app, second)
    assert isinstance(approve(app, wish(app, signals=3)), Answered)
    assert (row(app).cooldown, row(app).signals) == (timedelta(hours=96), 3)


def test_a_change_that_no_longer_passes_the_check_expires_too(app: App) -> None:
    """Each would do alone: together two files would have one claim twice."""
    library = "hypotheses/ads.yaml#H-91"
    fields = with_fields(rule_now(app, "hypotheses/ads.yaml#H-06"), {"id": "H-91"})
    here = propose_rule(app, library, fields, ANA, "a test")
    there = propose_rule(app, library.replace("ads", "newsletter"), fields, ANA, "a test")
    approve(app, here)
    assert "taken by" in reason(app, there)


def test_a_roll_back_leaves_what_was_changed_beside_it(app: App) -> None:
    first, second = (
        wish(app, cooldown="96h"),
        wish(app, "policy/actions.yaml#ads.set_bid", signals=3),
    )
    approve(app, first)
    approve(app, second)
    step = app.gate.plan_rollback(first.proposal.id)
    assert isinstance(step, Undo)
    approve(app, app.gate.roll_back(step, ANA, "too slow"))
    assert row(app).cooldown is None
    assert row(app, "ads.set_bid").signals == 3


def test_a_mistake_made_elsewhere_meanwhile_stops_it_too(app: App) -> None:
    asked = wish(app, cooldown="96h")
    (app.home / "policy/sla.yaml").write_text("version: 2\n", encoding="utf-8")
    before = text(app)
    approve(app, asked)
    assert text(app) == before
    [refused] = entries(app, "refused")
    assert "policy/sla.yaml" in refused.body["detail"]


def test_a_kind_reaches_its_own_files_only(app: App) -> None:
    """Whoever may change the library may not change the matrix by that name."""
    action = wish(app, cooldown="96h").proposal.action.revised(kind="hypothesis.change")
    files = app.gate.door.platforms[RULE_FILES].connector
    assert not files.preview(action).accepted
    assert "not by hypothesis.change" in files.preview(action).detail


def test_a_roll_back_restores_the_file_to_the_letter(app: App) -> None:
    before = text(app)
    asked = wish(app, cooldown="96h", signals=3)
    approve(app, asked)
    step = app.gate.plan_rollback(asked.proposal.id)
    assert isinstance(step, Undo)
    undo = app.gate.roll_back(step, ANA, "too slow")
    assert undo.status is Status.WAITING, "a rule changes only with another person's consent"
    approve(app, undo)
    assert text(app) == before
    assert row(app).signals == 2
    assert isinstance(app.gate.plan_rollback(asked.proposal.id), CannotUndo)


def test_a_crash_after_the_writing_is_found_out_by_reading(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = wish(app, cooldown="96h")

    def dies() -> None:
        raise RuntimeError("the process died")

    files = app.gate.door.platforms[RULE_FILES].connector
    assert isinstance(files, RuleFiles)
    monkeypatch.setattr(files, "_changed", dies)
    approve(app, asked)
    assert "cooldown: 96h" in text(app)
    pass_time(app, minutes=30)
    assert [one.subject for one in entries(app, "applied")] == [asked.proposal.id]


def test_a_freeze_holds_it_back_and_a_thaw_lets_it_go_on(app: App) -> None:
    asked = wish(app, cooldown="96h")
    made, before = asked.proposal, text(app)
    app.gate.approve(made.id, DANA, made.fingerprint, is_fresh=True)
    app.gate.hold(HoldMode.FREEZE, scope_named(None), ANA, "a drill")
    pass_time(app, minutes=2)
    assert text(app) == before
    app.gate.lift(HoldMode.FREEZE, scope_named(None), Actor.person(DANA), "over", is_fresh=True)
    pass_time(app, minutes=10)
    assert "cooldown: 96h" in text(app)


def test_another_process_takes_the_new_rules_up(app: App) -> None:
    other = open_app(app.home, clock=app.clock, durable=False)
    try:
        watch = RuleWatch(other)
        assert not watch.look()
        approve(app, wish(app, cooldown="96h"))
        assert row(other).cooldown is None
        assert watch.look()
        assert row(other).cooldown == timedelta(hours=96)
        assert other.gate.door.rules.version == app.gate.door.rules.version
        (app.home / MATRIX).write_text(text(app) + "\n# by hand\n", encoding="utf-8")
        assert not watch.look(), "what a person edits by hand takes a restart"
    finally:
        other.close()


def test_what_a_run_leaves_behind_stays_out_of_version_control(app: App) -> None:
    """Above all the key, which signs approvals and links."""
    wanted = {".drumbeat/key", "drumbeat.db"}
    approve(app, wish(app, cooldown="96h"))
    kept = (app.home / ".gitignore").read_text(encoding="utf-8").split("\n")
    found = {one.relative_to(app.home) for one in app.home.rglob("*") if one.is_file()}
    written = {path for path in found if any(_ignores(line, path) for line in kept)}
    assert wanted <= {path.as_posix() for path in written}
    left = {path.as_posix() for path in found - written}
    assert not [name for name in left if ".db" in name or "/rules/" in name or "key" in name]
    assert MATRIX in left


def _ignores(line: str, path: PurePath) -> bool:
    if line.endswith("/"):
        return path.as_posix().startswith(line)
    return bool(line) and not line.startswith("#") and path.match(line)
