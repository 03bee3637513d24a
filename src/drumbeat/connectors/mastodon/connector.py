"""Mastodon: publishes and schedules posts on one account, and finds them again by their words."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

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
from drumbeat.connectors.mastodon.api import Api
from drumbeat.connectors.mastodon.match import caption, find_published, find_scheduled
from drumbeat.connectors.registry import Wiring
from drumbeat.core.campaign.objects import Post
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.core.operations.reading import Reading
from drumbeat.store.notebook import Note, Notebook

# The API schedules five minutes ahead at the soonest; anything nearer is published at once.
_SOONEST = timedelta(minutes=5, seconds=30)
_COUNTS = ("favourites_count", "reblogs_count", "replies_count")
# The API only tells totals, so each reading covers a post's whole life and replaces the one before.
_LIFETIME = timedelta(days=30)


def create(wiring: Wiring) -> "MastodonConnector":
    """Called by the registry with the connection's settings."""
    settings = wiring.settings
    return MastodonConnector(wiring, Api(settings["base_url"], settings["token"]))


class MastodonConnector(Connector):
    """One account. The notebook remembers which status a target became."""

    def __init__(self, wiring: Wiring, api: Api) -> None:
        super().__init__(wiring.connection, wiring.desk)
        self._api = api
        self._now = wiring.clock.now
        self._notes = Notebook(wiring.database, wiring.connection)
        self._visibility = wiring.settings.get("visibility") or "public"

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
            return Health(is_well=False, detail=str(error))
        return Health(is_well=True, detail=f"signed in as @{account.get('acct', '?')}")

    def preview(self, action: Action) -> Preview:
        """Whether the server would take the caption, by its own limits."""
        try:
            post = _post(action)
        except ConnectorError as error:
            return Preview(accepted=False, detail=str(error))
        limits = self._api.limits()
        length = _length(post, limits["characters_reserved_per_url"])
        detail = f"{length} of {limits['max_characters']} characters"
        accepted = length <= limits["max_characters"]
        return Preview(accepted=accepted, detail=detail, rendered=caption(post))

    def read(self, target: str) -> RemoteState | None:
        """The post as it stands; gone when the server has neither a status nor a schedule."""
        note = self._notes.read(target)
        if note is None:
            return None
        if self._present(note.ref) is None:
            self._notes.strike(target)
            return None
        return RemoteState(target=target, state=note.state, ref=note.ref, key=note.permit)

    def find(self, target: str, key: str) -> RemoteState | None:
        """Look for a post whose answer was lost, by its words; the note of intent has them."""
        note = self._notes.read(_intent(target))
        if note is None or note.permit != key:
            return self.read(target)
        if note.state is None:
            return self.read(target)
        ref = self._search(Post.model_validate(note.state))
        if ref is None:
            return None
        self._notes.write(Note(target, key, ref, note.state), self._now())
        return RemoteState(target=target, state=note.state, ref=ref, key=key)

    def metrics(self, query: MetricsQuery) -> Sequence[Reading]:
        """What readers did with each post. The API gives totals, without impressions."""
        return [reading for target in query.targets for reading in self._counts(target, query)]

    def parse_event(
        self, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Sequence[PlatformEvent]:
        raise EventRefused("Mastodon posts no signed events here")

    def _apply(self, action: Action, key: str) -> Receipt:
        match action.kind:
            case "social.schedule_post":
                return self._publish(action, key)
            case "social.delete_post":
                return self._delete(action, key)
            case other:
                raise ConnectorError(ErrorKind.BAD_REQUEST, f"Mastodon cannot do {other}")

    def _publish(self, action: Action, key: str) -> Receipt:
        post = _post(action)
        # The intent first, so that a lost answer can be looked up; then a look, because some
        # servers ignore the key and would publish a second time.
        self._notes.write(Note(_intent(action.target), key, "", action.after), self._now())
        ref = self._search(post)
        if ref is None:
            made = self._api.publish(self._form(post), key)
            ref = _ref(made, is_scheduled="scheduled_at" in made)
        self._notes.write(Note(action.target, key, ref, action.after), self._now())
        return Receipt(outcome=Outcome.DONE, ref=ref, detail="published or scheduled")

    def _delete(self, action: Action, key: str) -> Receipt:
        note = self._notes.read(action.target)
        if note is None:
            raise ConnectorError(ErrorKind.BAD_REQUEST, f"{action.target} was not published here")
        self._notes.write(Note(_intent(action.target), key, note.ref, None), self._now())
        kind, _, ref = note.ref.partition(":")
        if kind == "scheduled" and self._api.scheduled_status(ref) is not None:
            self._api.unschedule(ref)
        elif (status := self._present(note.ref)) is not None:
            self._api.delete(str(status["id"]))
        self._notes.strike(action.target)
        return Receipt(outcome=Outcome.DONE, ref=note.ref, detail="deleted")

    def _form(self, post: Post) -> dict[str, str]:
        form = {"status": caption(post), "visibility": self._visibility}
        if post.publish_at - self._now() > _SOONEST:
            form["scheduled_at"] = post.publish_at.isoformat()
        return form

    def _search(self, post: Post) -> str | None:
        scheduled = find_scheduled(post, self._api.scheduled())
        if scheduled is not None:
            return _ref(scheduled, is_scheduled=True)
        account = str(self._api.account()["id"])
        published = find_published(post, self._api.statuses(account))
        return _ref(published, is_scheduled=False) if published is not None else None

    def _present(self, ref: str) -> dict[str, Any] | None:
        """The status behind a reference. A schedule that ran has become another status."""
        kind, _, number = ref.partition(":")
        if kind == "status":
            return self._api.status(number)
        waiting = self._api.scheduled_status(number)
        return waiting if waiting is not None else self._published_since(ref)

    def _published_since(self, ref: str) -> dict[str, Any] | None:
        note = self._notes.by_ref(ref)
        if note is None or note.state is None:
            return None
        account = str(self._api.account()["id"])
        post = Post.model_validate(note.state)
        found = find_published(post, self._api.statuses(account))
        if found is not None:
            now_at = _ref(found, is_scheduled=False)
            self._notes.write(Note(note.target, note.permit, now_at, note.state), self._now())
        return found

    def _counts(self, target: str, query: MetricsQuery) -> list[Reading]:
        note = self._notes.read(target)
        status = self._present(note.ref) if note is not None else None
        if status is None or "favourites_count" not in status:
            return []
        values = {
            "engagements": sum(int(status.get(name, 0)) for name in _COUNTS),
            "comments": int(status.get("replies_count", 0)),
        }
        assert note is not None
        since = Post.model_validate(note.state).publish_at
        return [
            Reading(
                metric=metric,
                target=target,
                since=since,
                until=since + _LIFETIME,
                as_of=query.as_of,
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


def _length(post: Post, per_url: int) -> int:
    """Characters as Mastodon counts them: every link is as long as the server says."""
    text = caption(post)
    return len(text) - len(post.link) + per_url if post.link else len(text)


def _ref(status: dict[str, Any], *, is_scheduled: bool) -> str:
    return f"{'scheduled' if is_scheduled else 'status'}:{status['id']}"


def _intent(target: str) -> str:
    return f"intent/{target}"
