"""Mastodon: publishes and schedules posts on one account, and finds them again by their words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import ValidationError

from drumbeat.connectors.contract import (
    Capability,
    Connector,
    ConnectorError,
    ErrorKind,
    EventRefused,
    Health,
    MetricsQuery,
    PlatformEvent,
    Preview,
    RemoteState,
)
from drumbeat.connectors.mastodon.api import Api, Found, scheduled_at
from drumbeat.connectors.mastodon.match import caption, is_ours, length, text_of
from drumbeat.connectors.mastodon.settings import Settings, read_settings
from drumbeat.connectors.registry import Wiring
from drumbeat.core.campaign.objects import Post
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.core.json_value import JsonValue
from drumbeat.core.operations.reading import Reading
from drumbeat.store.notebook import Note, Notebook

# The API schedules five minutes ahead at the soonest; a post due sooner waits here instead.
_SOONEST = timedelta(minutes=5, seconds=30)
# A post may appear this long before its moment.
_EARLY = timedelta(seconds=30)
# How far the server's clock may be from ours.
_SKEW = timedelta(minutes=5)
_SAME_MOMENT = timedelta(seconds=2)
_COUNTS = ("favourites_count", "reblogs_count", "replies_count")
# The API only tells totals, so each reading covers a post's whole life and replaces the one before.
_LIFETIME = timedelta(days=30)


def create(wiring: Wiring) -> "MastodonConnector":
    """Called by the registry with the connection's settings. Raises BadSetting."""
    settings = read_settings(wiring.settings)
    return MastodonConnector(wiring, settings, Api(settings.base_url, settings.token))


