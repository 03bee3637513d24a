"""The other screens' reads agree with the ledger, the cycles and the files."""

from datetime import date, timedelta

from drumbeat.app.pages.experiments import Experiments
from drumbeat.core.governance.phase import Phase
from drumbeat.cycle.cycle import NAMES
from drumbeat.store import ledger
from drumbeat.web.views.autonomy import Level
from drumbeat.web.views.calendar import ItemStatus
from drumbeat.web.views.campaign import CampaignFilter, StageState, TraceKind
from drumbeat.web.views.change import ActorKind, ChangeFilter
from drumbeat.web.views.experiment import MetricRole
from tests.app.pages.world import LAUNCH, World


def test_a_cycle_that_waits_shows_what_is_done_and_what_it_waits_for(seen: World) -> None:
    asked, cycles = seen.waiting(LAUNCH)[0].proposal, seen.services.cycles
    assert cycles is not None
    view = cycles.cycle(asked.action.cycle)
    assert view is not None
    states = {row.stage.lower(): row.state for row in view.stages}
    assert tuple(states) == NAMES
    assert [states[name] for name in NAMES[:4]] == [StageState.DONE] * 4
    assert states["approval"] in (StageState.WAITING, StageState.LATE)
    assert {states[name] for name in NAMES[5:]} == {StageState.AHEAD}
    approval = next(row for row in view.stages if row.stage == "Approval")
    assert approval.proposal_id == asked.id
    assert approval.allowed == timedelta(hours=24)
    assert view.waits_for == "approval"


def test_a_trace_holds_every_entry_of_its_cycle_once(seen: World) -> None:
    done, cycles = seen.entries("cycle_done")[0], seen.services.cycles
    assert cycles is not None
    view = cycles.cycle(done.cycle)
    assert view is not None
    rows = [row for group in view.trace for row in group.rows]
    told = [e for e in seen.entries() if e.cycle == done.cycle and e.kind != "attempted"]
    assert len(rows) == len(told)  # an attempt is told by its outcome
    assert {row.kind for row in rows} == {TraceKind.RULE, TraceKind.TOOL, TraceKind.PERSON}
    assert sum(row.is_deciding for row in rows) == 1
    assert next(group.stage.lower() for group in view.trace) == NAMES[0]
    assert view.state.startswith("done: ")


def test_addresses_are_masked_in_a_trace(seen: World) -> None:
    launched = next(e for e in seen.entries("launched") if e.campaign == "weekly-newsletter")
    cycles = seen.services.cycles
    assert cycles is not None
    view = cycles.cycle(launched.cycle)
    assert view is not None
    shown = "".join(row.given + row.gave for group in view.trace for row in group.rows)
    assert "from_address" in shown
    assert "@northbean" not in shown


def test_a_campaign_tells_its_figures_its_cycles_and_its_file(seen: World) -> None:
    view = seen.services.campaigns.campaign("weekly-newsletter")
    assert view is not None
    assert [stat.label for stat in view.stats][:2] == ["Conversions", "Click rate"]
    assert view.series is not None
    assert len(view.series.days) == len(view.series.values)
    assert [marker.number for marker in view.series.markers] == list(
        range(1, len(view.series.markers) + 1)
    )
    assert view.cycle_id == view.cycles[0].id
    assert view.next_at is not None
    assert view.next_at > seen.now
    assert "click rate below baseline by 30%, then escalate" in [
        setting.value for setting in view.settings
    ]


def test_campaigns_are_found_by_status_channel_owner_and_text(seen: World) -> None:
    def found(wanted: CampaignFilter) -> list[str]:
        page = seen.services.campaigns.campaigns(wanted, after=None, limit=50)
        return sorted(row.id for row in page.items)

    assert found(CampaignFilter(channel="social")) == ["social-calendar"]
    assert found(CampaignFilter(mine="jon")) == ["retargeting-evergreen"]
    assert found(CampaignFilter(text="tuesday")) == ["weekly-newsletter"]
    assert found(CampaignFilter(phase="full")) == []
    assert found(CampaignFilter(status="needs you")) == sorted(
        {one.proposal.action.campaign for one in seen.waiting()}
    )


