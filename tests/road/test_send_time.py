"""A test of the send time runs to its decision, and what won is how the next letter goes out."""

from pathlib import Path
from zoneinfo import ZoneInfo

from drumbeat.app.demo import run_headless
from drumbeat.core.campaign.objects import Send
from drumbeat.store import experiments, ledger, objects
from tests.road.small_worlds import NEWS, news_world

_BERLIN = ZoneInfo("Europe/Berlin")
# Few read at three in the afternoon in this market; twice its usual list shows it in weeks.
_SCENARIO = "subscribers: 12000"
_CLAIM = """  - id: H-90
    claim: A letter at eight in the morning is opened more than one at three in the afternoon.
    variables: [send_time]
    channels: [email]
    metric: open_rate
    guardrails: [unsubscribe_rate]
    expected: 6%
    evidence: Shop visits dip between two and four.
    control: {id: afternoon, description: At 15.00, settings: {hour: 15}}
    treatment: {id: morning, description: At 08.00, settings: {hour: 8}}
    min_weeks: 2
    pre_approved: true
    owner: ana
"""


def test_the_better_hour_is_shipped_and_the_next_letter_leaves_at_it(tmp_path: Path) -> None:
    demo = news_world(tmp_path, _CLAIM, scenario=_SCENARIO, seed=8)
    try:
        run_headless(demo, 4)
        with demo.app.database.read() as connection:
            (made,) = experiments.every(connection)
            told = list(reversed(ledger.latest(connection, limit=2_000)))
            mails = [
                Send.model_validate(one.state) for one in objects.of_campaign(connection, NEWS)
            ]
    finally:
        demo.app.close()

    mails.sort(key=lambda mail: mail.send_at)
    hours = [mail.send_at.astimezone(_BERLIN).hour for mail in mails]
    assert hours[1:-1] == [8, 15] * 3, "two mails of one deal while it runs"
    assert hours[-1] == 8, "one at the winner's hour afterwards"
    salts = [mail.salt for mail in mails[1:-1]]
    assert all(salt.startswith(made.experiment.seal) for salt in salts)
    assert len(set(salts)) == 3, "each week is dealt anew, its two mails as one"

    assert not made.is_running
    (decided,) = [one.body for one in told if one.kind == "experiment_decided"]
    assert (decided["answer"], decided["metric"]) == ("ship", "open_rate")
    assert "1 of 1 tests of send_time won" in str(decided["taught"])
    shipped = [one for one in told if one.body.get("action") == "experiment.roll_out"]
    assert [one.kind for one in shipped][-1] == "applied"
    assert any(one.kind == "approved" and one.actor.startswith("person:") for one in shipped)
