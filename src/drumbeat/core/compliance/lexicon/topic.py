"""Topics: what the phrases of a lexicon are evidence of."""

from enum import StrEnum


class Topic(StrEnum):
    """One list of phrases in each language."""

    SUPERLATIVE = "superlative"
    HEALTH = "health"
    INCOME = "income"
    FREE = "free"
    FREE_EXEMPT = "free_exempt"
    CONDITION = "condition"
    GREEN = "green"
    ENDS_TODAY = "ends_today"
    ENDS_TOMORROW = "ends_tomorrow"
    ENDS_SOON = "ends_soon"
    FEW_LEFT = "few_left"
    WAS = "was"
    SHARE_OFF = "share_off"
    UNTIL = "until"
    CODE = "code"
    REPLY = "reply"
    TRANSACTION = "transaction"
    VAGUE_LINK = "vague_link"
    PAID = "paid"
    MACHINE_MADE = "machine_made"
    POLITICAL = "political"
    HOUSING = "housing"
    EMPLOYMENT = "employment"
    FINANCE = "finance"
    SENSITIVE = "sensitive"
    PRESSING = "pressing"
