"""`drumbeat experiment`: from a sample size to a sealed registration and its readout."""

import click

from drumbeat.cli.lazy import LazyGroup

COMMANDS = {
    "size": ("experiment.size", "How many units a test needs"),
    "analyze": ("experiment.analyze", "Read a test from a CSV, its split checked first"),
    "list": ("experiment.listing", "The hypotheses, best first, and the registered tests"),
    "show": ("experiment.listing", "One hypothesis or registered test in full"),
    "register": ("experiment.register", "Seal a test before it starts"),
    "stop": ("experiment.register", "End a registered test early"),
}


@click.group("experiment", cls=LazyGroup, lazy=COMMANDS)
def experiment_command() -> None:
    """Plan, register and read experiments."""
