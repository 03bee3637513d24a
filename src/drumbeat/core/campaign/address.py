"""Address: a web address in its parts; one that nobody could follow has none."""

from urllib.parse import SplitResult, urlsplit, urlunsplit


def parts_of(url: str) -> SplitResult | None:
    """The parts of an address; None for one that cannot be read, such as ``https://[1``."""
    try:
        return urlsplit(url.strip())
    except ValueError:
        return None


def page_of(url: str) -> str:
    """The page itself, without the parameters that tell where a visitor came from; what cannot be
    read stays as it is."""
    parts = parts_of(url)
    return urlunsplit(parts._replace(query="", fragment="")) if parts else url


def query_of(url: str) -> str:
    """What stands behind the question mark; empty where nothing does or nobody can tell."""
    parts = parts_of(url)
    return parts.query if parts else ""


def host_of(url: str) -> str:
    """The host in lower case; empty where there is none or nobody can tell."""
    parts = parts_of(url)
    return (parts.hostname or "") if parts else ""
