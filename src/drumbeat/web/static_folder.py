"""Static files: read once, named by their content, compressed once, kept by browsers for good."""

import gzip
import mimetypes
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import Request, Response

STATIC = Path(__file__).parent / "static"
_PACKED = (".css", ".js", ".svg", ".txt", ".webmanifest")
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}


@dataclass(frozen=True)
class StaticFile:
    """``packed`` is the gzip form, None where packing gains nothing (fonts, pictures)."""

    body: bytes
    packed: bytes | None
    media_type: str
    tag: str


class StaticFolder:
    """The files under ``root``, all in memory: there are few and they are small."""

    def __init__(self, root: Path = STATIC) -> None:
        self._files = {
            path.relative_to(root).as_posix(): _read(path)
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }

    def url(self, name: str) -> str:
        """The address of a file, with its content's name. Raises KeyError for no such file."""
        return f"/static/{name}?v={self._files[name].tag}"

    def answer(self, name: str, request: Request) -> Response | None:
        """The file, packed if the browser takes that; None where there is none of that name."""
        found = self._files.get(name)
        if found is None:
            return None
        headers = {
            "cache-control": "public, max-age=31536000, immutable",
            "vary": "accept-encoding",
        }
        if found.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            packed_headers = {**headers, "content-encoding": "gzip"}
            return Response(found.packed, headers=packed_headers, media_type=found.media_type)
        return Response(found.body, headers=headers, media_type=found.media_type)


def _read(path: Path) -> StaticFile:
    body = path.read_bytes()
    guessed = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    packed = gzip.compress(body, mtime=0) if path.suffix in _PACKED else None
    return StaticFile(
        body, packed, guessed or "application/octet-stream", sha256(body).hexdigest()[:10]
    )


@cache
def static_folder() -> StaticFolder:
    """Our own folder, read once a process."""
    return StaticFolder()
