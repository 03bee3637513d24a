"""Conformance: the one suite every connector passes, over whatever platform it stands for.

A test module makes a class of it and names the harnesses to run it over::

    class TestAcme(Conformance):
        harnesses = (AcmeHarness(),)
"""

import math
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from drumbeat.connectors.contract import (
    Capability,
    ConnectorError,
    ErrorKind,
    EventRefused,
    MetricsQuery,
)
from drumbeat.connectors.manifest import read_manifest
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.permit import PermitRefused
from drumbeat.core.governance.receipt import Outcome
from drumbeat.core.operations.metrics import BASE, Unit
from drumbeat.testing import scenes
from drumbeat.testing.claims import cases, choosy, claims, removes
from drumbeat.testing.harness import Harness, Sample, Stage, set_stage, shows

_NONSENSE: tuple[dict[str, Any], ...] = (
    {"kind": "campaign.set"},
    {"kind": "platform.levitate"},
    {"after": {"object": "moon"}},
    {"after": ["a", "list"]},
)

_MOMENTS = ("send_at", "publish_at")

_EVENT_KINDS = {
    "delivered",
    "opened",
    "clicked",
    "bounced",
    "complained",
    "unsubscribed",
    "converted",
    "commented",
}


class Conformance:
    """Subclass it as ``Test…`` with the ``harnesses`` to run over."""

    harnesses: ClassVar[tuple[Harness, ...]] = ()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A case a harness, or a case a sample, as far as the connector claims what is tested."""
        if "harness" in metafunc.fixturenames:
            names, found, ids = cases(metafunc, self.harnesses)
            metafunc.parametrize(names, found, ids=ids)

    @pytest.fixture
    def stage(self, harness: Harness, tmp_path: Path) -> Iterator[Stage]:
        with set_stage(harness, tmp_path) as ready:
            yield ready

    @pytest.fixture
    def lossy(self, harness: Harness, tmp_path: Path) -> Iterator[Stage]:
        """A stage whose platform makes every change and loses every answer."""
        with set_stage(harness, tmp_path, lossy=True) as ready:
            yield ready

    # The manifest

    def test_the_manifest_says_what_the_class_does(self, stage: Stage) -> None:
        claimed = stage.manifest.capabilities
        assert set(claimed) == stage.connector.capabilities()
        assert len(claimed) == len(set(claimed))
        assert stage.connector.connection == "here"

    def test_the_manifest_on_disk_is_the_manifest(self, harness: Harness) -> None:
        manifest = harness.manifest()
        found = read_manifest(manifest.folder) if manifest.folder.parts else manifest
        assert found == manifest

    def test_every_kind_it_names_is_tried_here(self, harness: Harness) -> None:
        manifest = harness.manifest()
        ours = [h for h in self.harnesses if h.connector == harness.connector]
        tried = {sample.kind for one in ours for sample in one.samples}
        assert tried == set(manifest.kinds)
        assert {KINDS[kind].channel.value for kind in tried} == set(manifest.channels)

    def test_idempotency_is_promised_for_a_time(self, harness: Harness) -> None:
        manifest = harness.manifest()
        honours = Capability.SERVER_IDEMPOTENCY in manifest.capabilities
        assert (manifest.key_window is not None) is honours
        searches = Capability.LOOK_UP in manifest.capabilities
        assert (manifest.look_up_lag is not None) is searches

    # Health

    def test_a_peer_that_answers_is_well(self, stage: Stage) -> None:
        assert stage.connector.check().is_well

    def test_a_peer_that_is_away_is_told_of_and_raises_nothing(self, stage: Stage) -> None:
        stage.peer.go_away()
        health = stage.connector.check()
        assert not health.is_well
        assert health.detail

    def test_a_peer_that_is_away_is_a_clean_error_and_nothing_is_lost(
        self, stage: Stage, sample: Sample
    ) -> None:
        wanted = stage.prepare(sample)
        before = stage.peer.trace()
        stage.peer.go_away()
        with pytest.raises(ConnectorError) as caught:
            stage.apply(wanted, stage.number())
        assert caught.value.kind in (ErrorKind.DISCONNECTED, ErrorKind.RETRY_AFTER)
        assert str(caught.value)
        assert stage.peer.trace() == before
        for call in (stage.connector.preview, lambda a: stage.connector.read(a.target)):
            with suppress(ConnectorError):
                call(wanted)

    # Preview

    @claims(Capability.PREVIEW)
    def test_a_preview_accepts_and_changes_nothing(self, stage: Stage, sample: Sample) -> None:
        wanted = stage.prepare(sample)
        before, there = stage.peer.trace(), stage.connector.read(sample.target)
        preview = stage.connector.preview(wanted)
        assert preview.accepted, preview.detail
        assert preview.detail
        assert stage.peer.trace() == before
        assert stage.connector.read(sample.target) == there

    @claims(Capability.PREVIEW)
    def test_a_preview_refuses_nonsense_with_a_reason(self, stage: Stage, sample: Sample) -> None:
        preview = stage.connector.preview(stage.action(sample).revised(after={"object": "moon"}))
        assert not preview.accepted
        assert preview.detail

    # Another moment

    @claims(Capability.RESCHEDULE)
    def test_what_waits_gets_another_moment_and_no_twin(self, stage: Stage, sample: Sample) -> None:
        wanted = stage.prepare(sample)
        moment = next((f for f in _MOMENTS if f in scenes.fields(wanted.after)), "")
        if not moment:
            return  # an ad runs at once: it has no moment to move
        stage.see_through(wanted, stage.number())
        later = stage.now + timedelta(days=3)
        after = {**scenes.fields(wanted.after), moment: later.isoformat()}
        moved = wanted.revised(before=wanted.after, after=after)
        before = stage.peer.trace()
        stage.see_through(moved, stage.number())
        found = stage.connector.read(sample.target)
        assert found is not None
        assert datetime.fromisoformat(scenes.fields(found.state)[moment]) == later
        assert len(stage.peer.trace()) - len(before) <= 1

    # Permits

    def test_without_a_good_permit_nothing_is_sent(self, stage: Stage, sample: Sample) -> None:
        wanted = stage.prepare(sample)
        before = stage.peer.trace()
        permit = stage.permit(wanted, stage.number())
        for why, spoiled in scenes.bad_permits(permit, stage).items():
            with pytest.raises(PermitRefused):
                stage.connector.apply(wanted, spoiled)
            assert stage.peer.trace() == before, why

    def test_a_used_permit_sends_nothing(self, stage: Stage, sample: Sample) -> None:
        wanted = stage.prepare(sample)
        permit = stage.permit(wanted, stage.number())
        stage.connector.apply(wanted, permit)
        before = stage.peer.trace()
        with pytest.raises(PermitRefused):
            stage.connector.apply(wanted, permit)
        assert stage.peer.trace() == before

    def test_an_edited_action_needs_another_permit(self, stage: Stage, sample: Sample) -> None:
        wanted = stage.prepare(sample)
        before = stage.peer.trace()
        permit = stage.permit(wanted, stage.number())
        with pytest.raises(PermitRefused):
            stage.connector.apply(wanted.revised(target=f"{wanted.target}x"), permit)
        assert stage.peer.trace() == before

    # Changes

    def test_what_was_done_is_read_back(self, stage: Stage, sample: Sample) -> None:
        wanted, number = stage.prepare(sample), stage.number()
        before = len(stage.peer.trace())
        receipt = stage.apply(wanted, number)
        found = stage.connector.read(sample.target)
        assert receipt.outcome is Outcome.DONE
        assert shows(found.state if found else None, wanted.after)
        assert found is None or (found.target == sample.target and found.key in ("", number))
        assert len(stage.peer.trace()) == before + sample.changes

    def test_a_replay_does_nothing_twice(self, stage: Stage, sample: Sample) -> None:
        wanted, number = stage.prepare(sample), stage.number()
        stage.apply(wanted, number)
        before = stage.peer.trace()
        assert stage.apply(wanted, number, attempt=2).outcome is Outcome.DONE
        assert stage.peer.trace() == before
        found = stage.connector.read(sample.target)
        assert shows(found.state if found else None, wanted.after)

    @choosy
    @removes
    def test_a_removal_can_be_asked_for_by_somebody_else_later(
        self, stage: Stage, sample: Sample
    ) -> None:
        wanted = stage.prepare(sample)
        stage.apply(wanted, stage.number())
        before = stage.peer.trace()
        with suppress(ConnectorError):
            stage.apply(wanted, stage.number())
        assert stage.peer.trace() == before
        assert stage.connector.read(sample.target) is None

    @choosy
    def test_nonsense_is_refused_and_nothing_is_sent(self, stage: Stage, sample: Sample) -> None:
        wanted = stage.prepare(sample)
        before = stage.peer.trace()
        for change in _NONSENSE:
            assert scenes.refusal(stage, wanted.revised(**change)), change
            assert stage.peer.trace() == before, change

    # Lost answers

    @claims(Capability.LOOK_UP, Capability.SERVER_IDEMPOTENCY)
    def test_a_lost_answer_ends_in_one_change(self, lossy: Stage, sample: Sample) -> None:
        for given in scenes.before(sample):
            lossy.see_through(scenes.action_now(lossy, given), lossy.number())
        before = len(lossy.peer.trace())
        wanted, number = scenes.action_now(lossy, sample), lossy.number()
        lossy.see_through(wanted, number)
        assert len(lossy.peer.trace()) == before + sample.changes
        found = lossy.connector.read(sample.target)
        assert shows(found.state if found else None, wanted.after)

    @claims(Capability.LOOK_UP)
    def test_what_was_never_asked_is_not_found(self, stage: Stage, sample: Sample) -> None:
        assert stage.connector.find(sample.target, "pmt-never") is None

    # Metrics

    @claims(Capability.METRICS)
    def test_readings_are_counts_with_windows(self, stage: Stage) -> None:
        readings = scenes.readings(stage)
        assert readings
        for reading in readings:
            assert reading.target in scenes.targets(stage)
            assert reading.since < reading.until
            assert reading.as_of <= stage.now
            assert reading.value >= 0
            assert math.isfinite(reading.value)
            assert reading.source
            assert bool(reading.currency) is (BASE[reading.metric] is Unit.MONEY)
        assert len({scenes.identity(reading) for reading in readings}) == len(readings)

    @claims(Capability.METRICS)
    def test_a_later_reading_of_a_window_replaces_the_first(self, stage: Stage) -> None:
        first = {scenes.identity(reading): reading for reading in scenes.readings(stage)}
        stage.place.clock.advance(timedelta(hours=3))
        again = {scenes.identity(reading): reading for reading in scenes.ask(stage)}
        assert first.keys() <= again.keys()
        assert all(again[key].as_of >= first[key].as_of for key in first)

    @claims(Capability.METRICS)
    def test_a_target_that_never_was_has_no_readings(self, stage: Stage) -> None:
        query = MetricsQuery(
            targets=("post:no/such/1",),
            since=stage.now,
            until=stage.now + timedelta(days=1),
            as_of=stage.now,
        )
        assert list(stage.connector.metrics(query)) == []

    @claims(Capability.PLACEMENTS)
    def test_placements_add_up_to_their_line_item(self, stage: Stage) -> None:
        found = [one for one in scenes.readings(stage) if one.target.startswith("line_item:")]
        for metric in ("spend", "clicks"):
            mine = [one for one in found if one.metric == metric]
            whole = sum(one.value for one in mine if not one.dimensions)
            parts = [one.value for one in mine if list(one.dimensions) == ["placement"]]
            assert sum(parts) == pytest.approx(whole), metric
            assert len(parts) > 1 or not mine, metric

    # Pages

    @claims(Capability.PAGES)
    def test_a_page_is_read(self, stage: Stage) -> None:
        found = stage.connector.page(stage.peer.page)
        assert (found.address, found.status) == (stage.peer.page, 200)
        assert found.is_good
        assert found.read_at == stage.now
        assert found.seconds >= 0

    @claims(Capability.PAGES)
    def test_a_page_that_is_away_is_a_clean_error(self, stage: Stage) -> None:
        stage.peer.go_away()
        with pytest.raises(ConnectorError) as caught:
            stage.connector.page(stage.peer.page)
        assert caught.value.kind is ErrorKind.DISCONNECTED

    # Events

    @claims(Capability.EVENTS)
    def test_a_signed_event_is_read(self, stage: Stage) -> None:
        body, headers = scenes.event(stage)
        events = stage.connector.parse_event(body, headers, stage.now)
        assert events
        for event in events:
            assert event.kind in _EVENT_KINDS
            assert event.id
            assert "@" not in event.contact
        again = stage.connector.parse_event(body, headers, stage.now)
        assert [event.id for event in again] == [event.id for event in events]

    @claims(Capability.EVENTS)
    def test_a_forged_or_stale_event_is_refused(self, stage: Stage) -> None:
        body, headers = scenes.event(stage)
        later, sooner = stage.now + timedelta(days=1), stage.now - timedelta(days=1)
        upset = {name: f"{value}0" for name, value in headers.items()}
        for call in (
            (body + b" ", headers, stage.now),
            (body, upset, stage.now),
            (body, {}, stage.now),
            (body, headers, later),
            (body, headers, sooner),
        ):
            with pytest.raises(EventRefused):
                stage.connector.parse_event(*call)

    @pytest.mark.parametrize("body", [b"", b"{}", b"\xff\x00", b"[]", b'{"events": 3}'])
    def test_noise_is_refused_as_an_event(self, stage: Stage, body: bytes) -> None:
        with pytest.raises(EventRefused):
            stage.connector.parse_event(body, {}, stage.now)
