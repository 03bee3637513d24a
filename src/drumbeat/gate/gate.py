"""Gate: the one door to the outside world, as one object with a handful of verbs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from drumbeat.connectors.contract import Capability
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import Hold, HoldMode, Scope
from drumbeat.core.governance.proposal import Proposal
from drumbeat.gate import (
    answer,
    by_chat,
    by_link,
    delegate,
    dispatch,
    edit,
    erase,
    hold,
    in_hand,
    notify,
    receive,
    rollback,
    submit,
    thaw,
    undo,
)
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.delegate import Delegated
from drumbeat.gate.door import Door
from drumbeat.gate.receive import NotReceived, Received
from drumbeat.gate.rollback import Step, Undo
from drumbeat.store.proposals import Judged


class Gate:
    """Everything that changes the outside, or what agents may do, passes here."""

    def __init__(self, door: Door) -> None:
        self.door = door

    def submit(self, proposal: Proposal) -> Judged:
        """Judge a proposal; allowed, it is put on its way. Repeating it changes nothing."""
        return submit.submit(self.door, proposal)

    def submit_all(self, wanted: Sequence[Proposal]) -> list[Judged]:
        """Judge several proposals, each on its own; what was answered before stands."""
        return submit.submit_all(self.door, wanted)

    def approve(
        self,
        proposal_id: str,
        account: str,
        fingerprint: str,
        reason: str = "",
        via: str = "",
        *,
        is_fresh: bool = False,
    ) -> Answered | NotAnswered:
        """A person agrees to exactly what ``fingerprint`` names; see ``gate.answer``."""
        return answer.approve(
            self.door, proposal_id, account, fingerprint, reason, via, is_fresh=is_fresh
        )

    def reject(
        self,
        proposal_id: str,
        account: str,
        reason: str,
        code: str = "other",
        via: str = "",
        *,
        fingerprint: str = "",
    ) -> Answered | NotAnswered:
        """A person says no, and why."""
        return answer.reject(
            self.door, proposal_id, account, reason, code, via, fingerprint=fingerprint
        )

    def open_link(self, token: str) -> by_link.Opened | by_link.Spoilt:
        """What a link in a mail is about, and for whom; looking changes nothing."""
        return by_link.open_link(self.door, token)

    def answer_link(
        self, token: str, word: by_link.Word, reason: str, code: str = "other"
    ) -> Answered | NotAnswered | in_hand.Outcome:
        """The person a link was sent to approves, rejects or takes in hand; once."""
        return by_link.answer_link(self.door, token, word, reason, code)

    def answer_chat(
        self, chat: str, body: bytes, headers: Mapping[str, str]
    ) -> Answered | NotAnswered | by_chat.Repeated | by_chat.Untrusted:
        """A chat's bot passes on what one of its users answered; signed, fresh, once."""
        return by_chat.answer_chat(self.door, chat, body, headers)

    def undo(
        self, proposal_id: str, account: str, reason: str = "", via: str = ""
    ) -> Answered | NotAnswered:
        """Who approved takes it back before it takes effect; the decision waits again."""
        return undo.undo(self.door, proposal_id, account, reason, via)

    def delegate(
        self,
        account: str,
        to: str,
        reason: str,
        *,
        proposal_id: str = "",
        until: datetime | None = None,
        via: str = "",
        is_fresh: bool = False,
    ) -> Delegated | NotAnswered:
        """A person lends another their say, in one decision or for a while."""
        return delegate.delegate(
            self.door,
            account,
            to,
            reason,
            proposal_id=proposal_id,
            until=until,
            via=via,
            is_fresh=is_fresh,
        )

    def end_delegation(self, account: str, to: str, proposal_id: str = "") -> int:
        """Take back what one lent; returns how many delegations ended."""
        return delegate.take_back(self.door, account, to, proposal_id)

    def edit(
        self, proposal_id: str, account: str, action: Action, reason: str, code: str = "other"
    ) -> Judged | NotAnswered:
        """A person changes what waits; another person judges the edited change."""
        return edit.edit(self.door, proposal_id, account, action, reason, code)

    def pump(self) -> datetime | None:
        """Carry out what is due; returns when the next effect will be."""
        return dispatch.pump(self.door)

    def hold(
        self, mode: HoldMode, scope: Scope, by: Actor, reason: str, code: str = "other"
    ) -> Hold:
        """Freeze or observe a scope. Raises HoldRefused."""
        return hold.hold(self.door, mode, scope, by, reason, code)

    def lift(
        self, mode: HoldMode, scope: Scope, by: Actor, reason: str, *, is_fresh: bool = False
    ) -> int:
        """End a hold. Raises HoldRefused; ending a freeze takes a fresh proof (ProofNeeded)."""
        return thaw.lift(self.door, mode, scope, by, reason, is_fresh=is_fresh)

    def notify_due(self) -> datetime | None:
        """Send people what is due outside their inbox; returns when there will be more."""
        return notify.send_due(self.door)

    def acknowledge(self, escalation_id: str, account: str) -> in_hand.Outcome:
        """A person takes an escalation in hand; it is not resolved by that."""
        return in_hand.acknowledge(self.door, escalation_id, account)

    def resolve(
        self, escalation_id: str, account: str, reason: str, *, group: bool = False
    ) -> in_hand.Outcome:
        """A person says that it is over, and why."""
        return in_hand.resolve(self.door, escalation_id, account, reason, group=group)

    def snooze(
        self, escalation_id: str, account: str, until: datetime, reason: str
    ) -> in_hand.Outcome:
        """A person puts an escalation off, not for ever."""
        return in_hand.snooze(self.door, escalation_id, account, until, reason)

    def silence(
        self, account: str, matchers: dict[str, str], lasts: timedelta, reason: str
    ) -> in_hand.Outcome:
        """A person asks that nobody be called about what matches, for a while."""
        return in_hand.silence(self.door, account, matchers, lasts, reason)

    def note_incident(self, incident_id: str, account: str, text: str) -> in_hand.Outcome:
        """A person adds to the story of an incident."""
        return in_hand.add_note(self.door, incident_id, account, text)

    def can_schedule(self, connection: str) -> bool:
        """Whether the platform itself keeps a change until its moment."""
        platform = self.door.platforms.get(connection)
        return platform is not None and Capability.SCHEDULE in platform.capabilities

    def abilities(self, connection: str) -> frozenset[str]:
        """What a connection can do; nothing where there is none of the name."""
        platform = self.door.platforms.get(connection)
        return frozenset(map(str, platform.capabilities)) if platform else frozenset()

    def plan_rollback(self, proposal_id: str) -> Step | None:
        """What taking a decision back would do; None when there is no such decision."""
        return rollback.plan(self.door, proposal_id)

    def plan_rollback_to(self, campaign: str, point: datetime) -> list[Step]:
        """The steps that take a campaign back to a moment, the newest change first."""
        return rollback.plan_to(self.door, campaign, point)

    def plan_rollback_last(self, campaign: str) -> Step | None:
        """What taking the campaign's last change back would do."""
        return rollback.plan_last(self.door, campaign)

    def roll_back(self, step: Undo, by: Actor, reason: str, code: str = "wrong") -> Judged:
        """Take one decision back, through the gate."""
        return rollback.roll_back(self.door, step, by, reason, code)

    def receive(
        self, connection: str, body: bytes, headers: Mapping[str, str]
    ) -> Received | NotReceived:
        """Take in a platform's signed events."""
        return receive.receive(self.door, connection, body, headers)

    def erase_guest(
        self, share_id: str, account: str, reason: str, called: str = ""
    ) -> erase.GuestErased | erase.NotErased:
        """A guest who looked by a link asked to be forgotten; it cannot be taken back."""
        return erase.erase_guest(self.door, share_id, account, reason, called)

    def erase(self, address: str, account: str, reason: str) -> erase.Erased | erase.NotErased:
        """A contact asked to be forgotten; it cannot be taken back."""
        return erase.erase(self.door, address, account, reason)

    def opt_out(self, token: str) -> bool:
        """A reader stops our mails by the signed link in one of them."""
        return receive.opt_out(self.door, token)
