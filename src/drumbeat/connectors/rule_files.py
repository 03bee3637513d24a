"""Rule files: the workspace's own rules as a platform, so that changing them takes the same road.

What people approved is one rule, from these fields to those; the file around it may have changed
meanwhile, the rule itself may not. A campaign's file is one rule: it is written where there was
none. A file that was edited by hand and is not in force yet, or a
result that would not pass `drumbeat check`, is refused and nothing is written. Every version is
kept under its digest, so that a roll back restores it to the letter.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock

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
from drumbeat.core.json_value import JsonValue
from drumbeat.core.operations.reading import Reading
from drumbeat.files.amend import amended
from drumbeat.files.atomic import write_text
from drumbeat.files.check import check_folder
from drumbeat.files.entry import Place, digest_of, entry_in, place_of, state_of
from drumbeat.files.problem import as_text
from drumbeat.files.source import from_text

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
    """``in_force`` gives the digests of the files as they were taken up, by path; ``changed`` is
    called after every change, so that the new rules are in force at once."""

    def __init__(
        self,
        desk: PermitDesk,
        home: Path,
        in_force: Callable[[], Mapping[str, str]],
        changed: Callable[[], None],
    ) -> None:
        super().__init__(RULE_FILES, desk)
        self._home = home
        self._in_force = in_force
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
            raise NotMade("a rule's states are its fields")
        try:
            place = place_of(action.target)
            text = self._text(place)
            if state_of(text, place) != before:
                raise NotMade(f"{place.target} has changed since this was proposed")
            made = self._as_it_was(text, amended(text, place, entry_in(after)), place)
        except (ValueError, OSError) as error:
            raise NotMade(str(error)) from error
        if place.kind != action.kind:
            raise NotMade(f"{place.path} is changed by {place.kind}, not by {action.kind}")
        if state_of(made, place) != after:
            raise NotMade(f"{place.target} would not become what was approved")
        result = check_folder(self._home, {place.path: made})
        # A campaign rests on the other files as well: it is checked beside what they say now.
        others = result.digests if place.is_whole else {place.path: digest_of(text)}
        for path, digest in others.items():
            if path != place.path or text:
                self._must_be_in_force(path, digest)
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
        if place.is_whole and not (self._home / place.path).exists():
            return ""
        return (self._home / place.path).read_bytes().decode("utf-8-sig")

    def _must_be_in_force(self, path: str, digest: str) -> None:
        """It is the text that was taken up here, or that the gate itself wrote."""
        if digest != self._in_force().get(path) and not was_kept(self._home, digest):
            raise NotMade(
                f"{path} was edited by hand and is not in force yet: this would put that edit in "
                "force unseen; restart Drumbeat, then propose this again"
            )

    def _keep(self, text: str, made: str) -> None:
        """Both versions, and from which one the newer was made."""
        folder, now = self._home / _KEPT, digest_of(made)
        write_text(folder / f"{now}.yaml", made)
        if not text:
            return
        write_text(folder / f"{digest_of(text)}.yaml", text)
        write_text(folder / f"{now}.from", digest_of(text))

    def _as_it_was(self, text: str, made: str, place: Place) -> str:
        """The version before this one to the letter, where what is to be made says just that."""
        folder = self._home / _KEPT
        try:
            before = (folder / f"{digest_of(text)}.from").read_text(encoding="utf-8")
            was = (folder / f"{before}.yaml").read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            return made
        says_it = from_text(place.path, was).data == from_text(place.path, made).data
        return was if says_it else made
