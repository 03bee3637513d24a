"""Mail text: the same letter for those who read plain text."""

from collections.abc import Iterator

from drumbeat.agents.writers.mail_html import MailPage


def page_text(page: MailPage) -> str:
    """The whole letter; every part of the HTML that carries meaning is here too."""
    return "\n\n".join(_parts(page)) + "\n"


def _parts(page: MailPage) -> Iterator[str]:
    yield page.greeting
    yield page.hello
    yield page.opening
    if page.quote:
        yield page.quote
    yield page.title.upper() if page.title.isascii() else page.title
    yield from page.paragraphs
    if page.points:
        points = "\n".join(f"- {point}" for point in page.points)
        yield f"{page.points_heading}:\n{points}"
    yield f"{page.action}:\n{page.link}"
    if page.offer:
        yield "\n".join((*page.offer, page.offer_link))
    if page.more:
        yield f"{page.more_heading}:\n{page.more}"
    yield f"{page.sign_off}\n{page.signature}"
    yield f"-- \n{page.why_you}\n{page.unsubscribe}: {{{{unsubscribe_url}}}}"
    yield page.postal_address
