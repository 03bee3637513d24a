"""Posts on a server that ignores Idempotency-Key: published once, found again, taken back."""

from datetime import timedelta

import pytest

from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.core.governance.receipt import Outcome
from tests.connectors.mastodon.account import MastodonAccount
from tests.connectors.mastodon.fake_server import Fault
from tests.connectors.mastodon.pieces import LINK, TARGET, TEXT, post

DAY = timedelta(days=1)
OTHER = "post:calendar/1/2"


def failure(account: MastodonAccount) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        account.publish()
    return caught.value


def test_a_post_due_now_is_published_with_its_link(account: MastodonAccount) -> None:
    receipt = account.publish()
    assert account.server.texts == [f"{TEXT}\n\n{LINK}"]
    assert receipt.ref == f"status:{account.server.statuses[0]['id']}"
    assert account.server.keys == ["pmt-post"]


def test_a_post_due_later_is_scheduled(account: MastodonAccount) -> None:
    receipt = account.publish(post(account.stage.start + DAY))
    [waiting] = account.server.scheduled
    assert waiting["scheduled_at"] == "2026-03-03T08:00:00.000Z"
    assert receipt.ref == f"scheduled:{waiting['id']}"
    assert account.server.statuses == []


def test_a_post_due_too_soon_to_schedule_waits_and_is_never_early(
    account: MastodonAccount,
) -> None:
    soon = post(account.stage.start + timedelta(minutes=4))
    with pytest.raises(ConnectorError) as caught:
        account.publish(soon)
    assert caught.value.kind is ErrorKind.RETRY_AFTER
    assert caught.value.retry_after_seconds == 240.0
    assert account.server.trace == []
    account.wait(minutes=4)
    account.publish(soon)
    assert len(account.server.statuses) == 1


@pytest.mark.parametrize("fault", [Fault.HANG_UP_AFTER, Fault.ERROR_AFTER, Fault.NONSENSE_AFTER])
@pytest.mark.parametrize("ahead", [timedelta(), DAY], ids=["published", "scheduled"])
def test_a_post_whose_answer_was_lost_is_found_by_its_words(
    account: MastodonAccount, fault: str, ahead: timedelta
) -> None:
    wanted = post(account.stage.start + ahead, text=f"{TEXT}\nAsk @ann@barista.example: <3")
    account.server.faults = [fault]
    with pytest.raises(ConnectorError) as caught:
        account.publish(wanted)
    assert caught.value.kind is ErrorKind.UNKNOWN_OUTCOME
    account.wait(minutes=2)
    found = account.find()
    assert found is not None
    assert (found.state, found.key) == (wanted.model_dump(mode="json"), "pmt-post")
    assert account.publish(wanted).detail == "published before"
    assert len(account.server.trace) == 1


@pytest.mark.parametrize("fault", [Fault.HANG_UP_AFTER, Fault.ERROR_AFTER])
def test_the_same_number_again_at_once_looks_before_it_posts(
    account: MastodonAccount, fault: str
) -> None:
    account.server.faults = [fault]
    failure(account)
    assert account.publish().outcome is Outcome.DONE
    assert len(account.server.trace) == 1


@pytest.mark.parametrize("fault", [Fault.HANG_UP_BEFORE, Fault.ERROR_BEFORE])
def test_a_post_that_was_lost_on_its_way_is_posted_once(
    account: MastodonAccount, fault: str
) -> None:
    account.server.faults = [fault]
    assert failure(account).kind is ErrorKind.UNKNOWN_OUTCOME
    account.wait(minutes=2)
    assert account.find() is None
    account.publish()
    assert len(account.server.trace) == 1


def test_a_lost_post_is_found_after_its_schedule_ran(account: MastodonAccount) -> None:
    account.server.faults = [Fault.HANG_UP_AFTER]
    wanted = post(account.stage.start + DAY)
    with pytest.raises(ConnectorError):
        account.publish(wanted)
    account.wait(days=2)
    found = account.find()
    assert found is not None
    assert found.ref == f"status:{account.server.statuses[0]['id']}"


def test_the_same_words_of_last_month_are_another_post(account: MastodonAccount) -> None:
    wanted = post(account.stage.start + 30 * DAY, link="")
    account.server.publish(TEXT)
    account.wait(days=30)
    account.publish(wanted)
    assert account.server.texts == [TEXT, TEXT]


def test_two_posts_of_the_same_words_are_told_apart(account: MastodonAccount) -> None:
    first, second = (post(account.stage.start + days * DAY, link="") for days in (1, 2))
    account.publish(first, "pmt-one")
    account.publish(second, "pmt-two", OTHER)
    assert len(account.server.scheduled) == 2
    account.wait(days=3)
    assert len(account.server.statuses) == 2
    refs = {state.ref for target in (TARGET, OTHER) if (state := account.read(target))}
    assert refs == {f"status:{status['id']}" for status in account.server.statuses}


def test_a_twin_for_the_same_moment_is_posted_as_well(account: MastodonAccount) -> None:
    wanted = post(account.stage.start + DAY)
    account.publish(wanted, "pmt-one")
    account.publish(wanted, "pmt-two", OTHER)
    assert len(account.server.scheduled) == 2


def test_the_same_words_scheduled_by_hand_for_another_time_are_another_post(
    account: MastodonAccount,
) -> None:
    account.server.post({"status": TEXT, "scheduled_at": "2026-03-09T08:00:00+00:00"})
    account.publish(post(account.stage.start + DAY, link=""))
    assert len(account.server.scheduled) == 2


def test_a_busy_account_is_searched_page_by_page(account: MastodonAccount) -> None:
    account.server.faults = [Fault.HANG_UP_AFTER]
    failure(account)
    for number in range(130):
        account.server.publish(f"somebody writes by hand, {number}")
    assert account.find() is not None


