"""Names: permanent numbers for things as they first appear, so that rows can point at them."""


class Names:
    """A two-way list of names; a name keeps its number for good."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []

    def __len__(self) -> int:
        return len(self._names)

    def number(self, name: str) -> int:
        """The name's number, a new one at first sight."""
        if name not in self._numbers:
            self._numbers[name] = len(self._names)
            self._names.append(name)
        return self._numbers[name]

    def find(self, name: str) -> int | None:
        """The name's number, None for one never seen."""
        return self._numbers.get(name)

    def alike(self, start: str) -> list[tuple[str, int]]:
        """The names that begin so, with their numbers."""
        return [(name, n) for name, n in self._numbers.items() if name.startswith(start)]

    def name(self, number: int) -> str:
        """The name a number belongs to."""
        return self._names[number]
