"""API: the few calls of the Mastodon API we make, and what their failures mean."""

from collections.abc import Mapping
from typing import Any

import httpx

from drumbeat.connectors.contract import ConnectorError, ErrorKind

TIMEOUT_SECONDS = 20.0
_PAGE = 40


class Api:
    """One account on one server. Every method raises ConnectorError, and nothing else."""

    def __init__(
        self, base_url: str, token: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._client = httpx.Client(
            base_url=base_url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECONDS,
            transport=transport,
        )

    def account(self) -> dict[str, Any]:
        """Who the token belongs to."""
        return self._json("GET", "/api/v1/accounts/verify_credentials")

    def limits(self) -> Mapping[str, int]:
        """``max_characters`` and ``characters_reserved_per_url`` of this server."""
        found = self._json("GET", "/api/v2/instance")
        statuses = found.get("configuration", {}).get("statuses", {})
        return {
            "max_characters": int(statuses.get("max_characters", 500)),
            "characters_reserved_per_url": int(statuses.get("characters_reserved_per_url", 23)),
        }

    def publish(self, form: Mapping[str, str], key: str) -> dict[str, Any]:
        """Publish or schedule a status. A lost answer is ``unknown_outcome``."""
        return self._json("POST", "/api/v1/statuses", data=form, headers={"Idempotency-Key": key})

    def statuses(self, account: str) -> list[dict[str, Any]]:
        """The account's newest published statuses."""
        found = self._request(
            "GET", f"/api/v1/accounts/{account}/statuses", params={"limit": str(_PAGE)}
        ).json()
        return [status for status in found if isinstance(status, dict)]

    def scheduled(self) -> list[dict[str, Any]]:
        """The statuses that wait for their moment."""
        path, params = "/api/v1/scheduled_statuses", {"limit": str(_PAGE)}
        return list(self._request("GET", path, params=params).json())

    def status(self, ref: str) -> dict[str, Any] | None:
        return self._maybe(f"/api/v1/statuses/{ref}")

    def scheduled_status(self, ref: str) -> dict[str, Any] | None:
        return self._maybe(f"/api/v1/scheduled_statuses/{ref}")

    def delete(self, ref: str) -> None:
        self._request("DELETE", f"/api/v1/statuses/{ref}")

    def unschedule(self, ref: str) -> None:
        self._request("DELETE", f"/api/v1/scheduled_statuses/{ref}")

    def _maybe(self, path: str) -> dict[str, Any] | None:
        response = self._send("GET", path)
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        found: dict[str, Any] = _good(response).json()
        return found

    def _json(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._request(method, path, **more).json()
        return found

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return _good(self._send(method, path, **more))

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **more)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            # Nothing was sent: that much is certain.
            raise ConnectorError(
                ErrorKind.DISCONNECTED, f"cannot reach the server: {error}"
            ) from error
        except httpx.HTTPError as error:
            kind = ErrorKind.DISCONNECTED if method == "GET" else ErrorKind.UNKNOWN_OUTCOME
            raise ConnectorError(kind, f"{type(error).__name__}: {error}") from error


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
        case 429 | 503:
            return ErrorKind.RETRY_AFTER
        case code if code >= 500:
            # The server may have done it before it stumbled.
            return ErrorKind.UNKNOWN_OUTCOME
        case _:
            return ErrorKind.BAD_REQUEST


def _said(response: httpx.Response) -> str:
    try:
        told = response.json().get("error", "")
    except (ValueError, AttributeError):
        told = response.text
    return f"{response.status_code} {str(told)[:300]}"


def _retry_after(response: httpx.Response) -> float:
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else 0.0
