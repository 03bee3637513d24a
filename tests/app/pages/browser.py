"""Browser: one person's requests to one application, as a browser without scripts sends them."""

import asyncio
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx

from drumbeat.web.application import ControlRoom

ORIGIN = "http://drumbeat.test"
_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_FINGERPRINT = re.compile(r'name="fingerprint" value="([^"]+)"')


@dataclass(frozen=True)
class Browser:
    """``secret`` is the session's, as the cookie keeps it; empty for somebody without one."""

    app: ControlRoom
    secret: str = ""

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._send("GET", path, {}))

    def text(self, path: str) -> str:
        """The page's words, tags taken out. Fails for anything but a page."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return words(answer.text)

    def post(self, path: str, *, seen_at: str, **fields: str | list[str]) -> httpx.Response:
        """Send a form found on the page ``seen_at``, with its token."""
        token = _TOKEN.search(self.get(seen_at).text)
        assert token, f"{seen_at} has no form"
        headers = {"sec-fetch-site": "same-origin"}
        given = {"data": {"token": token[1], **fields}, "headers": headers}
        return asyncio.run(self._send("POST", path, given))

    def fingerprint(self, path: str) -> str:
        """What an answer given on this page is bound to."""
        found = _FINGERPRINT.search(self.get(path).text)
        assert found, f"{path} asks for no answer"
        return found[1]

    async def _send(self, method: str, path: str, given: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        cookies = {"drumbeat-session": self.secret} if self.secret else {}
        async with httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, cookies=cookies
        ) as client:
            return await client.request(method, path, **given)


def words(html: str) -> str:
    """A page's text on one line."""
    plain = unescape(re.sub(r"<[^>]+>", " ", html))
    return re.sub(r"\s+", " ", plain)
