"""Importing: history rows into the store, with one ledger line; all of a file or nothing."""

from pathlib import Path

from drumbeat.app.compose import App
from drumbeat.core.campaign.history import HistoryKind, HistorySummary
from drumbeat.files.history.parse import Import, read_history
from drumbeat.files.history.reader import ImportOptions
from drumbeat.store import history, ledger


def import_history(
    app: App, file: Path, kind: HistoryKind, options: ImportOptions, by: str
) -> Import:
    """Parse the whole export, then keep it in one transaction. Raises HistoryInvalid."""
    read = read_history(file, kind, options)
    source = f"{kind}/{file.name}"
    with app.database.write() as transaction:
        history.replace(transaction, source, read.rows)
        ledger.append(
            transaction,
            "imported",
            at=app.clock.now(),
            actor=f"person:{by}",
            subject=source,
            rows=read.summary.rows,
            measures={name: str(total) for name, total in read.summary.measures.items()},
            amounts={name: str(total) for name, total in read.summary.amounts.items()},
        )
    return read


def foreign_currency(app: App, summary: HistorySummary) -> str:
    """The currency of an import's amounts where no campaign counts in it, or "": plans leave such
    amounts out, since a cent of one currency is no cent of another."""
    counted = {campaign.currency for campaign in app.files.campaigns.values()}
    found = {amount.currency for amount in summary.amounts.values()}
    return next(iter(found - counted), "") if counted else ""
