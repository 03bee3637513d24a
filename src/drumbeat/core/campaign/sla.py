"""Service levels: how long each stage of a cycle may take before somebody is told."""

from datetime import timedelta

from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration


class Sla(Noun):
    """The promises of one campaign; the checklist wants planning, launch, detection and recovery.

    ``plan``: recommendation ready; ``approve``: draft answered; ``qa``: checked after asset lock;
    ``launch``: live after approval; ``detect``: alert after a critical anomaly; ``act``: proposal
    after a finding; ``recover``: normal again after an incident.
    """

    plan: Duration
    approve: Duration = timedelta(hours=24)
    qa: Duration = timedelta(hours=2)
    launch: Duration
    detect: Duration
    act: Duration = timedelta(hours=4)
    recover: Duration
