"""The week as a letter, sent from the command line over a real mail server."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.main import cli
from drumbeat.files.scaffold import init
from tests.connectors.smtp.mail_server import mail_server


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    init(tmp_path / "brand", date(2026, 9, 7))
    return tmp_path / "brand"


def send(workspace: Path) -> Result:
    return CliRunner().invoke(cli, ["report", "weekly", "--send", "-C", str(workspace)])


def test_without_a_mail_notifier_it_says_what_to_do(workspace: Path) -> None:
    refused = send(workspace)
    assert isinstance(refused.exception, Failure)
    assert refused.exception.code == Exit.NOT_FOUND
    assert "name a mail notifier in drumbeat.yaml" in str(refused.exception)


def test_everybody_gets_the_week_now(workspace: Path) -> None:
    with mail_server() as server:
        file = workspace / "drumbeat.yaml"
        more = (
            "\nnotifiers:\n  - id: mail\n    notifier: mail\n    settings: {host: 127.0.0.1, "
            f"port: {server.port}, sender: drumbeat@northbean.example, security: none}}\n"
        )
        file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
        told = send(workspace)
        assert told.exit_code == 0, told.output
        assert "sent to 7 of 7" in told.stderr
        assert len(server.taken) == 7
    mail = server.taken[0].mail
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
