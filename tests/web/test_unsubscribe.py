"""The way out of our mails: looking changes nothing, one post does it."""

import pytest

from tests.web.visitor import Visitor


@pytest.mark.parametrize(
    ("method", "path", "status", "says"),
    [
        pytest.param("GET", "/u/good", 200, "Stop these mails?", id="a-scanner-looks"),
        pytest.param("POST", "/u/good", 200, "You are unsubscribed", id="one-click"),
        pytest.param("POST", "/u/forged", 404, "not one of ours", id="forged"),
    ],
)
def test_the_link(nobody: Visitor, method: str, path: str, status: int, says: str) -> None:
    answer = nobody.send(method, path)
    assert answer.status_code == status
    assert says in answer.text
    assert "set-cookie" not in answer.headers
