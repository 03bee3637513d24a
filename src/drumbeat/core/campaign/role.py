"""Roles: what a person of the workspace may do."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may do; a person may hold several."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    MANAGER = "manager"
    APPROVER_BRAND = "approver:brand"
    APPROVER_LEGAL = "approver:legal"
    APPROVER_BUDGET = "approver:budget"
    PERFORMANCE = "performance"
    ANALYST = "analyst"
    ENGINEERING = "engineering"
    ADMIN = "admin"
