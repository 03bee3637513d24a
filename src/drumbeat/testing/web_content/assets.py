"""Three assets of the roaster: a mail with two subjects, an ad at two placements, a post."""

from dataclasses import replace

from drumbeat.testing.web_content.mail import ISSUE_42
from drumbeat.testing.web_content.people import before
from drumbeat.web.views.asset import (
    AdPreview,
    AssetKind,
    AssetView,
    Comment,
    Finding,
    LandingPage,
    PostPreview,
    Variant,
)
from drumbeat.web.views.value import Page

_B = replace(
    ISSUE_42,
    subject="We deleted 8 brewing steps. Here is what broke",
    preheader="Spoiler: almost nothing. The six that matter are inside.",
)
MAIL = AssetView(
    id="issue-42",
    title="Issue 42: six steps",
    kind=AssetKind.MAIL,
    campaign_id="weekly-newsletter",
    campaign="The Monday Roast",
    version="v3",
    status="waits for approval",
    variants=(Variant("A", 0.5, (ISSUE_42,)), Variant("B", 0.5, (_B,))),
    findings=(
        Finding(True, "14 links, all on northbean.example, all answer"),
        Finding(True, "Unsubscribe link and postal address are there"),
        Finding(True, "Every picture has a description"),
        Finding(False, "96 KB: Gmail clips at 102 KB"),
    ),
    pages=(
        LandingPage(
            url="https://northbean.example/journal/six-steps",
            is_safe=True,
            host="northbean.example",
            title="Six steps",
            about="What is left of fourteen.",
            source="data/content.yaml#six-steps",
            places=("variant a", "variant b"),
            parameters=(("utm_source", ("newsletter",)), ("utm_content", ("main", "logo"))),
            checks=(
                Finding(True, "Answers 200 in 0.9 s"),
                Finding(True, "https, on northbean.example, which is ours"),
                Finding(False, "A link to it lacks utm_term"),
            ),
            read_at=before(35),
            called="Six steps | Northbean",
        ),
    ),
    reads_pages=True,
    comments=Page(
        (
            Comment("Ana Petrov", before(35), "Done in v3, thanks.", "v3"),
            Comment(
                "Mei Lindgren", before(44), "Could we name the grower in the first line?", "v2"
            ),
        ),
        None,
        2,
    ),
    proposal_id="prop-send-42",
    approved_version="v1 of issue 41",
    changed_since=("hero picture", "subject lines", "recipe block"),
)
AD = AssetView(
    id="ad-starter-set",
    title="Starter set, autumn",
    kind=AssetKind.AD,
    campaign_id="retargeting-evergreen",
    campaign="Retargeting evergreen",
    version="v2",
    status="live",
    variants=(
        Variant(
            "A",
            1.0,
            (
                AdPreview(
                    "ad-starter-set",
                    "Feed",
                    "Your first proper pour-over",
                    "Dripper, scale, 250 g of Huila. Everything but the water.",
                    "northbean.example/start",
                    "Shop now",
                    40,
                    125,
                ),
                AdPreview(
                    "ad-starter-set",
                    "Search",
                    "Pour-over starter set",
                    "Free delivery from €35. Roasted on Tuesdays in Hamburg.",
                    "northbean.example/start",
                    "Visit",
                    30,
                    90,
                ),
            ),
        ),
    ),
    findings=(
        Finding(True, "Final page answers in 1.9 s"),
        Finding(True, "UTM names follow the rule"),
    ),
)
POST = AssetView(
    id="post-v60",
    title="V60 carousel",
    kind=AssetKind.POST,
    campaign_id="brew-tips",
    campaign="Brew tips",
    version="v1",
    status="published",
    variants=(
        Variant(
            "A",
            1.0,
            (
                PostPreview(
                    "post-v60",
                    "Mastodon",
                    "@northbean",
                    "Rinse the filter. Yes, really: it takes the paper taste with it.\n"
                    "Six more habits worth keeping, in pictures.",
                    118,
                    500,
                    "northbean.example/six",
                ),
                PostPreview(
                    "post-v60",
                    "X",
                    "@northbean",
                    "Rinse the filter. Yes, really: it takes the paper taste with it.",
                    88,
                    280,
                    "northbean.example/six",
                ),
            ),
        ),
    ),
    findings=(Finding(True, "Pictures have descriptions"),),
)
ASSETS = {asset.id: asset for asset in (MAIL, AD, POST)}
