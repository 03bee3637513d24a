"""Rule watch: takes up rules that were changed by a proposal in another process.

What a person edits by hand is in force from the next start; what went through the gate is in force
at once, wherever it was carried out, because two processes with two policies are two gates.
"""

from pathlib import Path

from drumbeat.app.compose import App
from drumbeat.connectors.rule_files import was_kept
from drumbeat.files.entry import digest_of

_PATTERNS = ("policy/actions.yaml", "policy/sla.yaml", "hypotheses/*.yaml", "campaigns/*.yaml")


class RuleWatch:
    """Looks at the files' times, and reads one only when it has moved."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._seen = self._times()

    def look(self) -> bool:
        """Whether new rules were taken up."""
        now = self._times()
        moved = [file for file, time in now.items() if self._seen.get(file) != time]
        self._seen = now
        if not any(map(self._is_ours, moved)):
            return False
        self._app.reload_rules()
        return True

    def _is_ours(self, file: Path) -> bool:
        """Whether the file says what the gate once wrote, and not what is in force here."""
        digest = digest_of(file.read_bytes().decode("utf-8-sig", errors="replace"))
        name = file.relative_to(self._app.home).as_posix()
        return was_kept(self._app.home, digest) and self._app.files.digests.get(name) != digest

    def _times(self) -> dict[Path, int]:
        found = (file for one in _PATTERNS for file in self._app.home.glob(one))
        return {file: file.stat().st_mtime_ns for file in found}
