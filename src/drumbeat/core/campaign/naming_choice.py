"""Naming choice: a campaign's part of the names its objects get."""

from drumbeat.core.campaign.text import Slug
from drumbeat.core.noun import Noun


class NamingChoice(Noun):
    """A campaign's part: which rule names its objects, and the values only it knows."""

    rule: Slug = "standard"
    region: Slug
