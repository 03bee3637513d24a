"""What a hold-out measures is what the market knows to be true."""

from drumbeat.connectors.simulated.market.sales import Source
from drumbeat.connectors.simulated.market.truth import Truth
from drumbeat.connectors.simulated.market.world import World
from drumbeat.core.experiments.holdout import Treatment
from drumbeat.core.experiments.incremental import incremental
from drumbeat.core.operations.reading import Reading
from tests.connectors.simulated.market.pieces import DAY, HOUR, START, WEEK, send, variant, world

WEEKS = 8
END = START + (WEEKS + 1) * WEEK
ARMS = [variant("a", 0.8), variant("usual", 0.2, style="direct")]


def readings(market: World) -> list[Reading]:
    """Each mail's week by arm, as the platform and the shop report it."""
    found = []
    for week in range(WEEKS):
        target, since = f"send:news/{week}", START + week * WEEK + DAY
        for one in market.figures(target, since, since + WEEK, END) or []:
            reading = Reading(metric=one.metric, target=target, since=since, until=since + WEEK,
                              as_of=END, value=one.value, source="test",
                              dimensions=dict(one.dimensions))  # fmt: skip
            found.append(reading)
    return found


def test_the_lift_against_nothing_covers_the_hidden_truth() -> None:
    orders = {
        f"send:news/{week}": send(
            START + week * WEEK + DAY + 8 * HOUR, variants=ARMS, hold_out=0.3, usual="usual"
        )
        for week in range(WEEKS)
    }
    market = world(orders, subscribers=30_000, list_growth_per_week="0%")
    market.advance(END)
    found = incremental(readings(market))
    lift = next(one for one in found if one.against is Treatment.NOTHING)
    assert lift.total is not None
    low, mean, high = lift.total
    truly, _ = Truth(market).incremental(Source.EMAIL, START, END)
    # The truth counts what both mails brought; four fifths of those mailed got the agent's.
    assert lift.is_known
    assert low <= 0.8 * truly <= high
    assert mean > 0
