"""Who may decide: people in use, whatever their roles."""

import pytest

from drumbeat.core.governance.person import Account


@pytest.mark.parametrize(
    ("is_active", "is_agent", "may"),
    [
        pytest.param(True, False, True, id="a person in use"),
        pytest.param(False, False, False, id="who has left"),
        pytest.param(True, True, False, id="an agent"),
        pytest.param(False, True, False, id="an agent out of use"),
    ],
)
def test_only_people_in_use_decide(is_active: bool, is_agent: bool, may: bool) -> None:
    account = Account(
        id="a", person="a", roles=frozenset({"admin"}), is_active=is_active, is_agent=is_agent
    )
    assert account.may_decide is may
