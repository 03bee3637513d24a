"""Accepting an answer: one function, and every way of answering wrongly refused by it."""

from datetime import timedelta
from typing import Any

import pytest

from drumbeat.core.governance.approval import Accepted, Answer, Approval, Refused, accept
from drumbeat.core.governance.matrix import Risk
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.verdict import ApprovalNeed
from tests.core.governance import desk

POLICY = "policy-1"
JON = Account(id="jon", person="jon", roles=frozenset({"performance"}))
JON_TWO = Account(id="jon-two", person="jon", roles=frozenset({"performance", "manager"}))
DANA = Account(id="dana", person="dana", roles=frozenset({"manager"}))
VIC = Account(id="vic", person="vic", roles=frozenset({"viewer"}))
BOT = Account(id="bot", person="bot", roles=frozenset({"performance"}), is_agent=True)
GONE = Account(id="gone", person="gone", roles=frozenset({"performance"}), is_active=False)
TWO = ApprovalNeed(roles=("performance", "manager"), count=2)
ONE = ApprovalNeed(roles=("performance",), count=1)
ASKED = desk.proposal()
RIGHT = ASKED.fingerprint


def given(by: Account, **changes: Any) -> Approval:
    fields = {
        "id": f"appr-{by.id}",
        "proposal": ASKED.id,
        "fingerprint": RIGHT,
        "policy": POLICY,
        "account": by.id,
        "person": by.person,
        "role": "performance",
        "at": desk.NOW,
        "expires_at": desk.NOW + timedelta(hours=72),
    }
    return Approval.model_validate({**fields, **changes})


def answer(
    account: Account | None, fingerprint: str = RIGHT, *, is_fresh: bool = True, **changes: Any
) -> Any:
    options = {
        "proposal": ASKED,
        "need": ONE,
        "given": (),
        "is_waiting": True,
        "policy": POLICY,
        "now": desk.NOW,
        **changes,
    }
    return accept(Answer(account, fingerprint, is_fresh), **options)


@pytest.mark.parametrize(
    ("account", "changes", "why"),
    [
        pytest.param(None, {}, "nobody with that name", id="unknown"),
        pytest.param(BOT, {}, "an agent cannot approve", id="agent"),
        pytest.param(GONE, {}, "disabled", id="former approver"),
        pytest.param(VIC, {}, "needs one of these roles: performance", id="no role"),
        pytest.param(DANA, {}, "needs one of these roles", id="another role"),
        pytest.param(JON, {"fingerprint": "old"}, "changed since you looked", id="stale"),
        pytest.param(JON, {"is_waiting": False}, "not waiting", id="replay"),
        pytest.param(JON, {"now": ASKED.expires_at}, "expired", id="expired"),
        pytest.param(JON, {"proposer_person": "jon"}, "proposer or editor", id="self"),
        pytest.param(
            JON_TWO, {"proposer_person": "jon"}, "proposer or editor", id="second account"
        ),
        pytest.param(
            JON, {"proposal": desk.proposal(editor="jon")}, "proposer or editor", id="editor"
        ),
        pytest.param(JON, {"need": TWO, "given": (given(JON),)}, "already", id="twice"),
        pytest.param(
            JON_TWO, {"need": TWO, "given": (given(JON),)}, "already", id="twice, two accounts"
        ),
    ],
)
def test_a_wrong_answer_is_refused(
    account: Account | None, changes: dict[str, Any], why: str
) -> None:
    said = answer(account, **changes)
    assert isinstance(said, Refused)
    assert why in said.why


@pytest.mark.parametrize(
    ("account", "changes", "role", "complete"),
    [
        pytest.param(JON, {}, "performance", True, id="one is enough"),
        pytest.param(JON, {"need": TWO}, "performance", False, id="first of two"),
        pytest.param(DANA, {"need": TWO, "given": (given(JON),)}, "manager", True, id="second"),
        pytest.param(
            DANA,
            {"need": TWO, "given": (given(JON, policy="policy-0"),)},
            "manager",
            False,
            id="an approval under another policy does not count",
        ),
        pytest.param(
            DANA,
            {"need": TWO, "given": (given(JON, fingerprint="old"),)},
            "manager",
            False,
            id="an approval of other content does not count",
        ),
        pytest.param(
            DANA,
            {"need": TWO, "given": (given(JON, expires_at=desk.NOW),)},
            "manager",
            False,
            id="an expired approval does not count",
        ),
        pytest.param(JON_TWO, {"need": TWO}, "performance", False, id="the first role that fits"),
    ],
)
def test_a_right_answer_counts_once_for_one_person(
    account: Account, changes: dict[str, Any], role: str, complete: bool
) -> None:
    assert answer(account, **changes) == Accepted(role, complete)


def test_no_way_of_answering_makes_one_person_two() -> None:
    """Every pair of accounts answers a two-person need; only two people complete it."""
    accounts = (JON, JON_TWO, DANA, VIC, BOT, GONE)
    need = ApprovalNeed(roles=("performance", "manager", "viewer"), count=2)
    done = [
        {first.person, second.person}
        for first in accounts
        for second in accounts
        if answer(second, need=need, given=(given(first),)) == Accepted("performance", True)
        or answer(second, need=need, given=(given(first),)) == Accepted("manager", True)
        or answer(second, need=need, given=(given(first),)) == Accepted("viewer", True)
    ]
    assert done
    assert all(len(people) == 2 for people in done)


@pytest.mark.parametrize("risk", Risk)
@pytest.mark.parametrize("is_fresh", [True, False])
def test_only_high_risk_takes_a_fresh_proof(risk: Risk, is_fresh: bool) -> None:
    said = answer(JON, risk=risk, is_fresh=is_fresh)
    assert isinstance(said, Refused) is (risk is Risk.HIGH and not is_fresh)
    assert getattr(said, "needs_proof", False) is isinstance(said, Refused)


def test_nothing_but_the_proof_is_asked_of_whom_an_answer_would_not_count() -> None:
    assert not answer(VIC, risk=Risk.HIGH, is_fresh=False).needs_proof
