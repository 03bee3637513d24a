"""Three decisions that wait: a pause, a budget, a send."""

from datetime import timedelta

from drumbeat.core.canonical import digest
from drumbeat.testing.web_content.mail import ISSUE_42
from drumbeat.testing.web_content.people import before, euros, within
from drumbeat.web.views.decision import (
    CheckLine,
    CheckState,
    Choice,
    DecisionView,
    DiffRow,
    EditField,
    Look,
    QueueItem,
    Risk,
    Signal,
    Undoing,
    Verb,
)
from drumbeat.web.views.value import Change, Count, Factor, Share, Tone

_PASS, _WARN = CheckState.PASSED, CheckState.WARNING
_CODES = (
    Choice("timing", "Not now"),
    Choice("evidence", "Evidence too thin"),
    Choice("brand", "Not how we speak (agents lose a step)"),
    Choice("knows-more", "I know something the data does not"),
)
_DELEGATES = (Choice("mei", "Mei Lindgren"), Choice("sam", "Sam Rivera"))
_EVERY = frozenset(Verb)

PAUSE = DecisionView(
    item=QueueItem(
        id="prop-pause-competitor",
        fingerprint=digest("pause"),
        title="Pause ad group “competitor terms”",
        look=Look.ALARM,
        campaign_id="brand-search",
        campaign="Brand search",
        proposer="Monitor",
        owner="Jon Keller",
        due=within(25),
        escalates_to="Dana Ortiz",
        risk=Risk.MEDIUM,
        gist=(DiffRow("Ad group", "enabled", "paused"),),
    ),
    proposed_at=before(6),
    why="Cost per order has been above twice its target for two days while the landing page of "
    "this ad group became slow. The creative and the bids did not change.",
    rule="Pausing an always-on ad group costs revenue, so it always asks a person.",
    confidence=0.71,
    rests_on="2 signals that agree, 412 rows",
    diff=(
        DiffRow("Ad group “competitor terms”", "enabled", "paused"),
        DiffRow("Daily spend (forecast)", euros("182.00"), euros("61.00")),
        DiffRow("Orders a day (forecast)", Count(9), Count(6)),
        DiffRow("Other ad groups", "3 enabled", "3 enabled"),
    ),
    signals=(
        Signal(
            "Cost per order against its target",
            "ads reading, 14 d",
            Factor(3.1),
            Factor(2.4),
            Factor(3.9),
        ),
        Signal("Landing page, 75th percentile load time 6.2 s (was 1.9 s)", "page speed, 2 d"),
    ),
    if_nothing="About €121 a day goes to visitors who leave before the page loads. "
    "At 13:25 the question moves on to Dana Ortiz.",
    undoing=Undoing(True, "Yes, in one step: the ad group is enabled again with the same bids."),
    checks=(
        CheckLine(_PASS, "Second signal agrees: page speed"),
        CheckLine(_PASS, "No experiment runs on this ad group"),
        CheckLine(_PASS, "Not a holiday: the drop is no seasonal effect"),
        CheckLine(_WARN, "Costs about 3 orders a day while it lasts"),
    ),
    verbs=_EVERY - {Verb.EDIT},
    hold=timedelta(seconds=30),
    reject_codes=_CODES,
    delegates=_DELEGATES,
    cycle_id="brand-search-2026-w48",
    tone=Tone.BAD,
)

