"""Visitor: a browser without a screen, which sends what a browser sends."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx

from drumbeat.testing.web_world import SESSION, SETTINGS
from drumbeat.web import form_token
from drumbeat.web.application import ControlRoom
from drumbeat.web.views.shell import Person

ORIGIN = "http://drumbeat.test"


@dataclass
class Visitor:
    """One person's requests to one application; None is nobody."""

    app: ControlRoom
    person: Person | None
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.send("GET", path, **given)

    def post(self, path: str, **fields: Any) -> httpx.Response:
        """A form of ours, sent from our own page."""
        data = {form_token.FIELD: self.token, **fields}
        return self.send("POST", path, data=data, headers={"sec-fetch-site": "same-origin"})

    def send(self, method: str, path: str, **given: Any) -> httpx.Response:
        given["headers"] = {**self.headers, **given.get("headers", {})}
        return asyncio.run(self._send(method, path, given))

    @property
    def token(self) -> str:
        session = self.person.session if self.person else ""
        return form_token.issue(SETTINGS.form_key, session)

    async def _send(self, method: str, path: str, given: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        cookies = {SESSION: self.person.session if self.person else "nobody"}
        async with httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, cookies=cookies
        ) as client:
            return await client.request(method, path, **given)
