"""Rights: what a route asks of the person, and which roles have it. What is not named is denied.

This is the outer fence: whether one person may answer one proposal is the gate's judgement.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from drumbeat.core.campaign.workspace import Role

_MARK = "__drumbeat_right__"
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


class Right(StrEnum):
    """``PUBLIC`` asks for nobody; every other right asks for a signed-in person."""

    PUBLIC = "public"
    SEE = "see"
    ANSWER = "answer"
    COMMENT = "comment"
    FREEZE = "freeze"
    OPERATE = "operate"
    PROPOSE_RULES = "propose rules"
    EXPERIMENT = "experiment"
    SHARE = "share"
    STEER_DEMO = "steer demo"


_EVERYONE = frozenset(Role)
_ANSWERING = frozenset(
    {
        Role.APPROVER_BRAND,
        Role.APPROVER_LEGAL,
        Role.APPROVER_BUDGET,
        Role.MANAGER,
        Role.PERFORMANCE,
        Role.ANALYST,
        Role.ENGINEERING,
    }
)
# Anyone may freeze: stopping must never wait for the right person. An administrator may not
# approve by virtue of being one.
HOLDERS: dict[Right, frozenset[Role]] = {
    Right.SEE: _EVERYONE,
    Right.ANSWER: _ANSWERING,
    Right.COMMENT: _EVERYONE - {Role.VIEWER},
    Right.FREEZE: _EVERYONE,
    Right.OPERATE: frozenset({Role.OPERATOR, Role.MANAGER}),
    Right.EXPERIMENT: frozenset({Role.OPERATOR, Role.MANAGER, Role.ANALYST, Role.PERFORMANCE}),
    # To ask, not to decide: whoever runs the installation may propose another rule.
    Right.PROPOSE_RULES: frozenset({Role.ADMIN, Role.OPERATOR, Role.MANAGER}),
    # To show outside what nobody has approved yet: for those who answer for it.
    Right.SHARE: frozenset({Role.OPERATOR, Role.MANAGER, Role.APPROVER_BRAND}),
    Right.STEER_DEMO: _EVERYONE,
}


def needs(right: Right) -> Callable[[_Endpoint], _Endpoint]:
    """Mark an endpoint with the right it asks for."""

    def mark(endpoint: _Endpoint) -> _Endpoint:
        setattr(endpoint, _MARK, right)
        return endpoint

    return mark


def right_of(endpoint: Callable[..., Any]) -> Right | None:
    """The right an endpoint asks for; None where its author named none."""
    return getattr(endpoint, _MARK, None)


def holds(roles: frozenset[str], right: Right | None) -> bool:
    """Whether any of the roles has the right. A route without a right is nobody's."""
    if right is None:
        return False
    return right is Right.PUBLIC or not HOLDERS[right].isdisjoint(roles)