class MastodonConnector(Connector):
    """One account. The notebook remembers which status a target became."""

    def __init__(self, wiring: Wiring, settings: Settings, api: Api) -> None:
        super().__init__(wiring.connection, wiring.desk)
        self._api = api
        self._now = wiring.clock.now
        self._notes = Notebook(wiring.database, wiring.connection)
        self._visibility = settings.visibility

    def capabilities(self) -> frozenset[Capability]:
        return frozenset(
            {
                Capability.PREVIEW,
                Capability.SCHEDULE,
                Capability.CANCEL,
                Capability.LOOK_UP,
                Capability.METRICS,
            }
        )

    def check(self) -> Health:
        try:
            account = self._api.account()
        except ConnectorError as error:
            return Health(is_well=False, detail=str(error), quota=self._api.quota)
        told = f"signed in as @{account.get('acct', '?')}"
        return Health(is_well=True, detail=told, quota=self._api.quota)

    def preview(self, action: Action) -> Preview:
        """Whether the server would take the caption, by its own limits."""
        if action.kind == "social.delete_post" and action.after is None:
            known = self._notes.read(action.target) is not None
            return Preview(accepted=known, detail="deletes it" if known else "not published here")
        try:
            post = _post(action)
        except ConnectorError as error:
            return Preview(accepted=False, detail=str(error))
        limits = self._api.limits()
        count = length(caption(post), limits["characters_reserved_per_url"])
        detail = f"{count} of {limits['max_characters']} characters"
        accepted = count <= limits["max_characters"]
        return Preview(accepted=accepted, detail=detail, rendered=caption(post))

    def read(self, target: str) -> RemoteState | None:
        """The post as it stands, with what was changed on the server since; None when the server
        has neither a status nor a schedule."""
        note = self._notes.read(target)
        found = self._present(note) if note is not None else None
        if note is None or found is None:
            return None
        state = _as_it_stands(note.state, found)
        return RemoteState(target=target, state=state, ref=_ref(found), key=note.permit)

    def find(self, target: str, key: str) -> RemoteState | None:
        """Look for a post whose answer was lost, by its words; the note of intent has them."""
        intent = self._notes.read(_intent(target))
        wanted = _wanted(intent) if intent is not None and intent.permit == key else None
        if intent is None or wanted is None:
            return self.read(target)
        post = Post.model_validate(wanted)
        ref = self._search(post, target, _since(intent, post))
        if ref is None:
            return None
        self._notes.write(Note(target, key, ref, wanted), self._now())
        return RemoteState(target=target, state=wanted, ref=ref, key=key)

    def metrics(self, query: MetricsQuery) -> Sequence[Reading]:
        """What readers did with each post, over its whole life. The API gives totals, without
        impressions."""
        return [reading for target in query.targets for reading in self._counts(target)]

    def parse_event(
        self, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Sequence[PlatformEvent]:
        raise EventRefused("Mastodon posts no signed events here")

    def _apply(self, action: Action, key: str) -> Receipt:
        match action.kind:
            case "social.schedule_post":
                return self._publish(action, key)
            case "social.delete_post" if action.after is None:
                return self._delete(action, key)
            case "social.delete_post":
                raise ConnectorError(ErrorKind.BAD_REQUEST, "a deleted post leaves nothing behind")
            case other:
                raise ConnectorError(ErrorKind.BAD_REQUEST, f"Mastodon cannot do {other}")

    def _publish(self, action: Action, key: str) -> Receipt:
        post = _post(action)
        made = self._notes.read(action.target)
        if made is not None and made.permit == key:
            return Receipt(outcome=Outcome.DONE, ref=made.ref, detail="published before")
        self._wait_for(post)
        # The intent first, so that a lost answer can be looked up; then a look, because some
        # servers ignore the key and would publish a second time.
        intent = self._intend(action, key)
        ref = self._search(post, action.target, _since(intent, post))
        if ref is None:
            ref = _ref(self._api.publish(self._form(post), key))
        self._notes.write(Note(action.target, key, ref, action.after), self._now())
        return Receipt(outcome=Outcome.DONE, ref=ref, detail="published or scheduled")

    def _delete(self, action: Action, key: str) -> Receipt:
        note = self._notes.read(action.target)
        if note is None:
            return self._nothing_to_delete(action.target, key)
        self._intend(action, key)
        # A schedule may run between the look and the call: then there is a status to delete.
        for _ in range(2):
            if (found := self._present(note)) is None:
                break
            self._remove(_ref(found))
        self._notes.strike(action.target)
        return Receipt(outcome=Outcome.DONE, ref=note.ref, detail="deleted")

    def _nothing_to_delete(self, target: str, key: str) -> Receipt:
        intent = self._notes.read(_intent(target))
        if intent is None or intent.permit != key:
            raise ConnectorError(ErrorKind.BAD_REQUEST, f"{target} was not published here")
        return Receipt(outcome=Outcome.DONE, detail="deleted before")

    def _remove(self, ref: str) -> None:
        kind, _, number = ref.partition(":")
        if kind == "scheduled":
            self._api.unschedule(number)
        else:
            self._api.delete(number)

    def _wait_for(self, post: Post) -> None:
        early = post.publish_at - self._now()
        if _EARLY < early <= _SOONEST:
            message = f"not before {post.publish_at:%Y-%m-%d %H:%M %Z}, too soon to schedule"
            raise ConnectorError(ErrorKind.RETRY_AFTER, message, early.total_seconds())

    def _intend(self, action: Action, key: str) -> Note:
        """Write down what is about to be asked, once: the first moment stays."""
        note = self._notes.read(_intent(action.target))
        if note is None or note.permit != key:
            now = self._now()
            content: JsonValue = {"wanted": action.after, "since": now.isoformat()}
            note = Note(_intent(action.target), key, "", content)
            self._notes.write(note, now)
        return note

    def _form(self, post: Post) -> dict[str, str]:
        form = {"status": caption(post), "visibility": self._visibility}
        if post.publish_at - self._now() > _SOONEST:
            form["scheduled_at"] = post.publish_at.isoformat()
        return form

    def _search(self, post: Post, target: str, since: datetime) -> str | None:
        """Where the server has the post: its words, its moment, and no other target's."""
        for waiting in self._api.scheduled():
            is_then = abs(scheduled_at(waiting) - post.publish_at) <= _SAME_MOMENT
            if is_then and is_ours(post, text_of(waiting)) and self._is_free(waiting, target):
                return _ref(waiting)
        found = self._published(post, target, since)
        return _ref(found) if found is not None else None

    def _published(self, post: Post, target: str, since: datetime) -> Found | None:
        account = str(self._api.account()["id"])
        return self._first_of(post, target, self._api.statuses(account, since))

    def _first_of(self, post: Post, target: str, statuses: Iterable[Found]) -> Found | None:
        ours = (s for s in statuses if is_ours(post, text_of(s)) and self._is_free(s, target))
        return next(ours, None)

    def _is_free(self, status: Found, target: str) -> bool:
        note = self._notes.by_ref(_ref(status))
        return note is None or note.target == target

    def _present(self, note: Note) -> Found | None:
        """The status behind a note. A schedule that ran has become another status."""
        kind, _, number = note.ref.partition(":")
        if kind == "status":
            return self._api.status(number)
        waiting = self._api.scheduled_status(number)
        return waiting if waiting is not None else self._published_since(note)

    def _published_since(self, note: Note) -> Found | None:
        post = Post.model_validate(note.state)
        found = self._published(post, note.target, post.publish_at - _SKEW)
        if found is not None:
            self._notes.write(Note(note.target, note.permit, _ref(found), note.state), self._now())
        return found

    def _counts(self, target: str) -> list[Reading]:
        note = self._notes.read(target)
        status = self._present(note) if note is not None else None
        if note is None or status is None or "favourites_count" not in status:
            return []
        values = {
            "engagements": sum(int(status.get(name) or 0) for name in _COUNTS),
            "comments": int(status.get("replies_count") or 0),
        }
        since = Post.model_validate(note.state).publish_at
        return [
            Reading(
                metric=metric,
                target=target,
                since=since,
                until=since + _LIFETIME,
                as_of=self._now(),
                value=value,
                source=self.connection,
            )
            for metric, value in values.items()
        ]


def _post(action: Action) -> Post:
    try:
        return Post.model_validate(action.after)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"]))
        raise ConnectorError(ErrorKind.BAD_REQUEST, f"{where}: {problem['msg']}") from error


def _as_it_stands(state: JsonValue, found: Found) -> JsonValue:
    """Our own state, with what somebody changed on the server. A published status only counts as
    changed where the server says it was edited: servers show words in their own ways."""
    post = Post.model_validate(state)
    kept = post.model_dump(mode="json") if not isinstance(state, dict) else dict(state)
    is_waiting = _is_waiting(found)
    if (is_waiting or found.get("edited_at")) and not is_ours(post, text_of(found)):
        kept["text"] = text_of(found)
    if is_waiting and abs(scheduled_at(found) - post.publish_at) > _SAME_MOMENT:
        kept["publish_at"] = scheduled_at(found).isoformat()
    return kept


def _ref(status: Found) -> str:
    return f"{'scheduled' if _is_waiting(status) else 'status'}:{status['id']}"


def _is_waiting(status: Found) -> bool:
    return "scheduled_at" in status


def _wanted(intent: Note) -> JsonValue:
    return intent.state.get("wanted") if isinstance(intent.state, dict) else None


def _since(intent: Note, post: Post) -> datetime:
    """The earliest moment the post can have appeared, by the server's clock."""
    content = intent.state if isinstance(intent.state, dict) else {}
    first_tried = datetime.fromisoformat(str(content.get("since")))
    return min(first_tried, post.publish_at) - _SKEW


def _intent(target: str) -> str:
    return f"intent/{target}"
