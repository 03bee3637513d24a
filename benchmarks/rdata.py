"""One data frame out of an .rda file: as much of R's serialization as a table of columns needs.

Format: R Internals, "Serialization Formats" (XDR, version 2), compressed with bzip2.
"""

import bz2
import struct
from pathlib import Path
from typing import Any

import numpy as np

_HEADER = b"RDX2\nX\n"
_VERSIONS = 12
_NULL, _REFERENCE, _SYMBOL, _PAIRS, _TEXT = 254, 255, 1, 2, 9
_INTEGERS, _REALS, _LISTS = (10, 13), 14, (16, 19)
_MISSING = -1


def read_frame(path: Path) -> dict[str, Any]:
    """The columns, by name, of the first object in the file. Raises ValueError for other files."""
    data = bz2.decompress(path.read_bytes())
    if not data.startswith(_HEADER):
        raise ValueError(f"{path} is no RData file in XDR, version 2")
    columns = _Reader(data, len(_HEADER) + _VERSIONS).item()[0][1]
    return dict(columns)


class _Reader:
    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at
        self.symbols: list[Any] = []

    def whole(self) -> int:
        self.at += 4
        return int(struct.unpack(">i", self.data[self.at - 4 : self.at])[0])

    def item(self) -> Any:
        flags = self.whole()
        kind, has_attributes, has_tag = flags & 0xFF, bool(flags & 0x200), bool(flags & 0x400)
        if kind == _NULL:
            return None
        if kind == _REFERENCE:
            return self.symbols[(flags >> 8) - 1]
        if kind == _SYMBOL:
            self.symbols.append(self.item())
            return self.symbols[-1]
        if kind == _PAIRS:
            return self._pairs(has_attributes, has_tag)
        count = self.whole()
        if kind == _TEXT:
            return None if count == _MISSING else self._bytes(count).decode("latin-1")
        return self._vector(kind, count, has_attributes)

    def _pairs(self, has_attributes: bool, has_tag: bool) -> list[tuple[Any, Any]]:
        if has_attributes:
            self.item()
        tag = self.item() if has_tag else None
        value = self.item()
        return [(tag, value), *(self.item() or [])]

    def _vector(self, kind: int, count: int, has_attributes: bool) -> Any:
        values: Any
        if kind in _INTEGERS:
            values = np.frombuffer(self._bytes(4 * count), ">i4").astype(int)
        elif kind == _REALS:
            values = np.frombuffer(self._bytes(8 * count), ">f8").astype(float)
        elif kind in _LISTS:
            values = [self.item() for _ in range(count)]
        else:
            raise ValueError(f"an R object of type {kind} is no table")
        names = dict(self.item()).get("names") if has_attributes else None
        return dict(zip(names, values, strict=True)) if names else values

    def _bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]