def test_a_full_calendar_is_searched_page_by_page(account: MastodonAccount) -> None:
    account.server.faults = [Fault.HANG_UP_AFTER]
    wanted = post(account.stage.start + DAY)
    with pytest.raises(ConnectorError):
        account.publish(wanted)
    for number in range(90):
        other = post(account.stage.start + DAY, text=f"post {number}")
        account.publish(other, f"pmt-{number}", f"post:calendar/2/{number}")
    assert account.find() is not None


def test_a_schedule_that_has_run_is_read_as_the_status_it_became(
    account: MastodonAccount,
) -> None:
    account.publish(post(account.stage.start + DAY))
    account.wait(days=1, minutes=1)
    state = account.read()
    assert state is not None
    assert state.ref == f"status:{account.server.statuses[0]['id']}"


def test_taking_back_a_schedule_publishes_nothing(account: MastodonAccount) -> None:
    account.publish(post(account.stage.start + DAY))
    account.delete()
    account.wait(days=2)
    assert account.server.statuses == []
    assert account.read() is None


def test_taking_back_a_schedule_that_has_run_deletes_the_status(
    account: MastodonAccount,
) -> None:
    account.publish(post(account.stage.start + DAY))
    account.wait(days=2)
    account.delete()
    assert account.server.statuses == []


def test_only_our_own_post_is_deleted(account: MastodonAccount) -> None:
    account.server.publish("somebody writes by hand")
    account.publish()
    account.delete()
    assert account.server.texts == ["somebody writes by hand"]


def test_a_deletion_whose_answer_was_lost_is_seen_in_what_is_gone(
    account: MastodonAccount,
) -> None:
    account.publish()
    account.server.faults = [Fault.ERROR_AFTER]
    with pytest.raises(ConnectorError) as caught:
        account.delete()
    assert caught.value.kind is ErrorKind.UNKNOWN_OUTCOME
    assert account.find("pmt-delete") is None
    assert account.delete().outcome is Outcome.DONE
    assert account.delete().detail == "deleted before"


def test_what_was_never_published_here_cannot_be_deleted(account: MastodonAccount) -> None:
    with pytest.raises(ConnectorError, match="was not published here") as caught:
        account.delete()
    assert caught.value.kind is ErrorKind.BAD_REQUEST


def test_a_post_somebody_deleted_by_hand_is_gone(account: MastodonAccount) -> None:
    account.publish()
    account.server.statuses.clear()
    assert account.read() is None
    assert account.metrics() == {}
    assert account.delete().outcome is Outcome.DONE


def test_a_status_out_of_sight_for_a_moment_is_not_forgotten(account: MastodonAccount) -> None:
    account.publish()
    kept = list(account.server.statuses)
    account.server.statuses.clear()
    assert account.read() is None
    account.server.statuses.extend(kept)
    assert account.read() is not None


def test_an_edit_on_the_server_is_seen(account: MastodonAccount) -> None:
    account.publish()
    account.server.statuses[0].update(content="<p>Mine now</p>", edited_at="2026-03-02T09:00:00Z")
    state = account.read()
    assert state is not None
    assert isinstance(state.state, dict)
    assert state.state["text"] == "Mine now"
    assert state.state["topic"] == "brewing"


def test_a_schedule_moved_on_the_server_is_seen(account: MastodonAccount) -> None:
    account.publish(post(account.stage.start + DAY))
    account.server.scheduled[0]["scheduled_at"] = "2026-03-05T08:00:00.000Z"
    state = account.read()
    assert state is not None
    assert isinstance(state.state, dict)
    assert state.state["publish_at"] == "2026-03-05T08:00:00+00:00"


def test_readings_cover_a_posts_whole_life(account: MastodonAccount) -> None:
    account.publish(post(account.stage.start + DAY))
    assert account.metrics() == {}
    account.wait(days=3)
    counts = {"favourites_count": 5, "reblogs_count": 2, "replies_count": 3}
    account.server.statuses[0].update(counts)
    told = account.metrics()
    assert {name: reading.value for name, reading in told.items()} == {
        "engagements": 10,
        "comments": 3,
    }
    life = told["comments"]
    assert (life.since, life.until - life.since) == (account.stage.start + DAY, timedelta(days=30))
    assert life.as_of == account.stage.now


def test_a_post_that_is_too_long_is_refused_by_preview_and_server(
    account: MastodonAccount,
) -> None:
    wanted = post(account.stage.start, text="x" * 501)
    preview = account.stage.connector.preview(account.action(wanted))
    assert not preview.accepted
    assert preview.detail == "526 of 500 characters"
    with pytest.raises(ConnectorError, match="character limit") as caught:
        account.publish(wanted)
    assert caught.value.kind is ErrorKind.BAD_REQUEST


def test_a_server_that_is_busy_says_when_to_come_back(account: MastodonAccount) -> None:
    account.server.faults = [Fault.BUSY]
    error = failure(account)
    assert (error.kind, error.retry_after_seconds) == (ErrorKind.RETRY_AFTER, 120.0)
    assert account.publish().outcome is Outcome.DONE
    assert len(account.server.trace) == 1


@pytest.mark.parametrize("trouble", ["reads_fail", "speaks_nonsense"])
def test_a_server_that_cannot_be_read_gets_no_post(account: MastodonAccount, trouble: str) -> None:
    """Without a look there is no telling whether the post is there already."""
    setattr(account.server, trouble, True)
    assert failure(account).kind is ErrorKind.DISCONNECTED
    assert account.server.trace == []
    assert not account.stage.connector.check().is_well
    with pytest.raises(ConnectorError):
        account.stage.connector.preview(account.action(post(account.stage.start)))
