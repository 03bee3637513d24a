"""Sample readers: fifty contacts that stretch a template: empty, long, right to left, odd."""

from collections.abc import Mapping

_FIRST = (
    "",
    " ",
    "Ana",
    "Bo",
    "Jean-Luc",
    "María José",
    "O'Brien",
    "李",
    "さくら",
    "محمد",
    "שרה",
    "Πέτρος",
    "Ольга",
    "नमस्ते",
    "Wolfeschlegelsteinhausenbergerdorff-Montgomery von und zu Hohenstein",
    "{{city}}",
    "<b>Tom</b>",
    "Tom & Jerry",
    "🙂",
    "123",
    "ALLCAPS",
    "null",
    "x" * 200,
    "A\nB",
    "É",
)
_CITY = ("Berlin", "")
# The sender fills its own links; any address will do to see that nothing is left over.
READERS: tuple[Mapping[str, str], ...] = tuple(
    {
        "first_name": name,
        "last_name": name[::-1],
        "city": city,
        "company": name,
        "unsubscribe_url": "https://example.com/u",
    }
    for city in _CITY
    for name in _FIRST
)
