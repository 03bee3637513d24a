from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.connectors.simulated.settings import CHANNELS, BadSetting, read_settings
from drumbeat.core.governance.action import Channel
from tests.connectors.simulated.market.pieces import START


def test_everything_has_a_default(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path)
    assert settings.path == (tmp_path / "world.db").resolve()
    assert (settings.channels, settings.seed, settings.start) == (CHANNELS, 7, None)
    assert settings.scenario.incidents == ()


def test_settings_are_read_from_text(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("subscribers: 900\n", encoding="utf-8")
    given = {
        "channel": "email, ads",
        "file": "market.db",
        "seed": "11",
        "start": "2026-03-02T00:00:00Z",
        "scenario": "s.yaml",
        "faults": "rate_limit=0.5, look_up_lag=10m",
    }
    settings = read_settings(given, tmp_path)
    assert settings.channels == {Channel.EMAIL, Channel.ADS}
    assert settings.path.name == "market.db"
    assert (settings.seed, settings.start) == (11, START)
    assert settings.scenario.subscribers == 900
    assert settings.faults.rate_limit == 0.5
    assert settings.faults.look_up_lag == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        pytest.param("channel", "fax", "write email, ads or social", id="unknown-channel"),
        pytest.param("seed", "lucky", "whole number", id="seed"),
        pytest.param("start", "soon", "2026-03-02T00:00:00Z", id="start"),
        pytest.param("start", "2026-03-02T00:00:00", "no time zone", id="naive-start"),
        pytest.param("scenario", "nowhere.yaml", "nowhere.yaml", id="no-file"),
        pytest.param("scenario", "broken.yaml", "broken.yaml", id="broken-file"),
        pytest.param("scenario", "wrong.yaml", "subscriber", id="wrong-field"),
        pytest.param("scenario", "list.yaml", "a mapping", id="not-a-mapping"),
        pytest.param("faults", "earthquake=1", "earthquake", id="unknown-fault"),
        pytest.param("faults", "rate_limit=2", "rate_limit", id="impossible-rate"),
    ],
)
def test_a_bad_setting_says_which_and_why(tmp_path: Path, name: str, text: str, why: str) -> None:
    (tmp_path / "broken.yaml").write_text("a: [", encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text("subscriber: 5", encoding="utf-8")
    (tmp_path / "list.yaml").write_text("- a", encoding="utf-8")
    with pytest.raises(BadSetting, match=why) as caught:
        read_settings({name: text}, tmp_path)
    assert str(caught.value).startswith(name)
