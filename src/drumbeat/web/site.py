"""Site: the name and origin under which browsers reach us; passkeys are bound to it."""

from urllib.parse import urlsplit

from fastapi import Request

from drumbeat.web.services import Site


def site_of(request: Request) -> Site | None:
    """As drumbeat.yaml says it. Without that only ``localhost`` counts: a browser makes passkeys
    for no address, and what a request says of its host is not to be believed."""
    told: str = request.app.state.settings.site
    if not told:
        base = request.base_url
        told = f"{base.scheme}://{base.netloc}" if base.hostname == "localhost" else ""
    parts = urlsplit(told)
    if not parts.hostname:
        return None
    return Site(parts.hostname, f"{parts.scheme}://{parts.netloc}")
