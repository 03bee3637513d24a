"""Every message a workspace can get, by breaking the scaffolded one in one place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from drumbeat.files.check import check
from drumbeat.files.problem import Gravity, render

Edit = Callable[[str, str, str], Path]
NEWS = "campaigns/weekly-newsletter.yaml"
ADS = "campaigns/retargeting-evergreen.yaml"
SOCIAL = "campaigns/social-calendar.yaml"
ROOT = "drumbeat.yaml"


def test_the_scaffolded_workspace_has_nothing_wrong(scaffold: Path) -> None:
    result = check(scaffold)
    assert render(result.problems) == ""
    assert result.is_ok
    assert [str(one).splitlines()[0] for one in result.checklists] == [
        "retargeting-evergreen: 17 of 17 met",
        "social-calendar: 17 of 17 met",
        "weekly-newsletter: 17 of 17 met",
    ]


CAMPAIGN_MISTAKES = [
    pytest.param(
        NEWS,
        "guardrails:",
        "gaurdrails:",
        "gaurdrails: unknown key — did you mean 'guardrails'?",
        id="mistyped key",
    ),
    pytest.param(
        NEWS,
        "{plan: 48h,",
        "{plan: 2 days,",
        "sla.plan: expected a duration such as 15m, 4h, 2d",
        id="no duration",
    ),
    pytest.param(
        NEWS, "{plan: 48h,", "{plan: 48,", "sla.plan: expected a duration such as 15m", id="48 what"
    ),
    pytest.param(
        NEWS,
        "metric: open_rate",
        "metric: opne_rate",
        "guardrails[0].metric: no metric is named 'opne_rate' — did you mean 'open_rate'?",
        id="unknown metric",
    ),
    pytest.param(
        NEWS,
        "type: newsletter",
        "type: newsleter",
        "type: expected newsletter, nurture",
        id="unknown type",
    ),
    pytest.param(
        NEWS,
        "owner: ana@northbean.example",
        "owner: anna@northbean.example",
        "owner: 'anna@northbean.example' is not in drumbeat.yaml — did you mean 'ana@northbean",
        id="unknown owner",
    ),
    pytest.param(NEWS, "owner: ana@northbean.example\n", "", "owner is missing", id="no owner"),
    pytest.param(
        NEWS,
        "{email: house-mail}",
        "{email: house-male}",
        "connection.email: 'house-male' is not in drumbeat.yaml — did you mean 'house-mail'?",
        id="unknown connection",
    ),
    pytest.param(
        NEWS,
        "{email: house-mail}",
        "{emial: house-mail}",
        "connection.emial: no marketing channel",
        id="unknown channel as key",
    ),
    pytest.param(
        NEWS,
        "channels: [email]",
        "channels: [email, ads]",
        "connection names none for ads",
        id="a channel without a connection",
    ),
    pytest.param(
        NEWS,
        "{email: house-mail}",
        "{email: house-mail, ads: ads-account}",
        "connection.ads: ads is none of its channels",
        id="a connection without a channel",
    ),
    pytest.param(
        NEWS,
        "warm-leads, loyal",
        "warm-lead, loyal",
        "audience.include[1]: 'warm-lead' is not in data/segments.yaml — did you mean 'warm",
        id="unknown segment",
    ),
    pytest.param(
        NEWS,
        "include: [new-subscribers",
        "include: [unsubscribed",
        "audience.include[0]: 'unsubscribed' holds people we must not contact — exclude it",
        id="addressing the suppressed",
    ),
    pytest.param(
        NEWS,
        "exclude: [unsubscribed",
        "exclude: [warm-leads",
        "audience.include[1]: 'warm-leads' is excluded as well",
        id="in and out",
    ),
    pytest.param(
        NEWS,
        "offers: [first-refill",
        "offers: [first-refil",
        "offers[0]: 'first-refil' is not in",
        id="unknown offer",
    ),
    pytest.param(
        NEWS,
        "hypotheses: [H-01",
        "hypotheses: [H-99",
        "hypotheses[0]: 'H-99' is not in hypotheses/",
        id="unknown hypothesis",
    ),
    pytest.param(
        NEWS,
        "themes: [brewing",
        "themes: [brewin",
        "themes[0]: 'brewin' is not in the topics",
        id="unknown theme",
    ),
    pytest.param(
        NEWS,
        "languages: [en]",
        "languages: [fr]",
        "languages[0]: 'fr' is not in the languages",
        id="unknown language",
    ),
    pytest.param(
        NEWS,
        "escalation: default-email",
        "escalation: default-mail",
        "'default-mail' is not in policy/escalation.yaml — did you mean 'default-email'",
        id="unknown escalation",
    ),
    pytest.param(
        NEWS,
        "runbook: runbooks/newsletter.md",
        "runbook: runbooks/newsleter.md",
        "runbook: there is no file runbooks/newsleter.md — did you mean 'runbooks/newsletter.md'?",
        id="missing runbook",
    ),
    pytest.param(
        NEWS,
        "runbook: runbooks/newsletter.md",
        "runbook: ../../etc/passwd",
        "runbook: there is no file ../../etc/passwd",
        id="a runbook outside",
    ),
    pytest.param(
        NEWS,
        "source: house-mail",
        "source: house-male",
        "data_sources[0].source: 'house-male' is neither a connection nor a file",
        id="unknown source",
    ),
    pytest.param(
        NEWS,
        "{rule: standard, region: eu}",
        "{rule: standart, region: eu}",
        "naming.rule: 'standart' is not in policy/naming.yaml",
        id="unknown naming rule",
    ),
    pytest.param(
        NEWS,
        "region: eu}",
        "region: mars}",
        "naming.region: 'mars' is not in policy/naming.yaml",
        id="unknown region",
    ),
    pytest.param(
        NEWS,
        "holidays DE-BE",
        "holiday DE-BE",
        "cadence.skip[0]: expected holidays DE",
        id="no skip",
    ),
    pytest.param(
        NEWS,
        "inventory-days",
        "inventory-day",
        "cadence.skip[1]: 'inventory-day' is not in data/calendar.yaml",
        id="unknown blackout",
    ),
    pytest.param(
        NEWS, "weekday: tue", "weekday: tues", "cadence.weekday: expected mon, tue", id="no weekday"
    ),
    pytest.param(
        NEWS,
        "  weekday: tue\n",
        "",
        "cadence: weekday goes with a weekly step",
        id="no weekday given",
    ),
    pytest.param(NEWS, '  at: "09:00"\n', "", "cadence: at is missing", id="no time given"),
    pytest.param(
        NEWS,
        "every: week",
        "evry: week",
        "cadence.evry: unknown key — did you mean 'every'?",
        id="mistyped key in a union",
    ),
    pytest.param(
        NEWS,
        "EUR 0-200/month, cap",
        "EUR 0-200, cap",
        "budget.range: expected an amount with a period",
        id="a budget without a period",
    ),
    pytest.param(
        NEWS,
        "cap: EUR 200/month",
        "cap: EUR 100/month",
        "goes above the cap EUR 100.00/month",
        id="a range above its cap",
    ),
    pytest.param(
        NEWS,
        "EUR 0-200/month, cap: EUR",
        "USD 0-200/month, cap: USD",
        "budget.range: speaks of USD, but drumbeat.yaml of EUR",
        id="foreign currency",
    ),
    pytest.param(
        NEWS,
        "above: 0.1%",
        "above: 0.1",
        "guardrails[2].above: spam_complaint_rate is written as 2%, not 0.1",
        id="a share as number",
    ),
    pytest.param(
        NEWS,
        "{metric: conversions, target: 25/week}",
        "{metric: open_rate, target: 25/week}",
        "goal.target: open_rate is written as 2%, not 25/week",
        id="a goal in the wrong unit",
    ),
    pytest.param(
        NEWS,
        "success_metrics: [click_rate",
        "success_metrics: [engagement_rate",
        "success_metrics[0]: engagement_rate is not measured on email",
        id="another channel's metric",
    ),
    pytest.param(
        NEWS,
        "{email.schedule_send: ask}",
        "{email.send: ask}",
        "autonomy.tighten.email.send: no action kind is named 'email.send'",
        id="unknown action kind",
    ),
    pytest.param(
        NEWS,
        "{email.schedule_send: ask}",
        "{email.schedule_send: allow}",
        "expected ask or never, got 'allow'",
        id="loosening",
    ),
    pytest.param(
        NEWS,
        "phase: supervised",
        "phase: superviced",
        "did you mean 'supervised'?",
        id="unknown phase",
    ),
    pytest.param(
        NEWS,
        "campaign: weekly-newsletter",
        "campaign: weekly-news",
        "campaign: the file is called weekly-newsletter.yaml",
        id="another name than its file",
    ),
    pytest.param(
        NEWS,
        "name: The Tuesday Cup",
        "name: 2026",
        "expected a text, got 2026 — put it in quotes",
        id="a number for a name",
    ),
    pytest.param(
        NEWS, "version: 1", "version: 2", "version: expected 1, got 2", id="another version"
    ),
    pytest.param(
        NEWS,
        "missed: run_once",
        "missed: run_twice",
        "cadence.missed: expected skip, run_once",
        id="unknown policy",
    ),
    pytest.param(
        NEWS,
        "https://northbean.example/refill,",
        "https://northbeam.example/refill,",
        "landing_pages[0]: northbeam.example is none of the brand's domains",
        id="foreign link",
    ),
    pytest.param(
        NEWS,
        "audience:\n",
        "ends: 2026-01-01\nstarts: 2026-02-01\naudience:\n",
        "ends: ends on 2026-01-01, before it starts on 2026-02-01",
        id="ends before it starts",
    ),
    pytest.param(
        NEWS,
        "audience:\n",
        "starts: soon\naudience:\n",
        "starts: expected a date such as 2026-12-24, got 'soon'",
        id="no date",
    ),
    pytest.param(
        NEWS,
        "audience:\n",
        "evergreen: maybe\naudience:\n",
        "evergreen: expected true or false, got 'maybe'",
        id="no truth",
    ),
    pytest.param(
        NEWS,
        "used_for: what an issue may talk about",
        "used_for: issues, more",
        "data_sources[2].more: unknown key — if it belongs to the text before it",
        id="a loose comma",
    ),
    pytest.param(
        SOCIAL,
        "theme: people",
        "theme: poeple",
        "slots[0].theme: 'poeple' is not in the topics",
        id="unknown theme of a slot",
    ),
    pytest.param(
        ADS,
        "audience:\n",
        "data_permissions: {monitor: [contacts]}\naudience:\n",
        "data_permissions.monitor[0]: drumbeat.yaml does not let monitor read contacts",
        id="a permission the workspace does not give",
    ),
    pytest.param(
        ADS,
        "audience:\n",
        "data_permissions: {monitr: [history]}\naudience:\n",
        "data_permissions.monitr: no agent is named 'monitr' — did you mean 'monitor'?",
        id="unknown agent",
    ),
    pytest.param(
        ADS,
        "audience:\n",
        "data_permissions: {monitor: [histories]}\naudience:\n",
        "no data scope is named 'histories' — did you mean 'history'?",
        id="unknown scope",
    ),
    pytest.param(
        ADS,
        "audience:\n",
        "actions: [ads.puase]\naudience:\n",
        "actions[0]: no action kind is named 'ads.puase' — did you mean 'ads.pause'?",
        id="unknown action",
    ),
    pytest.param(
        ADS,
        'cadence: {review: week, weekday: mon, at: "08:00", timezone: Europe/Berlin}',
        'cadence: {event: cart_startd, window: day, at: "08:00"}',
        "'cart_startd' is not in policy/lifecycle.yaml — did you mean 'cart_started'?",
        id="unknown event",
    ),
    pytest.param(
        ADS,
        "per_change: 20%",
        "per_change: 20",
        "budget.per_change: expected a percentage",
        id="20 what",
    ),
]

OTHER_MISTAKES = [
    pytest.param(
        ROOT, "id: jon", "id: ana", "people[1].id: 'ana' is taken by people[0]", id="id twice"
    ),
    pytest.param(
        ROOT,
        "email: jon@",
        "email: ana@",
        "people[1].email: 'ana@northbean.example' is taken",
        id="address twice",
    ),
    pytest.param(
        ROOT,
        "roles: [approver:legal, viewer]",
        "roles: [viewer]",
        "people: nobody holds the role approver:legal",
        id="a role nobody holds",
    ),
    pytest.param(
        ROOT,
        "roles: [operator, approver:brand]",
        "roles: [operator, approver:brnad]",
        "did you mean 'approver:brand'?",
        id="unknown role",
    ),
    pytest.param(
        ROOT,
        "roles: [operator, performance]",
        "roles: [operator, approver:brand]\n    agent: true",
        "people[1].roles: an agent cannot hold approver:brand",
        id="an agent that approves",
    ),
    pytest.param(
        ROOT,
        "email: ana@northbean.example, reply_to",
        "email: ana@gmail.example, reply_to",
        "brand.sender.email: gmail.example is none of the brand's domains",
        id="foreign sender",
    ),
    pytest.param(
        ROOT,
        "timezone: Europe/Berlin",
        "timezone: Berlin",
        "no time zone is named 'Berlin'",
        id="no zone",
    ),
    pytest.param(
        ROOT,
        "settings: {channel: email}",
        "settings: {password: hunter2}",
        "connections[0].settings: password looks like a secret",
        id="a secret in the file",
    ),
    pytest.param(ROOT, "mode: shadow", "mode: shadwo", "did you mean 'shadow'?", id="unknown mode"),
    pytest.param(
        ROOT,
        "  router: [brief]",
        "  ruoter: [brief]",
        "data_permissions.ruoter: no agent is named 'ruoter'",
        id="unknown agent",
    ),
    pytest.param(
        "policy/escalation.yaml",
        "to: role:admin",
        "to: person:admin",
        "to: 'admin' is not in drumbeat.yaml",
        id="an escalation to nobody",
    ),
    pytest.param(
        "policy/escalation.yaml",
        "to: role:manager",
        "to: role:viewr",
        "expected owner, role:manager",
        id="an escalation to no role",
    ),
    pytest.param(
        "policy/naming.yaml",
        "{brand}_{type}_{region}",
        "{brnad}_{type}_{region}",
        "rules.standard: {brnad} is not in the taxonomy — did you mean 'brand'?",
        id="unknown place",
    ),
    pytest.param(
        "policy/naming.yaml",
        "  newsletter: nl\n",
        "",
        "type: policy/naming.yaml has no code for newsletter",
        id="a type without a code",
    ),
    pytest.param(
        "policy/lifecycle.yaml",
        "entered_by: [signed_up]",
        "entered_by: [signedup]",
        "stages[1].entered_by[0]: 'signedup' is not in events — did you mean 'signed_up'?",
        id="a stage entered by nothing",
    ),
    pytest.param(
        "policy/lifecycle.yaml",
        "source: house-mail}",
        "source: house}",
        "events[1].source: 'house' is not in drumbeat.yaml",
        id="an event reported by nothing",
    ),
    pytest.param(
        "policy/brand_voice.yaml",
        "  de:\n",
        "  fr:\n",
        "languages: drumbeat.yaml writes de, but no voice is given for it",
        id="a language unspoken",
    ),
    pytest.param(
        "policy/prohibited_claims.yaml",
        "id: weight-loss",
        "id: health-benefit",
        "claims[2].id: 'health-benefit' is taken by claims[0]",
        id="claim twice",
    ),
    pytest.param(
        "policy/actions.yaml",
        "email.cancel_send:",
        "email.cancel_sent:",
        "no action kind is named 'email.cancel_sent'",
        id="unknown kind in the matrix",
    ),
    pytest.param(
        "policy/actions.yaml",
        "risk: high\n    phase: full\n    approvals: {roles: [approver:brand, manager], count: 1}",
        "risk: high\n    phase: full",
        "high risk needs at least one approver role",
        id="high risk without a person",
    ),
    pytest.param(
        "policy/actions.yaml",
        "  email.cancel_send:\n    agents: [launcher, monitor]\n"
        "    risk: low\n    phase: supervised\n",
        "",
        "policy/actions.yaml has no row for email.cancel_send — add one",
        id="a kind without a row",
    ),
    pytest.param(
        "data/segments.yaml",
        "id: warm-leads",
        "id: new-subscribers",
        "segments[1].id: 'new-subscribers' is taken by segments[0]",
        id="segment twice",
    ),
    pytest.param(
        "data/segments.yaml",
        "stage: lead",
        "stage: leads",
        "segments[1].stage: 'leads' is not in policy/lifecycle.yaml",
        id="unknown stage",
    ),
    pytest.param(
        "data/segments.yaml",
        "{field: orders, is: 0}",
        "{field: orders}",
        "segments[0].rule[1]: write exactly one of is, one_of",
        id="a condition without a test",
    ),
    pytest.param(
        "data/content.yaml",
        "language: en",
        "language: es",
        "content[0].language: 'es' is not in the languages of drumbeat.yaml",
        id="unknown language",
    ),
    pytest.param(
        "data/content.yaml",
        "https://northbean.example/guides/grind",
        "https://evil.example/grind",
        "content[0].url: evil.example is none of the brand's domains",
        id="foreign piece",
    ),
    pytest.param(
        "data/content.yaml",
        "topics: [brewing, gear]",
        "topics: []",
        "content[0].topics: needs at least 1, has 0",
        id="a piece about nothing",
    ),
    pytest.param(
        "data/offers.yaml",
        "price: EUR 27.00",
        "price: 27",
        "offers[0].price",
        id="a price without a currency",
    ),
    pytest.param(
        "data/offers.yaml",
        "price: EUR 27.00",
        "price: USD 27.00",
        "offers[0].price: speaks of USD, but drumbeat.yaml of EUR",
        id="a foreign price",
    ),
    pytest.param(
        "data/context.yaml",
        "segment: lapsed-customers",
        "segment: lapsed",
        "fatigue[0].segment: 'lapsed' is not in data/segments.yaml",
        id="a flag on nobody",
    ),
    pytest.param(
        "data/context.yaml",
        "product: gift-box",
        "product: giftbox",
        "availability[3].product: 'giftbox' is not in the products",
        id="stock of nothing",
    ),
    pytest.param(
        "data/context.yaml",
        "T10:00:00+02:00",
        "T10:00:00",
        "releases[0].at: expected a moment with its zone",
        id="a moment without a zone",
    ),
    pytest.param(
        "data/calendar.yaml",
        "reason:",
        "resaon:",
        "blackouts[0].resaon: unknown key — did you mean",
        id="mistyped key in the calendar",
    ),
    pytest.param(
        "data/attribution.yaml",
        "model: last_click}",
        "model: first}",
        "default.model: expected last_click, first_click",
        id="unknown model",
    ),
    pytest.param(
        "hypotheses/ads.yaml",
        "id: H-07",
        "id: H-06",
        "hypotheses[1].id: 'H-06' is taken by hypotheses[0]",
        id="hypothesis twice",
    ),
    pytest.param(
        "hypotheses/ads.yaml",
        "id: H-07",
        "id: H-01",
        "'H-01' is taken by hypotheses/ads.yaml",
        id="hypothesis in two files",
    ),
    pytest.param(
        "hypotheses/ads.yaml",
        "{id: hands,",
        "{id: bag,",
        "hypotheses[1].treatment.id: both arms are called 'bag'",
        id="two arms of one name",
    ),
    pytest.param(
        "hypotheses/ads.yaml",
        "metric: click_through_rate",
        "metric: open_rate",
        "hypotheses[1].metric: open_rate is not measured on ads",
        id="a metric the channel lacks",
    ),
    pytest.param(
        "data/history/ads.csv",
        ",47.157,",
        ",-47.157,",
        "data/history/ads.csv:2:81: spend: spend cannot be negative",
        id="negative spend",
    ),
]


@pytest.mark.parametrize(("path", "old", "new", "message"), CAMPAIGN_MISTAKES + OTHER_MISTAKES)
def test_a_mistake_is_told_where_it_stands(
    edit: Edit, path: str, old: str, new: str, message: str
) -> None:
    result = check(edit(path, old, new))
    shown = render(result.problems)
    assert message in shown
    assert not result.is_ok
    assert all(problem.line > 0 for problem in result.problems)


@pytest.mark.parametrize(("path", "old", "new", "message"), CAMPAIGN_MISTAKES)
def test_a_campaign_checked_alone_gets_the_same_message(
    edit: Edit, path: str, old: str, new: str, message: str
) -> None:
    result = check(edit(path, old, new) / path)
    assert message in render(result.problems)
    assert len(result.checklists) == 1


def test_a_mistake_has_its_line_column_and_caret(edit: Edit) -> None:
    result = check(edit(NEWS, "{plan: 48h,", "{plan: 2 days,") / NEWS)
    assert render(result.problems) == (
        f"{NEWS}:37:13: sla.plan: expected a duration such as 15m, 4h, 2d, got '2 days'\n"
        "    37 | sla: {plan: 2 days, approve: 24h, qa: 2h, launch: 4h, detect: 15m, recover: 4h}\n"
        "       |             ^^^^^^"
    )


def test_all_mistakes_of_all_files_are_told_at_once(edit: Edit) -> None:
    edit(NEWS, "metric: open_rate", "metric: opne_rate")
    edit(NEWS, "owner: ana@", "owner: anna@")
    edit(ADS, "type: retargeting", "type: retargetting")
    edit("data/offers.yaml", "id: gift-box", "id: first-refill")
    edit("policy/naming.yaml", "version: 1", "version: 1\nversion: 1")
    result = check(edit(ROOT, "currency: EUR", "currency: Euro"))
    assert {problem.path for problem in result.errors} == {
        NEWS,
        ADS,
        ROOT,
        "data/offers.yaml",
        "policy/naming.yaml",
    }
    assert len(result.errors) >= 6


def test_a_broken_file_does_not_hide_the_mistakes_of_others(edit: Edit) -> None:
    edit(NEWS, "type: newsletter", "type: newsleter")
    shown = render(check(edit(ADS, "version: 1", "version: [1")).problems)
    assert "this [ is never closed" in shown
    assert "newsleter" in shown


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("policy/actions.yaml", "policy/actions.yaml: is missing", id="matrix"),
        pytest.param("policy/naming.yaml", "policy/naming.yaml: is missing", id="naming"),
        pytest.param("data/segments.yaml", "data/segments.yaml: is missing", id="segments"),
        pytest.param("runbooks/social.md", "there is no file runbooks/social.md", id="runbook"),
        pytest.param("data/history/ads.csv", "'data/history/ads.csv' is neither", id="history"),
        pytest.param("data/offers.yaml", "'starter-kit-bundle' is not in data/offers", id="offers"),
    ],
)
def test_a_missing_file_is_told(workspace: Path, path: str, message: str) -> None:
    (workspace / path).unlink()
    result = check(workspace)
    assert message in render(result.problems)
    assert not result.is_ok


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("campaigns/extra.yml", "campaigns/extra.yml: is not read — name it", id="yml"),
        pytest.param(
            "policy/brnad_voice.yaml", "did you mean 'policy/brand_voice.yaml'?", id="mistyped"
        ),
        pytest.param(
            "data/history/sales.csv", "data/history/sales.csv: is not read", id="unknown export"
        ),
    ],
)
def test_a_file_nobody_reads_is_told(workspace: Path, path: str, message: str) -> None:
    (workspace / path).write_text("version: 1\n")
    assert message in render(check(workspace).problems)


def test_an_attribution_without_a_window_warns_and_blocks_nothing_else(edit: Edit) -> None:
    result = check(edit("data/attribution.yaml", "click_window: 7d, model", "model"))
    assert [problem.gravity for problem in result.problems] == [Gravity.WARNING]
    assert "nothing is optimized" in result.problems[0].message
    assert result.is_ok


@pytest.mark.parametrize(
    ("written", "item"),
    [
        pytest.param("owner: ana@northbean.example\n", "owner", id="owner"),
        pytest.param(
            "rollback: cancel the send if it is still scheduled, restore the last approved"
            " issue and audience\n",
            "rollback",
            id="rollback",
        ),
        pytest.param("runbook: runbooks/newsletter.md\n", "runbook", id="runbook"),
        pytest.param("escalation: default-email\n", "escalation path", id="escalation"),
        pytest.param("naming: {rule: standard, region: eu}\n", "naming rule", id="naming"),
        pytest.param("type: newsletter\n", "type", id="type"),
        pytest.param("goal: {metric: conversions, target: 25/week}\n", "goal", id="goal"),
    ],
)
def test_what_a_campaign_lacks_is_on_its_checklist_and_refuses_it(
    edit: Edit, written: str, item: str
) -> None:
    result = check(edit(NEWS, written, "") / NEWS)
    assert item in [one.name for one in result.checklists[0].missing]
    assert not result.is_ok
    assert result.errors


@pytest.mark.parametrize(
    ("place", "message"),
    [
        pytest.param("nowhere", "does not exist", id="no such path"),
        pytest.param(
            "empty", "is no workspace: there is no drumbeat.yaml in it", id="no workspace"
        ),
        pytest.param("empty/a.yaml", "is in no workspace", id="a file outside"),
    ],
)
def test_a_place_without_a_workspace_is_told(tmp_path: Path, place: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "a.yaml").write_text("version: 1\n")
    result = check(tmp_path / place)
    assert message in render(result.problems)
    assert not result.is_ok


def test_a_file_drumbeat_does_not_read_is_told(workspace: Path) -> None:
    shown = render(check(workspace / "runbooks" / "social.md").problems)
    assert "is no file Drumbeat reads; it reads drumbeat.yaml, campaigns/*.yaml" in shown


def test_a_folder_inside_a_workspace_stands_for_the_workspace(workspace: Path) -> None:
    assert len(check(workspace / "campaigns").checklists) == 3


def test_the_type_s_defaults_fill_what_the_file_leaves_out(workspace: Path) -> None:
    file = workspace / ADS
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("guardrails:\n")] + text[text.index("escalation:") :])
    result = check(file)
    assert render(result.problems) == ""
    assert result.is_ok


def test_a_workspace_may_grant_less_than_a_type_would_like(edit: Edit) -> None:
    result = check(edit(ROOT, "comments, history, context, landing_pages]", "history]"))
    assert render(result.problems) == ""
    assert result.is_ok
