"""Optimization: with the cycle's results in, the optimizer looks once more at the whole of it."""

from drumbeat.cycle.desk import Desk
from drumbeat.cycle.review import improve
from drumbeat.cycle.step import Next, Step


def run(desk: Desk) -> Step:
    """What runs on is reviewed daily while it is live; here mails and posts get their verdict."""
    improve(desk)
    return Next()
