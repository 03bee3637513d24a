"""A test of whom not to mail runs to its decision: dealt people count, mailed or not."""

from pathlib import Path

from drumbeat.app.demo import run_headless
from drumbeat.core.campaign.objects import Send
from drumbeat.store import experiments, ledger, objects
from tests.road.small_worlds import NEWS, news_world

_QUIET = "unopened-last-8d"
# A list that is tired of mail: more of it leaves, and weeks are enough to see who.
_SCENARIO = """subscribers: 20000
incidents:
  - {kind: audience_fatigue, after: 0d, lasts: 20w, magnitude: 3}
"""
_SEGMENT = f"""  - id: {_QUIET}
    name: Did not open the last letter
    description: Opened nothing for eight days.
    rule:
      - {{field: days_since_open, above: 8}}
"""
_CLAIM = f"""  - id: H-90
    claim: Leaving out whoever did not open the last letter loses fewer readers and no orders.
    variables: [audience_exclusion]
    channels: [email]
    metric: unsubscribe_rate
    guardrails: [conversion_rate]
    expected: -50%
    evidence: Most opt-outs come from people who had not opened for a while.
    control: {{id: everybody, description: Everybody is mailed, settings: {{exclude: nobody}}}}
    treatment: {{id: readers, description: Readers alone, settings: {{exclude: {_QUIET}}}}}
    min_weeks: 3
    pre_approved: true
    owner: ana
"""


def test_whom_to_leave_out_is_told_by_everybody_who_was_dealt(tmp_path: Path) -> None:
    demo = news_world(tmp_path, _CLAIM, scenario=_SCENARIO, segments=_SEGMENT)
    try:
        run_headless(demo, 5)
        with demo.app.database.read() as connection:
            (made,) = experiments.every(connection)
            exposed = experiments.exposed(connection, made.experiment.id)
            told = list(reversed(ledger.latest(connection, limit=3_000)))
            mails = [
                Send.model_validate(one.state) for one in objects.of_campaign(connection, NEWS)
            ]
    finally:
        demo.app.close()

    sizing, claim = made.experiment.sizing, made.experiment.hypothesis
    assert (claim.variables, sizing.mode) == (("audience_exclusion",), "directional")
    (registered,) = [one.body for one in told if one.kind == "experiment_registered"]
    assert "20% are called different" in str(registered["cost"])

    mails.sort(key=lambda mail: mail.send_at)
    tested = [mail for mail in mails if mail.differs_in_people]
    assert {mail.salt for mail in tested} == {made.experiment.seal}, "people keep their arm"
    assert all(_QUIET not in mail.exclude for mail in tested)

    # Exposure is logged beside assignment: the arm mails few of its own, by design.
    people, mailed = (
        sum(count for one in exposed if one.arm == "readers" and (count := getattr(one, what)))
        for what in ("assigned", "units")
    )
    everybody = sum(one.assigned or 0 for one in exposed if one.arm == "everybody")
    assert 0.95 < people / everybody < 1.05
    assert mailed < 0.7 * people

    (decided,) = [one.body for one in told if one.kind == "experiment_decided"]
    assert (decided["answer"], decided["metric"]) == ("review", "unsubscribe_rate")
    assert "leaning: better, and no guardrail is lost" in str(decided["reason"])
    assert "1 of 1 tests of audience_exclusion won" in str(decided["taught"])
    shipped = [one for one in told if one.body.get("action") == "experiment.roll_out"]
    assert any(one.kind == "approved" and one.actor.startswith("person:") for one in shipped)
    assert _QUIET in mails[-1].exclude, "the next letter leaves them out"
