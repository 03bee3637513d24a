"""Invisible characters: what a reader does not see and a program would still read."""

import re

# Soft hyphen, joiners and marks of width zero, direction overrides and isolates, the byte order
# mark, fillers that draw nothing, variation selectors and the tag block that can spell a
# sentence nobody sees. Tab and line breaks stay; other control characters go.
_RANGES = (
    (0x00, 0x08),
    (0x0B, 0x0C),
    (0x0E, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
_INVISIBLE = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in _RANGES) + "]")


def stripped(text: str) -> str:
    """The text without what cannot be seen."""
    return _INVISIBLE.sub("", text)


def shown(text: str) -> str:
    """The text with every invisible character spelled out, such as ``⟨U+200B⟩``."""
    return _INVISIBLE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def has_invisible(text: str) -> bool:
    """Whether something in the text cannot be seen."""
    return _INVISIBLE.search(text) is not None
