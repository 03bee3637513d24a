"""People and connections of a workspace."""

from typing import Any

import pytest
from pydantic import ValidationError

from drumbeat.core.campaign.role import Role
from drumbeat.core.campaign.workspace import Connection, Workspace
from drumbeat.core.governance.phase import ConnectionMode

WRITTEN: dict[str, Any] = {
    "version": 1,
    "brand": {
        "name": "Northbean",
        "sender": {"name": "Ana", "email": "ana@northbean.example"},
        "postal_address": "Lehrter Straße 17, Berlin",
        "domains": ["northbean.example"],
        "website": "https://northbean.example",
        "languages": ["en"],
    },
    "currency": "EUR",
    "timezone": "Europe/Berlin",
    "people": [
        {"id": "ana", "name": "Ana", "email": "Ana@northbean.example", "roles": ["operator"]},
        {
            "id": "ana-phone",
            "name": "Ana",
            "email": "ana.phone@northbean.example",
            "roles": ["manager"],
            "person": "ana",
        },
        {
            "id": "bot",
            "name": "Robot",
            "email": "bot@northbean.example",
            "roles": ["operator"],
            "agent": True,
        },
    ],
    "connections": [{"id": "house-mail", "connector": "simulated"}],
}


@pytest.mark.parametrize(
    "reference", ["ana", "Ana", "ana@northbean.example", "ANA@Northbean.example"]
)
def test_a_person_is_found_by_id_or_address(reference: str) -> None:
    found = Workspace.model_validate(WRITTEN).person(reference)
    assert found is not None
    assert found.id == "ana"


def test_nobody_is_found_by_a_name_nobody_has() -> None:
    assert Workspace.model_validate(WRITTEN).person("dana") is None


def test_two_accounts_of_one_human_are_one_human() -> None:
    workspace = Workspace.model_validate(WRITTEN)
    assert [person.human for person in workspace.people] == ["ana", "ana", "bot"]


def test_agents_hold_no_role_that_people_are_asked_by() -> None:
    workspace = Workspace.model_validate(WRITTEN)
    assert [person.id for person in workspace.with_role(Role.OPERATOR)] == ["ana"]


def test_a_file_makes_no_real_account_live() -> None:
    with pytest.raises(ValidationError, match="decision of its own"):
        Connection(id="post", connector="smtp", mode=ConnectionMode.LIVE)
    assert Connection(id="market", connector="simulated", mode=ConnectionMode.LIVE).mode == "live"


def test_a_connection_starts_in_shadow() -> None:
    connection = Workspace.model_validate(WRITTEN).connection("house-mail")
    assert connection is not None
    assert connection.mode is ConnectionMode.SHADOW
    assert Workspace.model_validate(WRITTEN).connection("other") is None


@pytest.mark.parametrize("key", ["password", "api_key", "accessToken", "client_secret"])
def test_a_secret_is_never_written_in_settings(key: str) -> None:
    with pytest.raises(ValidationError, match="looks like a secret"):
        Connection.model_validate({"id": "mail", "connector": "smtp", "settings": {key: "hunter2"}})


def test_a_secret_names_an_environment_variable() -> None:
    written = {"id": "mail", "connector": "smtp", "secrets": {"password": "SMTP_PASSWORD"}}
    assert Connection.model_validate(written).secrets == {"password": "SMTP_PASSWORD"}
    with pytest.raises(ValidationError, match="environment variable"):
        Connection.model_validate(written | {"secrets": {"password": "hunter2"}})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param({"currency": "Euro"}, "currency code", id="currency"),
        pytest.param({"timezone": "Berlin"}, "time zone", id="zone"),
        pytest.param({"people": []}, "at least 1", id="nobody"),
        pytest.param({"version": 2}, "1", id="version"),
        pytest.param({"data_permissions": {"planner": ["mail"]}}, "no data scope", id="scope"),
    ],
)
def test_a_workspace_that_cannot_work_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Workspace.model_validate(WRITTEN | changed)


def test_a_workspace_survives_being_written_and_read() -> None:
    workspace = Workspace.model_validate(WRITTEN)
    assert Workspace.model_validate_json(workspace.model_dump_json()) == workspace
