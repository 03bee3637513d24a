"""Endpoint: how the unsubscribe address behaves when it is tried, by a token that is nobody's."""

from collections.abc import Callable

import httpx

from drumbeat.connectors.unsubscribe import NOBODY, TOKEN_DAYS, contact_of, token_for
from drumbeat.core.compliance.facts import UnsubscribeEndpoint

_SECONDS = 5.0
_ONE_CLICK = {"List-Unsubscribe": "One-Click"}
_LOGIN = frozenset({401, 403, 407})


def try_endpoint(
    link: str,
    key: bytes,
    opted_out: Callable[[str], bool],
    transport: httpx.BaseTransport | None = None,
) -> UnsubscribeEndpoint:
    """Look at the address as a mail scanner does, then post as a mail program does (RFC 8058),
    without cookies and following nothing. ``opted_out`` tells whether a contact is on the list.

    Nobody opts out: the look is by the token of a reader there is none of, the post by nobody's.
    """
    scanned = f"{NOBODY}-scanned"
    with httpx.Client(timeout=_SECONDS, follow_redirects=False, transport=transport) as client:
        status = _status(client, "GET", f"{link}/{token_for(scanned, key)}")
        acts = opted_out(scanned)
        if status:
            status = _status(client, "POST", f"{link}/{token_for(NOBODY, key)}")
    return UnsubscribeEndpoint(
        post_status=status,
        redirects=300 <= status < 400,
        needs_login=status in _LOGIN,
        get_changes_state=acts,
        token_days=_days(key),
    )


def _status(client: httpx.Client, method: str, url: str) -> int:
    """What it answered; 0 where nothing did."""
    try:
        sent = _ONE_CLICK if method == "POST" else None
        return client.request(method, url, data=sent).status_code
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0


def _days(key: bytes) -> int:
    """How long a token lives that is read back as it was made; none that is not."""
    return TOKEN_DAYS if contact_of(token_for(NOBODY, key), key) == NOBODY else 0
