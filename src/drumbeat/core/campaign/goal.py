"""Goal: the one metric a campaign exists for, and the figure it should reach."""

from drumbeat.core.campaign.metric import MetricName
from drumbeat.core.campaign.quantity import TargetText
from drumbeat.core.noun import Noun


class Goal(Noun):
    """What should rise, and how far: ``{metric: qualified_leads, target: 40/week}``."""

    metric: MetricName
    target: TargetText
