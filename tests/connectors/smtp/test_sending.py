"""Who gets a mail, how often, and what becomes of it when the server says no."""

import pytest

from drumbeat.connectors.contract import ConnectorError, ErrorKind, MetricsQuery
from drumbeat.core.governance.receipt import Outcome
from drumbeat.core.operations.reading import Reading
from tests.connectors.smtp.pieces import TARGET, crowd, send, variant
from tests.connectors.smtp.post_office import PostOffice


def refused(office: PostOffice) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        office.deliver()
    return caught.value


def metrics(office: PostOffice) -> dict[str, Reading]:
    now = office.stage.now
    query = MetricsQuery(targets=(TARGET,), since=now, until=now, as_of=now)
    return {reading.metric: reading for reading in office.stage.connector.metrics(query)}


def test_segments_choose_and_leaving_out_wins(office: PostOffice) -> None:
    office.list_of(
        [
            "in@readers.example,,all",
            "out@readers.example,,all;staff",
            "other@readers.example,,tea",
            "twice@readers.example,,all",
            "TWICE@readers.example,,staff",
        ]
    )
    office.deliver(send(office.stage.now, exclude=("staff",)))
    assert office.server.recipients == ["in@readers.example"]


def test_an_arm_mails_none_of_those_it_leaves_out(office: PostOffice) -> None:
    office.list_of(["in@readers.example,,all", "quiet@readers.example,,all;quiet"])
    office.deliver(send(office.stage.now, variants=(variant(settings={"exclude": "quiet"}),)))
    assert office.server.recipients == ["in@readers.example"]


def test_an_opt_out_after_the_audience_was_built_is_honoured(office: PostOffice) -> None:
    """The opt-out is committed while the send is under way, by another connection."""
    office.list_of(crowd(3))
    last = "reader-3@readers.example"
    office.server.on_taken = lambda recipient: office.suppress(last)
    receipt = office.deliver()
    assert office.server.recipients == ["reader-1@readers.example", "reader-2@readers.example"]
    assert office.counts() == {"sent": 2, "suppressed": 1}
    assert receipt.detail == "2 sent, 1 suppressed"


def test_an_opt_out_meets_every_spelling(office: PostOffice) -> None:
    office.list_of(["Ann@Readers.example,,all"])
    office.suppress("ann@readers.EXAMPLE ")
    office.deliver()
    assert office.server.taken == []


def test_a_hold_out_gets_nothing(office: PostOffice) -> None:
    office.list_of(crowd(200))
    office.deliver(send(office.stage.now, hold_out=0.5))
    assert 70 <= len(office.server.taken) <= 130


def test_the_same_mail_under_another_permit_reaches_nobody_twice(office: PostOffice) -> None:
    office.list_of(crowd(20))
    wanted = send(office.stage.now)
    office.deliver(wanted, "pmt-one")
    office.deliver(wanted, "pmt-two")
    assert len(office.server.recipients) == len(set(office.server.recipients)) == 20


def test_variants_share_the_audience(office: PostOffice) -> None:
    office.list_of(crowd(200))
    arms = (
        variant(name="a", share=0.25, subject="A"),
        variant(name="b", share=0.75, subject="B"),
    )
    office.deliver(send(office.stage.now, variants=arms))
    subjects = [taken.mail["Subject"] for taken in office.server.taken]
    assert len(subjects) == 200
    assert 25 <= subjects.count("A") <= 75


def test_two_mails_of_one_deal_reach_everybody_once(office: PostOffice) -> None:
    office.list_of(crowd(60))
    arms = (variant(name="a", share=0.5, subject="A"), variant(name="b", share=0.5, subject="B"))
    both = {"variants": arms, "salt": "one test"}
    office.deliver(send(office.stage.now, **both, only=("a",)), "pmt-one")
    early = office.server.recipients[:]
    office.deliver(send(office.stage.now, **both, only=("b",)), "pmt-two", target="send:news/1/2")
    assert 0 < len(early) < 60
    assert len(set(office.server.recipients)) == len(office.server.recipients) == 60
    subjects = [taken.mail["Subject"] for taken in office.server.taken]
    assert subjects == ["A"] * len(early) + ["B"] * (60 - len(early))


def test_who_was_pressed_lately_reads_the_calm_letter(office: PostOffice) -> None:
    office.list_of(crowd(3))
    letters = (variant(name="a", subject="Ends"), variant(name="calm", share=0.0, subject="Calm"))
    pressing = {"variants": letters, "urgent": True, "calm": "calm", "calm_days": 28}
    office.deliver(send(office.stage.now, **pressing), "pmt-one")
    office.list_of(crowd(4))
    office.deliver(send(office.stage.now, **pressing), "pmt-two", target="send:news/2")
    subjects = [taken.mail["Subject"] for taken in office.server.taken]
    assert sorted(subjects) == ["Calm"] * 3 + ["Ends"] * 4


def test_a_contact_refused_for_good_is_marked_and_the_rest_get_theirs(office: PostOffice) -> None:
    office.list_of(crowd(4))
    office.server.answers = {"reader-2@readers.example": ["550 no such user"]}
    office.server.at_data = {"reader-3@readers.example": ["554 looks like spam"]}
    receipt = office.deliver()
    assert receipt.outcome is Outcome.DONE
    assert office.counts() == {"sent": 2, "refused": 2}
    told = {name: reading.value for name, reading in metrics(office).items()}
    assert told == {"sent": 4, "delivered": 2, "bounces": 2}