RAISE = DecisionView(
    item=QueueItem(
        id="prop-raise-retargeting",
        fingerprint=digest("raise"),
        title="Raise daily budget by 12%",
        look=Look.MONEY,
        campaign_id="retargeting-evergreen",
        campaign="Retargeting evergreen",
        proposer="Optimizer",
        owner="Jon Keller",
        due=within(100),
        risk=Risk.MEDIUM,
        gist=(DiffRow("Daily budget", euros("400"), euros("448")),),
    ),
    proposed_at=before(14),
    why="Cost per order has been 18% under target for 5 days (412 orders). Impression share lost "
    "to budget is 31%.",
    rule="Budget changes above 10% need approval.",
    confidence=0.88,
    rests_on="5 days, 412 orders",
    diff=(
        DiffRow("Daily budget", euros("400.00"), euros("448.00")),
        DiffRow("Month-end spend (forecast)", euros("11240"), euros("11720")),
        DiffRow("Monthly cap", euros("12000"), euros("12000")),
        DiffRow("Bid strategy", "Target CPA €22.50", "Target CPA €22.50"),
    ),
    signals=(
        Signal(
            "Cost per order against target",
            "ads reading, 5 d",
            Change(-0.18),
            Change(-0.24),
            Change(-0.11),
        ),
        Signal("Impression share lost to budget", "auction report, 5 d", Share(0.31, 0)),
    ),
    if_nothing="About 19 orders a week left on the table (80% range 9 to 28).",
    undoing=Undoing(True, "Yes, in one step: the budget goes back to €400.00 a day."),
    checks=(
        CheckLine(_PASS, "Spend cap: €280 of headroom left at month end"),
        CheckLine(_PASS, "Change under 15% a day"),
        CheckLine(_PASS, "No overlapping experiment"),
        CheckLine(_PASS, "Can be rolled back in one step"),
    ),
    verbs=_EVERY,
    hold=timedelta(seconds=30),
    edits=(EditField("amount", "Daily budget", "EUR 448", "between EUR 360 and EUR 460"),),
    reject_codes=_CODES,
    delegates=_DELEGATES,
    cycle_id="retargeting-evergreen-2026-w48",
    tone=Tone.WARN,
)

SEND = DecisionView(
    item=QueueItem(
        id="prop-send-42",
        fingerprint=digest("send"),
        title="Send issue 42 to 12,611 people",
        look=Look.MAIL,
        campaign_id="weekly-newsletter",
        campaign="The Monday Roast",
        proposer="Launcher",
        owner="Ana Petrov",
        due=within(180),
        risk=Risk.MEDIUM,
        gist=(
            DiffRow("Audience", Count(12_480), Count(12_611)),
            DiffRow("Subject A", None, "Your pour-over, cut from 14 steps to 6"),
        ),
    ),
    proposed_at=before(31),
    why="Theme chosen from the clicks of issues 38 and 41. Experiment H-07 (benefit against "
    "curiosity subject) needs 4,000 opens an arm; expected on Thursday.",
    rule="Supervised: every send needs an approval.",
    confidence=0.93,
    rests_on="6 issues, 71,204 deliveries",
    diff=(
        DiffRow("Audience", "12,480 (issue 41)", "12,611 (+131)"),
        DiffRow("Subject A (50%)", None, "Your pour-over, cut from 14 steps to 6"),
        DiffRow("Subject B (50%)", None, "We deleted 8 brewing steps. Here is what broke"),
        DiffRow("Send time", "Tue 09:00 Europe/Berlin", "Tue 09:00 Europe/Berlin"),
    ),
    signals=(
        Signal(
            "Clicks on brewing guides, issues 38 and 41",
            "email reading, 6 wk",
            Share(0.047),
            Share(0.044),
            Share(0.050),
        ),
        Signal("Replies that ask for shorter recipes", "inbox labels, 4 wk", Count(38)),
    ),
    if_nothing="The week is skipped: the newsletter has not missed an issue in 11 weeks.",
    undoing=Undoing(False, "Only until it goes out: a delivered mail stays delivered."),
    checks=(
        CheckLine(_PASS, "14 of 14 QA checks: links, UTM, unsubscribe, alt text, spam score 0.8"),
        CheckLine(_PASS, "Claims match the approved list"),
        CheckLine(_PASS, "Suppressed 204 mailed in the last 48 h"),
        CheckLine(_WARN, "Clips in Gmail at 102 KB: now 96 KB"),
    ),
    verbs=_EVERY,
    hold=timedelta(minutes=30),
    preview=ISSUE_42,
    edits=(
        EditField(
            "subject_a",
            "Subject A",
            "Your pour-over, cut from 14 steps to 6",
            "30 to 60 characters",
        ),
        EditField("subject_b", "Subject B", "We deleted 8 brewing steps. Here is what broke"),
        EditField("body.1", "Paragraph 1", "Six steps remain.", group="The body of the mail"),
        EditField(
            "body.2", "Point 1", "Weigh, then pour.", is_long=True, group="The body of the mail"
        ),
    ),
    reject_codes=_CODES,
    delegates=_DELEGATES,
    cycle_id="weekly-newsletter-2026-w48",
    tone=Tone.GOOD,
)

DECISIONS = (PAUSE, RAISE, SEND)
