"""Optimization: what the cycle's results ask for: a change, or a decision to hold."""

from drumbeat.cycle.desk import Desk
from drumbeat.cycle.step import Next, Step


def run(desk: Desk) -> Step:
    return Next()
