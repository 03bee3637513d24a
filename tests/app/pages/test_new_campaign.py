"""The form of a new campaign: what is typed, where a mistake is told, and what is asked for."""

from collections.abc import Iterator
from datetime import date

import pytest

from drumbeat.app.compose import open_app
from drumbeat.app.pages import new_form
from drumbeat.app.pages.decisions import Decisions
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.new_campaign import NewCampaigns
from drumbeat.engine.clock import SystemClock, VirtualClock
from drumbeat.files.defaults import type_names
from drumbeat.files.scaffold import init
from drumbeat.store import proposals
from drumbeat.web.verbs import Done, Refused
from drumbeat.web.views.new_campaign import NewCampaign
from drumbeat.web.views.shell import Person

DANA = Person("dana", "Dana Okafor", frozenset({"manager"}), "session")
TYPED = {
    "name": "Spring  Mail!",
    "owner": "ana",
    "goal.metric": "conversions",
    "goal.target": "25/week",
    "budget.range": "EUR 0-100/month",
    "budget.cap": "EUR 100/month",
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewCampaigns]:
    home = tmp_path_factory.mktemp("workspace")
    init(home, date(2026, 9, 7), "demo")
    clock = VirtualClock(SystemClock().now().replace(microsecond=0))
    app = open_app(home, clock=clock, durable=False)
    yield NewCampaigns(Ground(app))
    app.close()


def typed(port: NewCampaigns, kind: str = "newsletter", **more: str) -> NewCampaign:
    form = port.form(kind, {**TYPED, **{name.replace("__", "."): v for name, v in more.items()}})
    assert form is not None
    return form


def errors(form: NewCampaign) -> dict[str, str]:
    return {field.name: field.error for field in form.fields if field.error}


@pytest.mark.parametrize("kind", type_names())
def test_every_type_is_complete_with_what_only_a_person_can_say(
    port: NewCampaigns, kind: str
) -> None:
    empty = port.form(kind, None)
    assert empty is not None
    assert not empty.is_good
    assert not errors(empty), "nothing was typed yet"
    assert {name for name, _ in empty.missing} == {"owner", "goal"}
    form = typed(port, kind)
    assert (errors(form), form.problems, form.missing, form.is_good) == ({}, (), (), True)
    assert form.path == "campaigns/spring-mail.yaml"
    assert "phase: draft" in form.text


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [
        ("owner", "", "owner"),
        ("owner", "nobody", "owner"),
        ("name", "", "name"),
        ("campaign", "../../etc/passwd", "campaign"),
        ("campaign", "weekly-newsletter", "campaign"),
        ("goal__target", "2%", "goal.target"),
        ("goal__metric", "happiness", "goal.metric"),
        ("budget__range", "a lot", "budget.range"),
        ("budget__cap", "", "budget.cap"),
        ("budget__cap", "EUR 1/month", "budget.cap"),
        ("cadence__on", "someday", "cadence.on"),
        ("cadence__step", "month", "cadence.on"),
        ("cadence__at", "25:00", "cadence.at"),
        ("audience__include", "no-such-people", "audience.include"),
        ("connection__email", "nowhere", "connection.email"),
        ("offers", "free-coffee", "offers"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_keeps_what_was_typed(
    port: NewCampaigns, name: str, text: str, field: str
) -> None:
    form = typed(port, **{name: text})
    assert field in errors(form)
    assert not form.is_good
    shown = {one.name: one.value for one in form.fields}
    assert shown[name.replace("__", ".")] == text


@pytest.mark.parametrize(
    ("on", "step", "told"),
    [
        ("wed", "week", "cadence: {every: week, weekday: wed, at: '09:00'}"),
        ("Mon, thu", "week", "cadence: {every: week, weekday: [mon, thu], at: '09:00'}"),
        ("15", "month", "cadence: {every: month, day: 15, at: '09:00'}"),
        ("last", "month", "cadence: {every: month, day: last, at: '09:00'}"),
        ("", "day", "cadence: {every: day, at: '09:00'}"),
    ],
)
def test_a_cadence_is_typed_in_words(port: NewCampaigns, on: str, step: str, told: str) -> None:
    form = typed(port, cadence__on=on, cadence__step=step)
    assert told in form.text.splitlines()
    assert form.is_good


def test_what_has_mistakes_is_asked_of_nobody(port: NewCampaigns) -> None:
    answer = port.ask("newsletter", {**TYPED, "owner": "nobody"}, DANA, "x")
    assert isinstance(answer, Refused)
    assert "'nobody' is not in drumbeat.yaml" in answer.reason


def test_what_is_asked_for_is_what_was_shown_and_reads_from_top_to_bottom(
    port: NewCampaigns,
) -> None:
    answer = port.ask("newsletter", TYPED, DANA, "spring is coming")
    assert isinstance(answer, Done)
    app = port.ground.app
    with app.database.read() as connection:
        [asked] = proposals.waiting(connection)
    view = Decisions(port.ground).decision(asked.proposal.id, DANA)
    assert view is not None
    assert view.item.title == "Start a campaign: Spring  Mail!"
    assert [row.field for row in view.diff][:4] == ["Version", "Campaign", "Name", "Type"]


def test_places_lead_to_fields() -> None:
    names = ("owner", "cadence.on", "audience.include", "budget.cap")
    places = ("owner", "cadence.weekday[0]", "audience.include[3]", "audience", "budget", "sla.x")
    found = {place: new_form.field_for(place, names) for place in places}
    assert found == {
        "owner": "owner",
        "cadence.weekday[0]": "cadence.on",
        "audience.include[3]": "audience.include",
        "audience": "audience.include",
        "budget": "budget.cap",
        "sla.x": "",
    }


@pytest.mark.parametrize(
    ("name", "made"),
    [
        pytest.param("Spring  Mail!", "spring-mail", id="plain"),
        pytest.param(f"{'a' * 59} second part", "a" * 59, id="cut at a gap"),
        pytest.param("!", "", id="nothing left"),
    ],
)
def test_a_name_makes_an_id_that_a_file_may_have(name: str, made: str) -> None:
    assert new_form.name_of({"name": name}) == made
