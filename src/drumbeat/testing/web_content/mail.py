"""Issue 42 of the roaster's newsletter, for three made-up readers."""

from drumbeat.testing.web_content.people import at
from drumbeat.web.views.asset import MailPreview, Profile

_PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 600 180'%3E"
    "%3Crect width='600' height='180' fill='%233b2418'/%3E%3Cellipse cx='300' cy='150' rx='150' "
    "ry='70' fill='%23c98b4a'/%3E%3Cpath d='M240 40h120l-44 74h-32z' fill='%23f3e5d3'/%3E"
    "%3Cpath d='M300 114v34' stroke='%23f3e5d3' stroke-width='5'/%3E%3C/svg%3E"
)
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Issue 42</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body{{margin:0;padding:28px;font:17px/1.5 Georgia,serif;color:#1e1a17;background:#fff}}
img{{width:100%;border-radius:8px;display:block}}h1{{font:700 27px/1.2 Verdana,sans-serif}}
p.k{{font:12px Verdana,sans-serif;letter-spacing:.04em;color:#6a5d52}}
a.b{{display:inline-block;padding:11px 20px;border-radius:6px;background:#0b6b61;color:#fff;
font:700 15px Verdana,sans-serif;text-decoration:none}}small{{color:#6a5d52}}
@media (prefers-color-scheme:dark){{body{{background:#1c1714;color:#f1e9e1}}}}</style></head><body>
<p class="k">THE MONDAY ROAST · ISSUE 42</p>
<img alt="A pour-over dripper above a cup" src="{picture}">
<h1>We cut our pour-over from 14 steps to 6</h1>
<p>Hi {name}, eight of our brewing steps had never changed a single cup. Here are the six that
did, with the story behind each.</p>{extra}<p><a class="b" href="https://northbean.example/six">Get
the 6-step recipe</a></p><p><small>Northbean Roasters, Hafenstr. 12, 20457 Hamburg ·
<a href="https://northbean.example/u">Unsubscribe</a></small></p></body></html>"""

PROFILES = (
    Profile("robin", "Robin", "subscriber, two orders, opens on a phone"),
    Profile("ines", "Inês Sá-Köhler", "new, no order yet, long name"),
    Profile("empty", "nobody in particular", "no first name: the fallback shows"),
)
_EXTRA = {
    "robin": "<p>Your last bag was the <b>Huila washed</b>: use 15 g to 250 ml.</p>",
    "ines": "<p>New here? The starter set ships with a paper scale.</p>",
    "empty": "",
}
_NAMES = {"robin": "Robin", "ines": "Inês", "empty": "there"}

ISSUE_42 = MailPreview(
    asset_id="issue-42",
    sender="The Monday Roast",
    subject="Your pour-over, cut from 14 steps to 6",
    preheader="Plus: the one scale we stopped selling, and why.",
    html={
        who: _PAGE.format(picture=_PICTURE, name=_NAMES[who], extra=_EXTRA[who]) for who in _EXTRA
    },
    profiles=PROFILES,
    size_bytes=98_304,
    send_at=at("09:00", -1),
)
