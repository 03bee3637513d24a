"""Colors: how light they are and how well one can be read on another, after WCAG 2.2."""

import re
from functools import lru_cache

# Red, green, blue, each 0 to 255.
Color = tuple[int, int, int]

WHITE: Color = (255, 255, 255)
BLACK: Color = (0, 0, 0)
_HEX = re.compile(r"#([0-9a-f]{3,8})")
_RGB = re.compile(r"rgba?\(\s*([0-9]+)[\s,]+([0-9]+)[\s,]+([0-9]+)\s*(?:[,/]\s*([0-9.]+%?)\s*)?\)")
_NAMES = {
    "aqua": "#00ffff", "beige": "#f5f5dc", "black": "#000000", "blue": "#0000ff",
    "brown": "#a52a2a", "coral": "#ff7f50", "cornsilk": "#fff8dc", "cyan": "#00ffff",
    "darkblue": "#00008b", "darkgray": "#a9a9a9", "darkgreen": "#006400", "darkgrey": "#a9a9a9",
    "darkred": "#8b0000", "dimgray": "#696969", "dimgrey": "#696969", "floralwhite": "#fffaf0",
    "fuchsia": "#ff00ff", "gainsboro": "#dcdcdc", "ghostwhite": "#f8f8ff", "gold": "#ffd700",
    "gray": "#808080", "green": "#008000", "grey": "#808080", "honeydew": "#f0fff0",
    "indigo": "#4b0082", "ivory": "#fffff0", "khaki": "#f0e68c", "lavender": "#e6e6fa",
    "lightblue": "#add8e6", "lightgray": "#d3d3d3", "lightgreen": "#90ee90",
    "lightgrey": "#d3d3d3", "lightyellow": "#ffffe0", "lime": "#00ff00", "linen": "#faf0e6",
    "magenta": "#ff00ff", "maroon": "#800000", "mintcream": "#f5fffa", "mistyrose": "#ffe4e1",
    "navy": "#000080", "oldlace": "#fdf5e6", "olive": "#808000", "orange": "#ffa500",
    "pink": "#ffc0cb", "purple": "#800080", "red": "#ff0000", "salmon": "#fa8072",
    "seashell": "#fff5ee", "silver": "#c0c0c0", "snow": "#fffafa", "tan": "#d2b48c",
    "teal": "#008080", "tomato": "#ff6347", "violet": "#ee82ee", "white": "#ffffff",
    "whitesmoke": "#f5f5f5", "yellow": "#ffff00",
}  # fmt: skip


def read_color(text: str) -> Color | None:
    """``#abc``, ``#aabbcc``, ``rgb(…)`` or a common name; None for anything else."""
    value = text.strip().lower()
    value = _NAMES.get(value, value)
    if found := _HEX.fullmatch(value):
        return _of_hex(found[1])
    if found := _RGB.fullmatch(value):
        red, green, blue = (min(255, int(part)) for part in found.groups()[:3])
        return (red, green, blue)
    return None


@lru_cache(maxsize=4096)
def contrast(one: Color, other: Color) -> float:
    """The contrast ratio, 1 (none) to 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _of_hex(digits: str) -> Color | None:
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) not in (6, 8):
        return None
    return (int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(part / 255) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
