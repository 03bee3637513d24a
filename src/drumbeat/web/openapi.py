"""OpenAPI: the description of the JSON interface, written to docs/openapi.json.

Run ``python -m drumbeat.web.openapi FILE`` after a change of the interface; a test compares.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from drumbeat.web.errors import CONFIRM


def described(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1 of every route that is part of the JSON interface."""
    made = get_openapi(
        title="Drumbeat",
        version="1",
        openapi_version="3.1.0",
        summary="Campaigns, decisions and changes of one workspace.",
        description="Programs send a bearer token (`drumbeat token create`), cut down to scopes: "
        "see, answer, freeze, operate, experiment. Browsers send their session's cookie, and with "
        "orders the header `x-drumbeat-token`. An answer names what was seen: `fingerprint`, or "
        "`If-Match` with the ETag of the decision. Lists are paged: pass the `next` of one page as "
        "`after` of the following one. Errors are problem details (RFC 9457); where an order would "
        f"count from a person who has just confirmed who they are, their type is `{CONFIRM}`.",
        routes=app.routes,
    )
    made["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "__Host-drumbeat"},
    }
    made["security"] = [{"token": []}, {"session": []}]
    return made


def text_of_description() -> str:
    """The description as it is committed."""
    app = FastAPI()
    for name in ("api_v1", "api_experiments"):
        app.include_router(import_module(f"drumbeat.web.pages.{name}").router)
    return json.dumps(described(app), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text_of_description())