def test_changes_are_paged_without_gap_or_repetition(seen: World) -> None:
    reads, wanted = seen.services.changes, ChangeFilter(campaign_id="weekly-newsletter")
    page = reads.changes(wanted, after=None, limit=7)
    found = [row.id for row in page.items]
    while page.next:
        page = reads.changes(wanted, after=page.next, limit=7)
        found += [row.id for row in page.items]
    assert len(found) == len(set(found)) == page.total
    assert found == sorted(found, key=int, reverse=True)


def test_changes_can_be_narrowed_to_people_and_to_words(seen: World) -> None:
    reads = seen.services.changes
    people = reads.changes(ChangeFilter(actor_kind="person"), after=None, limit=50)
    assert people.items
    assert {row.actor_kind for row in people.items} == {ActorKind.PERSON}
    assert people.total == 0, "who acts is known once an entry is worded: nobody counted"
    worded = reads.changes(ChangeFilter(text="amplify"), after=None, limit=50)
    assert all("amplify" in f"{row.field} {row.why}".lower() for row in worded.items)


def test_a_change_shows_its_place_in_a_whole_chain_and_what_it_rests_on(seen: World) -> None:
    applied = next(e for e in seen.entries("applied") if e.body["action"] == LAUNCH)
    view = seen.services.changes.change(str(applied.seq))
    assert view is not None
    assert (view.proof.number, view.proof.hash) == (applied.seq, applied.hash)
    assert view.proof.is_whole
    assert view.approved_by
    assert view.rests_on
    assert view.proposal_id == applied.subject
    assert view.row.actor == "Launcher"


def test_a_hold_that_a_lesson_makes_is_named_so(world: World) -> None:
    with world.demo.app.database.write() as transaction:
        for code, text in (("lesson ledger#7", "a person said before: no"), ("within noise", "x")):
            ledger.append(
                transaction,
                "held_steady",
                at=world.now,
                actor="agent:optimizer",
                subject="portfolio",
                code=code,
                text=text,
            )
    told = world.browser("dana").get("/changes").text
    assert told.count("No change: a person said so before") == 1
    assert "a person said before: no" in told


def test_the_calendar_holds_everything_that_was_launched(seen: World) -> None:
    first, last = date(2026, 9, 7), date(2026, 10, 7)
    calendar = seen.services.calendar
    assert calendar is not None
    view = calendar.calendar(first, last)
    launched = [e for e in seen.entries("launched") if e.campaign == "weekly-newsletter"]
    mails = [item for item in view.items if item.campaign_id == "weekly-newsletter"]
    assert len(mails) >= len(launched)
    assert ItemStatus.SENT in {item.status for item in mails}
    times = [item.at for item in view.items]
    assert times == sorted(times)


def test_what_waits_for_an_answer_says_so_in_the_calendar(seen: World) -> None:
    asked, calendar = seen.waiting(LAUNCH)[0].proposal, seen.services.calendar
    assert calendar is not None
    view = calendar.calendar(seen.now.date(), seen.now.date() + timedelta(days=14))
    waiting = [item for item in view.items if item.proposal_id == asked.id]
    assert waiting
    assert {item.status for item in waiting} == {ItemStatus.NEEDS_APPROVAL}


def test_the_next_occurrences_are_in_the_calendar_before_anything_is_made(seen: World) -> None:
    calendar = seen.services.calendar
    assert calendar is not None
    month = seen.now.date() + timedelta(days=31)
    ahead = [item for item in calendar.calendar(seen.now.date(), month).items if not item.asset_id]
    assert {item.campaign_id for item in ahead} == set(seen.demo.app.files.campaigns)
    assert {item.status for item in ahead} == {ItemStatus.DRAFT}


