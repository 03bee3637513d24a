"""Session cookie: its name and its limits, the same where it is set, read and removed."""

from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import Response

from drumbeat.web.settings import WebSettings

_SAFE, _PLAIN = "__Host-drumbeat", "drumbeat-session"


def cookie_name(settings: WebSettings) -> str:
    """``__Host-`` binds the cookie to https and to this host; browsers refuse it over http."""
    return _SAFE if settings.is_https else _PLAIN


def secret_in(cookies: Mapping[str, str]) -> str:
    """The session's secret among the cookies of a request; empty when there is none."""
    return cookies.get(_SAFE) or cookies.get(_PLAIN, "")


def keep(answer: Response, settings: WebSettings, secret: str, until: datetime) -> None:
    """Give the browser the session's ``secret``, to keep until ``until``. Scripts cannot read the
    cookie, and no post of another site brings it."""
    answer.set_cookie(
        cookie_name(settings),
        secret,
        expires=until.astimezone(UTC),
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.is_https,
    )


def drop(answer: Response, settings: WebSettings) -> None:
    """Take the cookie back, with the attributes it was set with: browsers keep it otherwise."""
    answer.delete_cookie(
        cookie_name(settings), path="/", httponly=True, samesite="lax", secure=settings.is_https
    )
