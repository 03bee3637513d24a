"""Program: the posts on the networks as columns, worked out again when one changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Flags, Floats, Hashes, Ints
from drumbeat.connectors.simulated.market.chance import units
from drumbeat.connectors.simulated.market.ground import Ground
from drumbeat.connectors.simulated.market.luck import Luck
from drumbeat.connectors.simulated.market.names import Names
from drumbeat.connectors.simulated.market.order import Reply
from drumbeat.connectors.simulated.market.shelf import Shelf
from drumbeat.core.campaign.objects import Post


@dataclass(frozen=True)
class Network:
    """How fast attention halves (hours), how it follows the day, and what weekends keep of it."""

    half_life: float
    evenness: float
    weekend: float


_NETWORKS = {
    "mastodon": Network(5.0, 0.7, 1.0),
    "linkedin": Network(20.0, 1.1, 0.45),
    "instagram": Network(12.0, 0.9, 1.1),
}
LANES = 7  # random numbers a post needs each hour
_OTHER = Network(10.0, 0.9, 0.9)


@dataclass(frozen=True)
class Program:
    """Columns over posts. ``row`` is a post's permanent number, ``network`` its network's."""

    targets: list[str]
    posts: list[Post]
    row: Ints
    due: Ints
    network: Ints
    boost: Ints
    topic: Floats
    liking: Floats
    answered: Flags
    half_life: Floats
    evenness: Floats
    weekend: Floats
    unit: Hashes
    luck: Luck

    def chosen(self, flags: Flags) -> Program:
        """Only the posts that are flagged."""
        picked = np.flatnonzero(flags)
        columns = {
            name: value[picked]
            for name, value in vars(self).items()
            if isinstance(value, np.ndarray)
        }
        targets = [self.targets[index] for index in picked]
        posts = [self.posts[index] for index in picked]
        return Program(targets=targets, posts=posts, luck=self.luck, **columns)


def compile_program(shelf: Shelf, names: Names, ground: Ground) -> Program:
    """The columns of every post on the shelf, in order of their names."""
    kept = shelf.of(Post)
    targets = list(kept)
    posts = [cast(Post, k.object) for k in kept.values()]
    networks = list(ground.scenario.networks)
    behavior = [_NETWORKS.get(post.network, _OTHER) for post in posts]
    replies = (cast(Reply, k.object).post for k in shelf.of(Reply).values())
    answered = frozenset(replies)
    return Program(
        targets=targets,
        posts=posts,
        row=np.array([names.number(target) for target in targets], dtype=np.int64),
        due=np.array([k.due for k in kept.values()], dtype=np.int64),
        network=np.array([networks.index(post.network) for post in posts], dtype=np.int64),
        boost=np.array([post.boost_minor for post in posts], dtype=np.int64),
        topic=np.exp([ground.taste.appeal("topic", p.topic, p.network) for p in posts]),
        liking=np.exp([_liking(post, ground) for post in posts]),
        answered=np.array([target in answered for target in targets], dtype=np.bool_),
        half_life=np.array([b.half_life for b in behavior]),
        evenness=np.array([b.evenness for b in behavior]),
        weekend=np.array([b.weekend for b in behavior]),
        unit=units(targets),
        luck=Luck(ground.chance, "post", units(targets), LANES),
    )


def _liking(post: Post, ground: Ground) -> float:
    """Log shift of how an impression turns into reactions and clicks."""
    taste, network = ground.taste, post.network
    return (
        taste.appeal("hook", post.hook, network)
        + taste.appeal("format", post.format, network)
        + 0.5 * taste.appeal("topic", post.topic, network)
    )