def test_a_mail_put_off_is_tried_again_and_only_that_one(office: PostOffice) -> None:
    office.list_of(crowd(3))
    office.server.answers = {"reader-1@readers.example": ["450 greylisted", ""]}
    error = refused(office)
    assert error.kind is ErrorKind.RETRY_AFTER
    assert error.retry_after_seconds == 900.0
    assert "1 mails were put off" in str(error)
    assert office.server.recipients == ["reader-2@readers.example", "reader-3@readers.example"]
    office.wait(minutes=15)
    assert office.deliver().outcome is Outcome.DONE
    assert sorted(office.server.recipients) == [f"reader-{n}@readers.example" for n in (1, 2, 3)]


def test_full_mailboxes_at_the_top_of_the_list_stop_nobody_else(office: PostOffice) -> None:
    office.list_of(crowd(8))
    full = [f"reader-{n}@readers.example" for n in range(1, 6)]
    office.server.answers = {address: ["452 mailbox full"] for address in full}
    refused(office)
    assert len(office.server.taken) == 3


def test_after_an_hour_what_was_put_off_is_put_off_for_good(office: PostOffice) -> None:
    office.list_of(crowd(3))
    office.server.answers = {"reader-1@readers.example": ["452 mailbox full"]}
    refused(office)
    office.wait(minutes=59)
    refused(office)
    office.wait(minutes=1)
    receipt = office.deliver()
    assert receipt.outcome is Outcome.DONE
    assert receipt.detail == "1 put off, 2 sent"
    assert len(office.server.taken) == 2


def test_a_server_that_is_away_is_told_by_name_and_nothing_is_claimed(office: PostOffice) -> None:
    office.server.stop()
    error = refused(office)
    assert error.kind is ErrorKind.DISCONNECTED
    assert str(error).startswith(f"cannot reach the mail server 127.0.0.1:{office.server.port}: ")
    assert office.counts() == {}
    office.server.start()
    assert office.deliver().outcome is Outcome.DONE
    assert len(office.server.taken) == 4


def test_a_server_that_goes_away_in_the_middle_loses_and_doubles_nothing(
    office: PostOffice,
) -> None:
    """It hangs up at each mail of the first lines: those are unclear and are left alone."""
    office.list_of(crowd(6))
    office.server.is_lossy = True
    error = refused(office)
    assert error.kind is ErrorKind.RETRY_AFTER
    assert "keeps hanging up" in str(error)
    office.server.is_lossy = False
    assert office.deliver().detail == "3 sent, 3 unclear"
    assert office.server.recipients == [f"reader-{n}@readers.example" for n in range(1, 7)]


def test_a_server_that_wants_new_lines_gets_them(office: PostOffice) -> None:
    office.list_of(crowd(10))
    office.server.most_a_line = 3
    assert office.deliver().detail == "10 sent"
    assert office.server.recipients == [f"reader-{n}@readers.example" for n in range(1, 11)]
    assert office.server.sessions == 4


def test_a_send_that_reached_some_is_never_called_refused(office: PostOffice) -> None:
    office.list_of(crowd(5))
    office.server.at_sender = ["", "", "421 going down"]
    assert refused(office).kind is ErrorKind.RETRY_AFTER
    office.wait(minutes=61)
    receipt = office.deliver()
    assert (receipt.outcome, receipt.detail) == (Outcome.DONE, "2 sent")
    assert office.stage.connector.read(TARGET) is not None


def test_a_send_that_reached_nobody_is_never_called_done(office: PostOffice) -> None:
    office.server.at_sender = ["421 going down"]
    refused(office)
    office.wait(minutes=61)
    assert refused(office).kind is ErrorKind.RETRY_AFTER
    assert office.stage.connector.read(TARGET) is None


def test_a_sender_the_server_does_not_take_is_no_fault_of_the_contacts(
    office: PostOffice,
) -> None:
    office.server.at_sender = ["553 not your address"]
    error = refused(office)
    assert error.kind is ErrorKind.BAD_REQUEST
    assert str(error) == "the server takes no mail from news@shop.example: 553 not your address"
    assert office.counts() == {}


def test_a_used_up_allowance_waits_and_goes_on(office: PostOffice) -> None:
    office.list_of(crowd(4))
    office.server.at_sender = ["", "", "550 daily limit reached", ""]
    assert refused(office).kind is ErrorKind.QUOTA
    assert office.deliver().detail == "4 sent"
    assert office.server.recipients == [f"reader-{n}@readers.example" for n in range(1, 5)]


def test_the_same_number_again_sends_nothing(office: PostOffice) -> None:
    office.deliver()
    again = office.deliver()
    assert again.detail == "sent before: 4 sent"
    assert len(office.server.taken) == 4


def test_what_is_due_later_is_not_sent_now(office: PostOffice) -> None:
    action = office.action(send(office.stage.now.replace(hour=20)))
    with pytest.raises(ConnectorError) as caught:
        office.stage.apply(action, "pmt-early")
    assert caught.value.kind is ErrorKind.RETRY_AFTER
    assert caught.value.retry_after_seconds == 12 * 3600
    assert office.server.taken == []


def test_a_reading_covers_a_sends_whole_life(office: PostOffice) -> None:
    office.deliver()
    office.wait(days=2)
    sent = metrics(office)["sent"]
    assert (sent.since, (sent.until - sent.since).days) == (office.stage.start, 30)
    assert sent.as_of == office.stage.now


def test_nothing_is_read_or_measured_of_a_send_that_is_not_over(office: PostOffice) -> None:
    office.server.answers = {"reader-1@readers.example": ["450 later"]}
    refused(office)
    assert office.stage.connector.read(TARGET) is None
    assert metrics(office) == {}


@pytest.mark.slow
def test_five_thousand_readers_get_one_mail_each(office: PostOffice) -> None:
    office.list_of(crowd(5_000))
    office.server.most_a_line = 400
    assert office.deliver().detail == "5,000 sent"
    assert len(set(office.server.recipients)) == len(office.server.recipients) == 5_000
