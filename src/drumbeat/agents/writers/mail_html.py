"""Mail HTML: one column, tables for layout only, readable by machines, screens and people."""

import html
from collections.abc import Iterator
from dataclasses import dataclass

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%"'
_FONT = "font-family:Georgia,'Times New Roman',serif"
_SANS = "font-family:Helvetica,Arial,sans-serif"
_STYLE = """
      @media (max-width:620px){.page{width:100%!important}.pad{padding:24px!important}}
      @media (prefers-color-scheme:dark){body,.ground{background:#1c1b19!important}
        .page{background:#262522!important}.ink,.ink p,.ink li{color:#f2efe8!important}}
    """


@dataclass(frozen=True)
class Picture:
    """An image and what it shows, for those who do not see it."""

    url: str
    text: str


@dataclass(frozen=True)
class MailPage:
    """The parts of a mail, in reading order. Plain strings are escaped here; ``greeting``,
    ``hello`` and ``more`` are merge blocks whose words were escaped when they were made."""

    language: str
    brand: str
    home: str
    subject: str
    preheader: str
    greeting: str
    hello: str
    opening: str
    quote: str
    title: str
    paragraphs: tuple[str, ...]
    picture: Picture | None
    points_heading: str
    points: tuple[str, ...]
    action: str
    link: str
    offer: tuple[str, ...]
    offer_link: str
    more_heading: str
    more: str
    sign_off: str
    signature: str
    why_you: str
    postal_address: str
    unsubscribe: str


def page_html(page: MailPage) -> str:
    """The whole document."""
    side = "rtl" if page.language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
    body = "\n".join(_rows(page))
    return f"""<!doctype html>
<html lang="{page.language}" dir="{side}" xmlns="http://www.w3.org/1999/xhtml">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{_e(page.subject)}</title>
    <style>{_STYLE}</style>
  </head>
  <body lang="{page.language}" dir="{side}" style="margin:0;background:#f4f1ea">
    <div style="display:none;max-height:0;overflow:hidden">{_e(page.preheader)}</div>
    <table {_TABLE} class="ground" style="background:#f4f1ea"><tr><td align="center">
      <table role="presentation" cellpadding="0" cellspacing="0" border="0" width="600"
        class="page" style="width:600px;max-width:600px;background:#ffffff">
{body}
      </table>
    </td></tr></table>
  </body>
</html>
"""


def paragraph(text: str) -> str:
    """One paragraph; the text is escaped, merge tags stay as they are."""
    return f'<p style="margin:0 0 16px;{_FONT};font-size:17px;line-height:1.6">{_e(text)}</p>'


def teaser(title: str, text: str, link: str) -> str:
    """A further piece: its title as a link, and a sentence."""
    anchor = f'<a href="{_e(link)}" style="color:#7a2e12">{_e(title)}</a>'
    return (
        f'<p style="margin:0 0 4px;{_SANS};font-size:17px;font-weight:bold">{anchor}</p>'
        f"{paragraph(text)}"
    )


def _rows(page: MailPage) -> Iterator[str]:
    home = f'<a href="{_e(page.home)}" style="color:#33302a;text-decoration:none">'
    yield _row(f"{home}<strong>{_e(page.brand)}</strong></a>", f"{_SANS};font-size:15px")
    if page.picture is not None:
        yield (
            f'        <tr><td><img src="{_e(page.picture.url)}" alt="{_e(page.picture.text)}" '
            'width="600" style="display:block;width:100%;height:auto;border:0"></td></tr>'
        )
    yield _row("".join(_words(page)), "color:#33302a")
    if page.offer:
        yield _offer(page.offer, page.offer_link)
    if page.more:
        heading = _heading(page.more_heading)
        yield _row(f"{heading}{page.more}", "color:#33302a")
    farewell = f"{_e(page.sign_off)}<br>{_e(page.signature)}"
    yield _row(f'<p style="margin:0;{_FONT};font-size:17px">{farewell}</p>', "color:#33302a")
    yield _row(_footer(page), f"{_SANS};font-size:13px;line-height:1.5;color:#5c574d")


def _words(page: MailPage) -> Iterator[str]:
    yield page.greeting
    yield page.hello
    yield paragraph(page.opening)
    if page.quote:
        quoted = f"margin:0 0 16px;padding:0 0 0 16px;border-left:3px solid #7a2e12;{_FONT}"
        yield f'<blockquote style="{quoted};font-size:19px">{_e(page.quote)}</blockquote>'
    title = f"margin:0 0 12px;{_FONT};font-size:27px;line-height:1.25"
    yield f'<h1 style="{title}">{_e(page.title)}</h1>'
    yield from (paragraph(text) for text in page.paragraphs)
    if page.points:
        yield _heading(page.points_heading)
        items = "".join(f'<li style="margin:0 0 8px">{_e(point)}</li>' for point in page.points)
        yield f'<ul style="margin:0 0 20px;padding:0 0 0 22px;{_FONT};font-size:17px">{items}</ul>'
    yield _button(page.action, page.link)


def _row(content: str, style: str) -> str:
    return f'        <tr><td class="pad ink" style="padding:20px 40px;{style}">{content}</td></tr>'


def _heading(text: str) -> str:
    return f'<h2 style="margin:8px 0 8px;{_SANS};font-size:16px">{_e(text)}</h2>'


def _button(label: str, link: str) -> str:
    return (
        f'<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>'
        f'<td style="background:#7a2e12;border-radius:4px"><a href="{_e(link)}" '
        f'style="display:inline-block;padding:13px 26px;{_SANS};font-size:16px;color:#ffffff;'
        f'text-decoration:none">{_e(label)}</a></td></tr></table>'
    )


def _offer(lines: tuple[str, ...], link: str) -> str:
    first, *rest = lines
    small = "".join(f'<p style="margin:6px 0 0;font-size:14px">{_e(line)}</p>' for line in rest)
    anchor = f'<a href="{_e(link)}" style="color:#7a2e12">{_e(first)}</a>'
    box = f'<p style="margin:0;font-size:18px;font-weight:bold">{anchor}</p>{small}'
    inner = f"padding:20px 24px;background:#fbf3e4;color:#33302a;{_SANS}"
    return (
        f'        <tr><td class="pad" style="padding:4px 40px 20px"><table {_TABLE}><tr>'
        f'<td style="{inner}">{box}</td></tr></table></td></tr>'
    )


def _footer(page: MailPage) -> str:
    leave = f'<a href="{{{{unsubscribe_url}}}}" style="color:#5c574d">{_e(page.unsubscribe)}</a>'
    address = "<br>".join(_e(line) for line in page.postal_address.splitlines())
    return (
        f'<p style="margin:0">{_e(page.why_you)} {leave}</p><p style="margin:8px 0 0">{address}</p>'
    )


def _e(text: str) -> str:
    return html.escape(text)
