"""API: the few calls of the Mastodon API we make, and what their failures mean."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from drumbeat.connectors.contract import ConnectorError, ErrorKind, Quota

TIMEOUT_SECONDS = 20.0
_PAGE = 40
# A list is followed this far; an account that posts more than this between two looks is no
# calendar any more.
_PAGES = 25

Found = dict[str, Any]


class Api:
    """One account on one server. Every method raises ConnectorError, and nothing else."""

    def __init__(
        self, base_url: str, token: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._quota: Quota | None = None
        self._client = httpx.Client(
            base_url=base_url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECONDS,
            # A line kept open may be dead by the next post, and then its outcome is in doubt.
            limits=httpx.Limits(max_keepalive_connections=0),
            transport=transport,
        )

    def account(self) -> Found:
        """Who the token belongs to; ``id`` and ``acct``."""
        return self._object("GET", "/api/v1/accounts/verify_credentials", needs="id")

    def limits(self) -> Mapping[str, int]:
        """``max_characters`` and ``characters_reserved_per_url`` of this server."""
        found = self._object("GET", "/api/v2/instance")
        try:
            statuses = found.get("configuration", {}).get("statuses", {})
            return {
                "max_characters": int(statuses.get("max_characters", 500)),
                "characters_reserved_per_url": int(statuses.get("characters_reserved_per_url", 23)),
            }
        except (AttributeError, TypeError, ValueError) as error:
            raise ConnectorError(ErrorKind.DISCONNECTED, f"odd limits: {error}") from error

    def publish(self, form: Mapping[str, str], key: str) -> Found:
        """Publish or schedule a status. A lost answer is ``unknown_outcome``."""
        headers = {"Idempotency-Key": key}
        return self._object("POST", "/api/v1/statuses", needs="id", data=form, headers=headers)

    def statuses(self, account: str, since: datetime) -> Iterator[Found]:
        """The account's own statuses published from ``since`` on, the newest first."""
        path = f"/api/v1/accounts/{account}/statuses"
        for status in self._pages(path, exclude_reblogs="true"):
            if published_at(status) < since:
                return
            yield status

    def scheduled(self) -> Iterator[Found]:
        """The statuses that wait for their moment."""
        return self._pages("/api/v1/scheduled_statuses")

    def status(self, ref: str) -> Found | None:
        return self._maybe(f"/api/v1/statuses/{ref}")

    def scheduled_status(self, ref: str) -> Found | None:
        return self._maybe(f"/api/v1/scheduled_statuses/{ref}")

    def delete(self, ref: str) -> None:
        """Delete a status; one that is gone already is no error."""
        self._gone(f"/api/v1/statuses/{ref}")

    def unschedule(self, ref: str) -> None:
        self._gone(f"/api/v1/scheduled_statuses/{ref}")

    def _pages(self, path: str, **params: str) -> Iterator[Found]:
        """All of a list. Servers that ignore paging send the same page again, which ends it."""
        seen: set[str] = set()
        asked = {**params, "limit": str(_PAGE)}
        for _ in range(_PAGES):
            page = [one for one in self._list(path, asked) if str(one["id"]) not in seen]
            yield from page
            if not page:
                return
            seen.update(str(one["id"]) for one in page)
            asked = {**asked, "max_id": str(page[-1]["id"])}

    def _list(self, path: str, params: Mapping[str, str]) -> list[Found]:
        found = _json(_good(self._send("GET", path, params=params)))
        if not isinstance(found, list):
            raise _unreadable("GET", "expected a list")
        return [one for one in found if isinstance(one, dict) and "id" in one]

    def _object(self, method: str, path: str, needs: str = "", **more: Any) -> Found:
        found = _json(_good(self._send(method, path, **more)))
        if not isinstance(found, dict) or (needs and needs not in found):
            raise _unreadable(method, f"expected an object with {needs}")
        return found

    def _maybe(self, path: str) -> Found | None:
        response = self._send("GET", path)
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        found = _json(_good(response))
        return found if isinstance(found, dict) else None

    def _gone(self, path: str) -> None:
        response = self._send("DELETE", path)
        if response.status_code != httpx.codes.NOT_FOUND:
            _good(response)

    @property
    def quota(self) -> Quota | None:
        """What the server said last of how much may still be asked; None where it never did."""
        return self._quota

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            response = self._client.request(method, path, **more)
            self._quota = _quota_of(response) or self._quota
            return response
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            # Nothing was sent: that much is certain.
            message = f"cannot reach {self._client.base_url}: {error}"
            raise ConnectorError(ErrorKind.DISCONNECTED, message) from error
        except httpx.HTTPError as error:
            raise ConnectorError(_lost(method), f"{type(error).__name__}: {error}") from error


def published_at(status: Found) -> datetime:
    """When a status appeared; the beginning of time where the server does not say."""
    return _moment(status.get("created_at"))


def scheduled_at(status: Found) -> datetime:
    """When a scheduled status will appear."""
    return _moment(status.get("scheduled_at"))


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _good(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    raise ConnectorError(_kind(response), _said(response), _retry_after(response))


def _kind(response: httpx.Response) -> ErrorKind:
    match response.status_code:
        case 401 | 403:
            return ErrorKind.AUTH_EXPIRED
        case 409:
            return ErrorKind.CONFLICT
        case 429:
            return ErrorKind.RETRY_AFTER
        case code if code >= 500:
            # The server may have done it before it stumbled, or before its proxy gave up.
            return _lost(response.request.method)
        case _:
            return ErrorKind.BAD_REQUEST


def _lost(method: str) -> ErrorKind:
    """A question whose answer was lost has changed nothing; a change may have been made."""
    return ErrorKind.DISCONNECTED if method == "GET" else ErrorKind.UNKNOWN_OUTCOME


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError as error:
        raise _unreadable(response.request.method, str(error)) from error


def _unreadable(method: str, why: str) -> ConnectorError:
    return ConnectorError(_lost(method), f"the server's answer cannot be read: {why}")


def _said(response: httpx.Response) -> str:
    try:
        told = response.json().get("error", "")
    except (ValueError, AttributeError):
        told = response.text
    return f"{response.status_code} {str(told)[:300]}"


def _quota_of(response: httpx.Response) -> Quota | None:
    """The X-RateLimit headers; None where they are missing or make no sense."""
    limit = response.headers.get("X-RateLimit-Limit", "")
    left = response.headers.get("X-RateLimit-Remaining", "")
    if not (limit.isdecimal() and left.isdecimal()) or int(limit) == 0:
        return None
    resets = _moment(response.headers.get("X-RateLimit-Reset"))
    return Quota(
        used=max(0, int(limit) - int(left)),
        limit=int(limit),
        unit="calls",
        resets_at=None if resets.year == 1 else resets,
    )


def _retry_after(response: httpx.Response) -> float:
    """Seconds the server wants to be left alone; both its clocks are its own."""
    asked = response.headers.get("Retry-After", "")
    if asked.isdecimal():
        return float(asked)
    try:
        reset = datetime.fromisoformat(response.headers.get("X-RateLimit-Reset", ""))
        sent = parsedate_to_datetime(response.headers.get("Date", ""))
        return max(0.0, (reset - sent).total_seconds())
    except (TypeError, ValueError):
        return 0.0
