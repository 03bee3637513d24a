"""A small OpenID Connect provider over real HTTP on this machine, whose answers a test can bend."""

import secrets
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from drumbeat.engine.clock import SystemClock

CLIENT, SECRET = "drumbeat", "a secret only the two of them know"


@dataclass
class Provider:
    """``email`` is who is signed in there. ``bend`` replaces claims of the next tokens (None drops
    one), ``algorithm`` signs them; ``asked`` keeps the authorization requests."""

    issuer: str = ""
    email: str = "mei@northbean.example"
    bend: dict[str, Any] = field(default_factory=dict)
    stranger: ECKey | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    keys_fetched: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: list[ECKey] = field(default_factory=list)

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is no longer published."""
        name = f"key-{secrets.token_hex(4)}"
        self.keys = [ECKey.generate_key("P-256", {"kid": name, "use": "sig"}, private=True)]

    def discovery(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    def published(self, request: Request) -> Response:
        self.keys_fetched += 1
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.keys]})

    def authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        self.asked.append(query)
        code = secrets.token_urlsafe(12)
        self.codes[code] = query
        told = urlencode({"code": code, "state": query["state"], "iss": self.issuer})
        return RedirectResponse(f"{query['redirect_uri']}?{told}", status_code=302)

    async def token(self, request: Request) -> Response:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        given = b64decode(request.headers["authorization"].partition(" ")[2]).decode()
        name, _, secret = given.partition(":")
        asked = self.codes.pop(form.get("code", ""), None)
        if (name, unquote(secret)) != (CLIENT, SECRET) or asked is None:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        if create_s256_code_challenge(form["code_verifier"]) != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        now = int(SystemClock().now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": "user-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "email": self.email,
            "email_verified": True,
            **self.bend,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        key = self.stranger or self.keys[0]
        header = {"alg": "ES256", "kid": str(self.keys[0].kid)}
        return JSONResponse(
            {
                "access_token": "at",
                "token_type": "Bearer",
                "id_token": jwt.encode(header, kept, key, algorithms=["ES256"]),
            }
        )


@contextmanager
def provider() -> Iterator[Provider]:
    """One that runs."""
    made = Provider()
    made.rotate()
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", made.discovery),
            Route("/authorize", made.authorize),
            Route("/token", made.token, methods=["POST"]),
            Route("/keys", made.published),
        ]
    )
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    made.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield made
    server.should_exit = True
    thread.join(5)
