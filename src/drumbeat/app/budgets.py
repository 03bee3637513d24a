"""Budgets: every cap in force with what is promised under it and what platforms say was spent."""

from drumbeat.app.compose import App
from drumbeat.gate.exposure import Exposure, exposures


def budget_lines(app: App) -> tuple[Exposure, ...]:
    """Every cap that binds some campaign now, each once."""
    with app.database.read() as connection:
        lines = {
            line.scope: line
            for name in app.files.campaigns
            for line in exposures(app.gate.door, connection, name)
        }
    return tuple(lines.values())
