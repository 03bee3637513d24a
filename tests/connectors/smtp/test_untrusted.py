"""Contacts' own words in a mail: they stay words, whatever they ask for or pretend to be."""

import json
import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from drumbeat.connectors.smtp.contacts import Contact
from drumbeat.connectors.smtp.mime import Envelope, compose, letter
from drumbeat.core.campaign.objects import Send
from tests.connectors.smtp.pieces import send
from tests.connectors.smtp.test_mail import AT

CORPUS = Path(__file__).parents[4] / "shared" / "data" / "untrusted" / "corpus.jsonl"
ENVELOPE = Envelope("letters.shop.example", "https://shop.example/u/token")
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
_HEADERS = ("From", "To", "Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-ID")
pytestmark = pytest.mark.skipif(
    not CORPUS.exists(), reason="the corpus of untrusted texts is not beside this checkout"
)


def mail_to(name: str, asked: Send) -> tuple[list[str | None], list[str], str]:
    """What a contact of this name gets: headers, tags of the HTML part, recipient."""
    person = Contact("ann@readers.example", frozenset({"all"}), {"first_name": name})
    posted = letter(
        asked, compose(asked, asked.variants[0], person, ENVELOPE, permit="p", at=AT), person
    )
    mail = message_from_bytes(posted.content, policy=policy.default)
    html = next(part for part in mail.walk() if part.get_content_type() == "text/html")
    return [mail[name] for name in _HEADERS], _TAG.findall(html.get_content()), posted.recipient


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.slow)])
def test_no_name_changes_headers_links_or_recipients(step: int) -> None:
    asked = send(AT)
    usual = mail_to("Ann", asked)
    names = sorted({json.loads(line)["text"] for line in CORPUS.read_text("utf-8").splitlines()})
    changed = [name for name in names[::step] if mail_to(name, asked) != usual]
    assert changed == []
