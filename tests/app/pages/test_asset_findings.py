"""An asset's page shows what the reviewer said of this very object."""

import pytest

from drumbeat.app.pages.assets import _findings
from drumbeat.core.campaign.finding import ReviewFinding, Severity


def _finding(subject: str, severity: Severity = Severity.WARN) -> ReviewFinding:
    return ReviewFinding(rule="r", severity=severity, subject=subject, text="too long")


@pytest.mark.parametrize(
    ("target", "subject", "is_shown"),
    [
        pytest.param("send:letter/cyc-1", "mail variant a text", True, id="a mail's part"),
        pytest.param("line_item:ads/warm", "line item warm red", True, id="an ad of the line"),
        pytest.param("line_item:ads/warm", "line item warmer red", False, id="another line"),
        pytest.param("post:soc/cyc-1/1", "post 1 on mastodon", True, id="this post"),
        pytest.param("post:soc/cyc-1/1", "post 12 on mastodon", False, id="another post"),
        pytest.param("post:soc/cyc-1/1", "the rules", True, id="what could not be asked"),
    ],
)
def test_a_finding_is_shown_where_it_belongs(target: str, subject: str, is_shown: bool) -> None:
    (shown,) = _findings(target, (_finding(subject),))
    assert shown.text.lower().startswith(subject) is is_shown


def test_whatever_was_found_is_no_pass() -> None:
    found = (_finding("mail variant a"), _finding("mail variant b", Severity.BLOCK))
    assert [one.is_passed for one in _findings("send:letter/cyc-1", found)] == [False, False]
