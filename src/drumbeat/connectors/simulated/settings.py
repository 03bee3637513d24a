"""Settings: what a connection to the simulated market says about itself, read from text."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import yaml
from pydantic import ValidationError

from drumbeat.connectors.simulated.market.fault import FaultRates
from drumbeat.connectors.simulated.market.scenario import Scenario, load
from drumbeat.core.governance.action import Channel
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment

CHANNELS = frozenset({Channel.EMAIL, Channel.ADS, Channel.SOCIAL})


class BadSetting(ValueError):
    """A setting of the simulated market that cannot be used: which, and what to write."""


class Settings(Noun):
    """``start`` None: the market opens at its first use. ``path`` is of the journal."""

    channels: frozenset[Channel]
    path: Path
    seed: int
    scenario: Scenario
    start: Moment | None
    secret: str
    faults: FaultRates


def read_settings(given: Mapping[str, str], home: Path) -> Settings:
    """The settings of a connection. Raises BadSetting."""
    seed = _number("seed", given.get("seed") or "7")
    return Settings(
        channels=_channels(given.get("channel", "")),
        path=(home / (given.get("file") or "world.db")).resolve(),
        seed=seed,
        scenario=_scenario(given.get("scenario", ""), home),
        start=_start(given.get("start", "")),
        secret=given.get("webhook_secret") or f"simulated-market-{seed}",
        faults=_faults(given.get("faults", "")),
    )


def _channels(text: str) -> frozenset[Channel]:
    if not text.strip():
        return CHANNELS
    names = {name.strip() for name in text.split(",")}
    unknown = names - {channel.value for channel in CHANNELS}
    if unknown:
        raise BadSetting(f"channel: {', '.join(sorted(unknown))}; write email, ads or social")
    return frozenset(Channel(name) for name in names)


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise BadSetting(f"{name}: expected a whole number, got {text!r}") from error


def _start(text: str) -> datetime | None:
    if not text:
        return None
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadSetting(f"start: expected a time such as 2026-03-02T00:00:00Z: {error}") from error
    if start.tzinfo is None:
        raise BadSetting(f"start: {text} has no time zone; add Z or an offset such as +01:00")
    return start


def _scenario(name: str, home: Path) -> Scenario:
    if not name:
        return Scenario()
    path = home / name
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("expected a mapping of fields such as `name: quiet`")
        return load(content)
    except (OSError, yaml.YAMLError, ValueError) as error:
        raise BadSetting(f"scenario: {path}: {error}") from error


def _faults(text: str) -> FaultRates:
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    try:
        return FaultRates.model_validate({name.strip(): value.strip() for name, _, value in pairs})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BadSetting(f"faults: {where}: {first['msg']}") from error