def test_the_pages_show_what_the_registry_holds(seen: World) -> None:
    reads = seen.services.experiments
    assert isinstance(reads, Experiments)
    registry = reads.registry(after=None, limit=20)
    rows = [*registry.running, *registry.decided.items]
    registered = {entry.subject for entry in seen.entries("experiment_registered")}
    assert {row.id for row in rows} == registered
    newsletter = next(row for row in rows if row.campaign_id == "weekly-newsletter")
    view = reads.experiment(newsletter.id)
    assert view is not None
    (primary,) = [one for one in view.effects if one.role is MetricRole.PRIMARY]
    assert primary.low <= primary.value <= primary.high
    sent = {e.cycle for e in seen.entries("measured") if e.campaign == "weekly-newsletter"}
    assert sum(arm.units for arm in view.arms) > 500 * len(sent) > 0
    assert any("as designed" in line.text for line in view.health)


def test_the_library_is_ranked_by_impact_times_confidence(seen: World) -> None:
    reads = seen.services.experiments
    assert reads is not None
    library = reads.registry(after=None, limit=20).library
    assert {row.id for row in library} == set(seen.demo.app.files.hypotheses)
    assert [row.score for row in library] == sorted((r.score for r in library), reverse=True)


def test_the_matrix_page_is_the_files_matrix(seen: World) -> None:
    autonomy = seen.services.autonomy
    assert autonomy is not None
    rows = {row.kind: row for row in autonomy.autonomy().matrix}
    budget = dict(zip(Phase, rows["ads.set_budget"].levels, strict=True))
    assert (budget[Phase.SUPERVISED], budget[Phase.CONDITIONAL]) == (Level.ASK, Level.ACT)
    assert set(rows["budget.allocate"].levels) == {Level.ASK}
    assert rows["connection.set_mode"].agents == ()


def test_a_simulation_replays_the_quarter_and_changes_nothing(seen: World) -> None:
    autonomy = seen.services.autonomy
    assert autonomy is not None
    before = seen.services.shell.version()
    replayed = autonomy.simulate(LAUNCH, "supervised", "never")
    assert replayed is not None
    assert replayed.asked_before > 0
    assert replayed.asked_after == 0
    assert autonomy.simulate("no.such", "supervised", "ask") is None
    assert autonomy.simulate(LAUNCH, "someday", "ask") is None
    assert seen.services.shell.version() == before


def test_a_week_is_reviewed_once_it_is_over(seen: World) -> None:
    review = seen.services.review
    assert review is not None
    view = review.review("2026-W37")
    assert view is not None
    assert (view.first, view.last) == (date(2026, 9, 7), date(2026, 9, 13))
    answered = [e for e in seen.entries("approved") if e.at.date() <= view.last]
    assert sum(row.of for row in view.agreement) == len({e.subject for e in answered})
    assert "Week of September 7, 2026" in view.minutes
    assert review.review("2026-W35") is None


def test_connections_tell_mode_freshness_and_what_the_doctor_says(seen: World) -> None:
    connections = seen.services.connections
    assert connections is not None
    view = connections.health()
    assert {row.id for row in view.connections} == {
        "house-mail",
        "ads-account",
        "social-accounts",
    }
    assert {row.mode for row in view.connections} == {"live"}
    assert all(row.last_read is not None for row in view.connections)
    assert any("ledger" in line.text for line in view.doctor)


def test_search_finds_campaigns_decisions_and_hypotheses(seen: World) -> None:
    port, dana = seen.services.search, seen.person("dana")
    assert port is not None
    assert next(hit.path for hit in port.search("tuesday cup", dana, 5)) == (
        "/campaigns/weekly-newsletter"
    )
    assert {hit.kind for hit in port.search("launch", dana, 5)} >= {"decision"}
    assert port.search("H-07", dana, 5)[0].kind == "experiment"
    assert port.search("", dana, 5) == ()
