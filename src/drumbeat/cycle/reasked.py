"""Reasked: the cases the optimizer answered in a cycle, put to the optimizer of today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.cycle import case_book
from drumbeat.cycle.case_book import Answer
from drumbeat.cycle.desk import Desk


@dataclass(frozen=True)
class Otherwise:
    """A case of then that is answered otherwise today; ``between``: of money between campaigns."""

    at: datetime
    was: Answer
    would_be: Answer
    between: bool = False


@dataclass(frozen=True)
class Reasked:
    """How many kept cases were put again, and those that are answered otherwise."""

    cases: int = 0
    otherwise: tuple[Otherwise, ...] = ()


def reask(desk: Desk, connection: sa.Connection) -> Reasked:
    """Ask again with the figures and states of then; nothing is proposed and nothing is kept."""
    sight = desk.reading(desk.office.team.optimizer.role)
    if not sight.may(DataScope.READINGS):
        return Reasked()
    answers = [*_reviews(desk, connection), *_between(desk, connection)]
    return Reasked(len(answers), tuple(one for one in answers if one.was != one.would_be))


def _reviews(desk: Desk, connection: sa.Connection) -> Iterator[Otherwise]:
    optimizer = desk.office.team.optimizer
    for kept, case in case_book.reviews(connection, desk.cycle.id):
        again = case_book.answer_of(optimizer.improve(case))
        yield Otherwise(kept.at, kept.answer, again)


def _between(desk: Desk, connection: sa.Connection) -> Iterator[Otherwise]:
    """Looks at money between campaigns that this one was part of while the cycle ran."""
    optimizer, campaign = desk.office.team.optimizer, desk.campaign.campaign
    brief = desk.document("brief", Brief)
    for kept, campaigns in case_book.between(connection):
        is_part = campaign in {one.name for one in campaigns}
        if is_part and brief.occurrence_at <= kept.at < brief.ends_at:
            again = case_book.answer_of(optimizer.between_live(campaigns))
            yield Otherwise(kept.at, kept.answer, again, between=True)
