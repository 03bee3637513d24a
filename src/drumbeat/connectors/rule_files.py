"""Rule files: the workspace's own rules as a platform, so that changing them takes the same road.

What people approved is the very text that comes of it: an action's states carry the digest of the
whole file before and after. A file that was edited meanwhile, or a result that would not pass
`drumbeat check`, is refused and nothing is written. Every version is kept under its digest, so
that a roll back restores it to the letter.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock

from pydantic import JsonValue

from drumbeat.connectors.contract import (
    Capability,
    Connector,
    ConnectorError,
    ErrorKind,
    EventRefused,
    Health,
    MetricsQuery,
    PermitDesk,
    PlatformEvent,
    Preview,
    RemoteState,
)
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.core.operations.reading import Reading
from drumbeat.files.amend import amended
from drumbeat.files.atomic import write_text
from drumbeat.files.check import check_folder
from drumbeat.files.entry import FILE, Place, digest_of, entry_in, place_of, state_of
from drumbeat.files.problem import as_text

# No connection of drumbeat.yaml can have this name.
RULE_FILES = "workspace:files"
_KEPT = Path(".drumbeat") / "rules"
_MOST_PROBLEMS = 3


class NotMade(ValueError):
    """The change cannot be made as it was asked for: why, in words for people."""


def was_kept(home: Path, digest: str) -> bool:
    """Whether a file's text of this digest was in force once through the gate."""
    return (home / _KEPT / f"{digest}.yaml").is_file()


class RuleFiles(Connector):
    """``changed`` is called after every change, so that the new rules are in force at once."""

    def __init__(self, desk: PermitDesk, home: Path, changed: Callable[[], None]) -> None:
        super().__init__(RULE_FILES, desk)
        self._home = home
        self._changed = changed
        self._lock = Lock()

    def capabilities(self) -> frozenset[Capability]:
        return frozenset({Capability.LOOK_UP, Capability.PREVIEW})

    def check(self) -> Health:
        return Health(is_well=(self._home / "policy").is_dir(), detail=str(self._home))

    def preview(self, action: Action) -> Preview:
        try:
            return Preview(accepted=True, detail="passes its check", rendered=self.wanted(action))
        except NotMade as error:
            return Preview(accepted=False, detail=str(error))

    def read(self, target: str) -> RemoteState | None:
        try:
            place = place_of(target)
            state: JsonValue = state_of(self._text(place), place)
        except (ValueError, OSError):
            return None
        return RemoteState(target=target, state=state)

    def metrics(self, query: MetricsQuery) -> Sequence[Reading]:
        return ()

    def parse_event(
        self, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Sequence[PlatformEvent]:
        raise EventRefused("files send no events")

    def wanted(self, action: Action) -> str:
        """The text that the change makes of its file, checked beside all others. Raises NotMade."""
        before, after = action.before, action.after
        if not isinstance(before, dict) or not isinstance(after, dict):
            raise NotMade("a rule's state says which file it stands in")
        try:
            place = place_of(action.target)
            text = self._text(place)
            if digest_of(text) != before.get(FILE):
                raise NotMade(f"{place.path} has changed since this was proposed")
            made = self._kept(str(after.get(FILE))) or amended(text, place, entry_in(after))
        except (ValueError, OSError) as error:
            raise NotMade(str(error)) from error
        if place.kind != action.kind:
            raise NotMade(f"{place.path} is changed by {place.kind}, not by {action.kind}")
        if state_of(made, place) != after:
            raise NotMade(f"{place.path} would not become what was approved")
        result = check_folder(self._home, {place.path: made})
        if not result.is_ok:
            told = [as_text(one).splitlines()[0] for one in result.errors[:_MOST_PROBLEMS]]
            raise NotMade("; ".join(told) or "a campaign's checklist would be incomplete")
        return made

    def _apply(self, action: Action, key: str) -> Receipt:
        with self._lock:
            try:
                made = self.wanted(action)
                place = place_of(action.target)
                self._keep(self._text(place), made)
                write_text(self._home / place.path, made)
            except (ValueError, OSError) as error:
                return Receipt(outcome=Outcome.REFUSED, detail=str(error))
            if self._text(place) != made:
                text = f"{place.path} does not read back as it was written"
                raise ConnectorError(ErrorKind.UNKNOWN_OUTCOME, text)
        self._changed()
        return Receipt(outcome=Outcome.DONE, ref=digest_of(made)[:12])

    def _text(self, place: Place) -> str:
        return (self._home / place.path).read_bytes().decode("utf-8-sig")

    def _keep(self, *texts: str) -> None:
        for text in texts:
            write_text(self._home / _KEPT / f"{digest_of(text)}.yaml", text)

    def _kept(self, digest: str) -> str | None:
        """A version that was in force before, or would have been; None where nobody kept it."""
        if not digest.isalnum():
            return None
        try:
            text = (self._home / _KEPT / f"{digest}.yaml").read_bytes().decode()
        except OSError:
            return None
        return text if digest_of(text) == digest else None
